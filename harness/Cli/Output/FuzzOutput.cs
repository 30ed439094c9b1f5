using System.Globalization;
using System.Text;
using Conformance.Harness.Fuzzing;
using Conformance.Harness.Generation.Programs;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Cli.Output;

/// <summary>What a campaign tells its reader.</summary>
internal static class FuzzOutput
{
    private const int CausesShown = 20;
    private const int AttachTypesShown = 3;

    private static readonly int AttachTypes = ProgramTypes
        .All.Where(info => info.IsCgroupType)
        .Sum(info => info.AttachTypes.Count);

    /// <summary>One finding, when it is made.</summary>
    public static void Write(Finding finding, string? path, Terminal terminal)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"{Label(finding.Weight)}  {finding.Kind} of seed {finding.Seed}: {finding.Summary}\n"
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
    /// <param name="counts">The counts.</param>
    /// <param name="terminal">Where to.</param>
    /// <param name="verbose">Whether lists are printed whole, however long they are.</param>
    public static void Write(SoundnessStatistics counts, Terminal terminal, bool verbose)
    {
        var output = terminal.Out;
        output.WriteLine(
            $"programs: {counts.Programs}, {counts.Trapped.Total} trapped after they were accepted, {counts.Broken.Total} broke the machine"
        );
        output.WriteLine(
            $"  accepted: {Share(counts.Accepted, counts.Programs)}; of those not mutated {Share(counts.WholeAccepted, counts.Whole)}"
        );
        output.WriteLine($"  runs: {counts.Runs}, {counts.Exhausted} of them ended by the budget");
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  longest verification: {counts.Slowest.Took.TotalMilliseconds:F0} ms (seed {counts.Slowest.Seed})"
            )
        );
        Write("accepted, and then trapped", counts.Trapped, output, verbose);
        Write("broke the machine", counts.Broken, output, verbose);
    }

    /// <summary>The counts of sequences on two machines; nothing where none was tried.</summary>
    public static void Write(SequenceStatistics counts, Terminal terminal, bool verbose)
    {
        if (counts.Sequences > 0)
        {
            terminal.Out.WriteLine(
                $"sequences: {counts.Sequences}, {counts.Differences.Total} different; {counts.Operations} operations; {counts.CutShort} ended early at what a machine does not offer"
            );
            Write("different", counts.Differences, terminal.Out, verbose);
        }
    }

    /// <summary>The counts of programs on two machines; nothing where none was tried.</summary>
    public static void Write(ProgramStatistics counts, MachinePair machines, Terminal terminal, bool verbose)
    {
        var (output, total) = (terminal.Out, counts.Programs);
        if (total == 0)
        {
            return;
        }

        output.WriteLine(
            $"programs: {total}, {counts.ProblemsOf(ProgramProblemKind.DifferentResult)} with a different result, {counts.ProblemsOf(ProgramProblemKind.Trapped)} trapped after they were accepted, {counts.ProblemsOf(ProgramProblemKind.Broken)} broke a machine"
        );
        output.WriteLine(
            $"  accepted: {Share(counts.AcceptedByFirst, total)} by {machines.FirstName}, {Share(counts.AcceptedBySecond, total)} by {machines.SecondName}"
        );
        output.WriteLine(
            $"  same verdict: {Share(counts.SameVerdict, total)}; explained {counts.Explained.Values.Sum()}; only {machines.SecondName} accepts (gap) {counts.Gaps.Total}; only {machines.FirstName} accepts {counts.Unsound.Total}"
        );
        output.WriteLine(
            $"  refused by both: {counts.BothRefused}, at the same instruction {Share(counts.SameInstruction, counts.BothRefused)}, with the same errno and message {Share(counts.SameMessage, counts.BothRefused)}"
        );
        output.WriteLine(
            $"  run on both: {counts.Runs(RunComparison.Same)} same, {counts.Runs(RunComparison.Different)} different, {counts.Runs(RunComparison.Contradicted)} where {machines.SecondName} contradicts itself; not comparable: {counts.Runs(RunComparison.Undetermined)} undetermined, {counts.Runs(RunComparison.TooLong)} too long"
        );
        output.WriteLine("  agreement by feature:");
        foreach (var (feature, agreement) in counts.Features)
        {
            output.WriteLine(
                $"    {Name(feature), -17} {agreement.Programs, 8}  {Share(agreement.Agreed, agreement.Programs)}"
            );
        }

        WriteContextAccess(counts.ContextAccess, output, verbose);
        foreach (var (reason, count) in counts.Explained)
        {
            output.WriteLine($"  explained {count}: {reason}");
        }

        Write("wrong", counts.Problems, output, verbose);
        Write($"{machines.SecondName} contradicts itself", counts.Contradictions, output, verbose);
        Write($"refused by {machines.FirstName} alone", counts.Gaps, output, verbose);
        Write($"refused by {machines.SecondName} alone", counts.Unsound, output, verbose);
    }

    // Those that agree least come first; of equals those with more programs, which say more.
    private static void WriteContextAccess(
        IReadOnlyDictionary<AttachType, Agreement> access,
        TextWriter output,
        bool verbose
    )
    {
        var lowest = access
            .OrderBy(type => type.Value.Share)
            .ThenByDescending(type => type.Value.Programs)
            .Take(verbose ? access.Count : AttachTypesShown)
            .ToList();
        output.WriteLine(
            $"  agreement on context access by attach type, {access.Count} of {AttachTypes} tried, lowest first:"
        );
        foreach (var (type, agreement) in lowest)
        {
            output.WriteLine(
                $"    {Names.Of(type), -25} {agreement.Programs, 8}  {Share(agreement.Agreed, agreement.Programs)}"
            );
        }

        if (lowest.Count < access.Count)
        {
            output.WriteLine($"    and {access.Count - lowest.Count} more, none lower; --verbose prints them");
        }
    }

    private static void Write(string what, CauseTally tally, TextWriter output, bool verbose)
    {
        var causes = tally.Causes;
        if (causes.Count == 0)
        {
            return;
        }

        output.WriteLine($"  {what}: {tally.Total}, by cause:");
        var shown = verbose ? causes.Count : Math.Min(causes.Count, CausesShown);
        foreach (var (cause, count, seeds) in causes.Take(shown))
        {
            output.WriteLine($"  {count, 7}  {cause}  (seeds {string.Join(", ", seeds)})");
        }

        if (shown < causes.Count)
        {
            output.WriteLine($"           and {causes.Count - shown} more causes; --verbose prints them");
        }
    }

    private static string Label(FindingWeight weight) =>
        weight switch
        {
            FindingWeight.Failure => "DIFFERENT",
            FindingWeight.Gap => "gap",
            _ => "aside",
        };

    private static string Name(ProgramFeatures feature) =>
        feature == ProgramFeatures.VariableOffsets ? "variable offsets" : $"{feature}".ToLowerInvariant();

    private static string Share(long part, long whole) =>
        whole == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{part} ({100.0 * part / whole:F2} %)");
}
