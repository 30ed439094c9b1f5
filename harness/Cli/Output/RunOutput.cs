using System.Globalization;
using Conformance.Harness.Reporting;
using Conformance.Harness.Running;

namespace Conformance.Cli.Output;

/// <summary>What a run prints: its failures, the matrix, what did not apply and why, and one line that says it all.</summary>
internal static class RunOutput
{
    /// <summary>Failures in full, unless all are asked for: enough to begin with, and the matrix stays near.</summary>
    internal const int FailuresShown = 20;

    /// <summary>Rules in the table of failures; the matrix has them all.</summary>
    private const int RulesShown = 20;

    /// <param name="rows">The rules of the matrix.</param>
    /// <param name="rate">How fast it was; null where no time has passed.</param>
    /// <param name="allFailures">Whether failures are printed however many there are.</param>
    public static void Write(
        RunRecord run,
        IReadOnlyList<string> rows,
        RunRate? rate,
        Terminal terminal,
        bool allFailures
    )
    {
        WriteFailures(run, terminal, allFailures);
        MatrixTable.Write(RuleMatrix.Of(rows, run.Results), terminal);
        terminal.Out.WriteLine();
        WriteReasons(run, terminal);
        GateOutput.Write(run, terminal);
        if (rate is not null)
        {
            terminal.Out.WriteLine(rate.Text);
        }

        terminal.Out.WriteLine(Summary(run));
    }

    /// <summary>The failures in full, and how many more there are.</summary>
    public static void WriteFailures(RunRecord run, Terminal terminal, bool allFailures)
    {
        CaseRecord[] red =
        [
            .. run.Results.Where(result =>
                result.Outcome is CaseOutcome.Failed or CaseOutcome.Errored or CaseOutcome.UnexpectedPass
            ),
        ];
        var shown = allFailures ? red.Length : Math.Min(red.Length, FailuresShown);
        foreach (var result in red.Take(shown))
        {
            Write(result, terminal);
        }

        if (shown < red.Length)
        {
            terminal.Out.WriteLine($"and {red.Length - shown} more; --all-failures prints them");
            terminal.Out.WriteLine();
            WriteByRule(red, terminal);
        }
    }

    private static void Write(CaseRecord result, Terminal terminal)
    {
        var what = result.Outcome switch
        {
            CaseOutcome.Failed => "FAILED",
            CaseOutcome.Errored => "ERRORED",
            _ => "PASSED, AGAINST EXPECTATION,",
        };
        terminal.Out.WriteLine($"{what} {result.Id}");
        foreach (var line in FailureText.Lines(result))
        {
            terminal.Out.WriteLine(line.Length == 0 ? "" : "  " + line);
        }

        terminal.Out.WriteLine();
    }

    private static void WriteByRule(IEnumerable<CaseRecord> red, Terminal terminal)
    {
        var rules = red.CountBy(result => result.Failure?.Rule ?? Unruled(result.Outcome))
            .OrderByDescending(rule => rule.Value)
            .ThenBy(rule => rule.Key, StringComparer.Ordinal)
            .ToArray();
        terminal.Out.WriteLine("failures  rule");
        foreach (var (rule, count) in rules.Take(RulesShown))
        {
            terminal.Out.WriteLine($"{count.ToString(CultureInfo.InvariantCulture), 8}  {rule}");
        }

        if (rules.Length > RulesShown)
        {
            terminal.Out.WriteLine($"          and {rules.Length - RulesShown} more rules: see the matrix");
        }

        terminal.Out.WriteLine();
    }

    private static string Unruled(CaseOutcome outcome) =>
        outcome == CaseOutcome.Errored ? "(errored)" : "(passed, against expectation)";

    /// <summary>Why cases did not run, and how many for each reason.</summary>
    public static void WriteReasons(RunRecord run, Terminal terminal)
    {
        var reasons = run
            .Results.Where(result => result.Outcome is CaseOutcome.NotApplicable or CaseOutcome.Skipped)
            .CountBy(result => (result.Outcome, Reason: result.Message ?? "no reason given"))
            .OrderByDescending(reason => reason.Value)
            .ToArray();
        foreach (var ((outcome, reason), count) in reasons)
        {
            var what = outcome == CaseOutcome.Skipped ? "skipped" : "not applicable";
            var cases = $"{count} {(count == 1 ? "case" : "cases")}";
            terminal.Out.WriteLine($"{what}: {cases}: {reason.ReplaceLineEndings(" ")}");
        }

        if (reasons.Length > 0)
        {
            terminal.Out.WriteLine();
        }
    }

    /// <summary>The line that says it all.</summary>
    public static string Summary(RunRecord run)
    {
        var (vm, summary) = (run.Header.Vm, run.Summary);
        var kernel = vm.Kernel is null ? "" : $", as Linux {vm.Kernel}";
        var counts =
            $"{summary.Passed} passed, {summary.Failed} failed, {summary.Errored} errored, {summary.Skipped} skipped, "
            + $"{summary.NotApplicable} not applicable"
            + Part(summary.ExpectedFailure, "failed as expected")
            + Part(summary.UnexpectedPass, "passed against expectation")
            + Part(summary.Flaky, "flaky");
        var end =
            run.Interrupted ? $"interrupted after {summary.Total} of {run.Header.Cases} cases: "
            : summary is { Executed: 0, Errored: 0 } ? "nothing was run: "
            : summary is { IsSuccess: false, Red: 0 } ? "nothing that decides was run: "
            : "";
        return $"{vm.Name} {vm.Version}{kernel}: {end}{counts}";
    }

    private static string Part(int count, string what) => count == 0 ? "" : $", {count} {what}";
}
