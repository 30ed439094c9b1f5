using Conformance.Harness.Reporting;
using Conformance.Harness.Running;

namespace Conformance.Cli.Output;

/// <summary>What a run prints: its failures, the matrix, and one line that says it all.</summary>
internal static class RunOutput
{
    /// <param name="rows">The rules of the matrix.</param>
    public static void Write(RunRecord run, IReadOnlyList<string> rows, Terminal terminal)
    {
        foreach (var result in run.Results.Where(result => result.Outcome is CaseOutcome.Failed or CaseOutcome.Errored))
        {
            terminal.Out.WriteLine($"{(result.Outcome == CaseOutcome.Failed ? "FAILED" : "ERRORED")} {result.Id}");
            foreach (var line in FailureText.Lines(result))
            {
                terminal.Out.WriteLine(line.Length == 0 ? "" : "  " + line);
            }

            terminal.Out.WriteLine();
        }

        MatrixTable.Write(RuleMatrix.Of(rows, run.Results), terminal);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(Summary(run));
    }

    private static string Summary(RunRecord run)
    {
        var (vm, summary) = (run.Header.Vm, run.Summary);
        var kernel = vm.Kernel is null ? "" : $", as Linux {vm.Kernel}";
        var counts =
            $"{summary.Passed} passed, {summary.Failed} failed, {summary.Errored} errored, {summary.Skipped} skipped, "
            + $"{summary.NotApplicable} not applicable";
        var end =
            run.Interrupted ? $"interrupted after {summary.Total} of {run.Header.Cases} cases: "
            : summary is { Passed: 0, Failed: 0, Errored: 0 } ? "nothing was run: "
            : "";
        return $"{vm.Name} {vm.Version}{kernel}: {end}{counts}";
    }
}
