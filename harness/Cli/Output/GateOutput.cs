using Conformance.Harness.Expectations;
using Conformance.Harness.Reporting;
using Conformance.Harness.Running;

namespace Conformance.Cli.Output;

/// <summary>What a file of expectations made of a run, reason by reason, and what is wrong with the file.</summary>
internal static class GateOutput
{
    public static void Write(RunRecord run, Terminal terminal)
    {
        var lines = run
            .Results.Where(result => result.Outcome is CaseOutcome.ExpectedFailure or CaseOutcome.Flaky)
            .GroupBy(result => (result.Outcome, Reason: ListedReason.Of(result.Expectation!)))
            .OrderBy(group => group.Key.Outcome)
            .ThenByDescending(group => group.Count())
            .Select(group => Line(group.Key.Outcome, group.Key.Reason, [.. group]))
            .Concat(run.StaleExpectations.Select(stale => $"stale: {stale}"))
            .Concat(Unexplained(run))
            .ToArray();
        foreach (var line in lines)
        {
            terminal.Out.WriteLine(line.ReplaceLineEndings(" "));
        }

        if (lines.Length > 0)
        {
            terminal.Out.WriteLine();
        }
    }

    private static string Line(CaseOutcome outcome, string reason, CaseRecord[] results)
    {
        var red = results.Count(result => result.Observed != CaseOutcome.Passed);
        var what =
            outcome == CaseOutcome.ExpectedFailure
                ? $"failed as expected: {Cases(results.Length)}"
                : $"flaky: {Cases(results.Length)}, {red} of them not passed";
        return $"{what}: {reason}";
    }

    private static IEnumerable<string> Unexplained(RunRecord run)
    {
        var count = run.Results.Count(result =>
            result.Expectation?.Reason.StartsWith(ExpectationEntry.Unexplained, StringComparison.Ordinal) == true
        );
        return count == 0 ? [] : [$"unexplained: {Cases(count)}: give their entries a reason, a link and an owner"];
    }

    private static string Cases(int count) => $"{count} {(count == 1 ? "case" : "cases")}";
}
