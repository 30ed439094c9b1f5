using System.Globalization;
using System.Text;
using Conformance.Harness.Fuzzing;
using Conformance.Harness.Generation.Programs;

namespace Conformance.Cli.Output;

/// <summary>What a campaign tells its reader.</summary>
internal static class FuzzOutput
{
    private const int CausesShown = 20;

    /// <summary>One finding, when it is made.</summary>
    public static void Write(Finding finding, string? path, Terminal terminal)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{(finding.IsFailure ? "DIFFERENT" : "gap")}  {finding.Kind} of seed {finding.Seed}: {finding.Summary}\n"
        );
        foreach (var line in finding.Text.Split('\n'))
        {
            text.Append("    ").Append(line).Append('\n');
        }

        if (path is not null)
        {
            text.Append("    saved: ").Append(path).Append('\n');
        }

        terminal.Out.Write(text);
    }

    /// <summary>The counts of a machine that was tried alone.</summary>
    public static void Write(SoundnessCounts counts, Terminal terminal)
    {
        terminal.Out.WriteLine(
            $"programs: {counts.Programs}, {counts.Problems} that trapped after they were accepted or broke the machine"
        );
        terminal.Out.WriteLine(
            $"  accepted: {Share(counts.Accepted, counts.Programs)}; of those not mutated {Share(counts.WholeAccepted, counts.Whole)}"
        );
        terminal.Out.WriteLine($"  runs: {counts.Runs}, {counts.Exhausted} of them ended by the budget");
        terminal.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  longest verification: {counts.Slowest.Took.TotalMilliseconds:F0} ms (seed {counts.Slowest.Seed})"
            )
        );
    }

    /// <summary>The counts, at the end.</summary>
    public static void Write(FuzzStatistics statistics, MachinePair machines, Terminal terminal)
    {
        var output = terminal.Out;
        if (statistics.Sequences > 0)
        {
            output.WriteLine(
                $"sequences: {statistics.Sequences}, {statistics.SequenceFailures} different; {statistics.Operations} operations; {statistics.CutShort} ended early at what a machine does not offer"
            );
        }

        if (statistics.Programs > 0)
        {
            WritePrograms(statistics, machines, output);
        }

        var causes = statistics.Causes;
        foreach (var (cause, count, seeds) in causes.Take(CausesShown))
        {
            output.WriteLine($"  {count, 7}  {cause}  (seeds {string.Join(", ", seeds)})");
        }

        if (causes.Count > CausesShown)
        {
            output.WriteLine($"  and {causes.Count - CausesShown} more causes");
        }
    }

    private static void WritePrograms(FuzzStatistics statistics, MachinePair machines, TextWriter output)
    {
        var total = statistics.Programs;
        var explained = statistics.Explained.Values.Sum();
        output.WriteLine($"programs: {total}, {statistics.ProgramProblems} with a different result");
        output.WriteLine(
            $"  accepted: {Share(statistics.AcceptedByFirst, total)} by {machines.FirstName}, {Share(statistics.AcceptedBySecond, total)} by {machines.SecondName}"
        );
        output.WriteLine(
            $"  same verdict: {Share(statistics.SameVerdict, total)}; explained {explained}; only {machines.SecondName} accepts (gap) {statistics.Gaps}; only {machines.FirstName} accepts {statistics.Unsound}"
        );
        output.WriteLine(
            $"  refused by both: {statistics.BothRefused}, at the same instruction {Share(statistics.SameInstruction, statistics.BothRefused)}, with the same errno and message {Share(statistics.SameMessage, statistics.BothRefused)}"
        );
        output.WriteLine(
            $"  run on both: {statistics.Runs(RunComparison.Same)} same, {statistics.Runs(RunComparison.Different)} different; not comparable: {statistics.Runs(RunComparison.Undetermined)} undetermined, {statistics.Runs(RunComparison.TooLong)} too long"
        );
        output.WriteLine("  agreement by feature:");
        foreach (var (feature, agreement) in statistics.Features)
        {
            output.WriteLine(
                $"    {Name(feature), -17} {agreement.Programs, 8}  {Share(agreement.Agreed, agreement.Programs)}"
            );
        }

        foreach (var (reason, count) in statistics.Explained)
        {
            output.WriteLine($"  explained {count}: {reason}");
        }
    }

    private static string Name(ProgramFeatures feature) =>
        feature == ProgramFeatures.VariableOffsets ? "variable offsets" : $"{feature}".ToLowerInvariant();

    private static string Share(long part, long whole) =>
        whole == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{part} ({100.0 * part / whole:F2} %)");
}
