using System.Text.Json;
using Conformance.Harness.Running;

namespace Conformance.Harness.Reporting;

/// <summary>Outcomes in the words of reports, and what they mean for a run.</summary>
internal static class OutcomeText
{
    /// <summary>As in JSON: <c>not_applicable</c>.</summary>
    public static string Name(CaseOutcome outcome) => JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString());

    /// <summary>For reading: <c>not applicable</c>.</summary>
    public static string Words(CaseOutcome outcome) => Name(outcome).Replace('_', ' ');

    /// <summary>Whether one such case makes a run red.</summary>
    public static bool IsRed(CaseOutcome outcome) =>
        outcome is CaseOutcome.Failed or CaseOutcome.Errored or CaseOutcome.UnexpectedPass;

    /// <summary>Whether such a case is known not to simply pass, so that it decides nothing.</summary>
    public static bool IsKnown(CaseOutcome outcome) => outcome is CaseOutcome.ExpectedFailure or CaseOutcome.Flaky;

    /// <summary>Whether such a case was not run, or not judged.</summary>
    public static bool IsLeftOut(CaseOutcome outcome) => outcome is CaseOutcome.Skipped or CaseOutcome.NotApplicable;

    /// <summary>Why a case is listed as it is: pattern, reason, link, owner; null where it is not listed.</summary>
    public static string? Listed(CaseRecord result) =>
        result.Expectation is { } listed
            ? $"listed as {listed.Pattern}: "
                + string.Join("; ", new[] { listed.Reason, listed.Link, listed.Owner }.OfType<string>())
            : null;

    /// <summary>One line of what became of a case.</summary>
    public static string Message(CaseRecord result) =>
        result.Message ?? (result.Outcome == CaseOutcome.UnexpectedPass ? "it passed" : Words(result.Outcome));

    /// <summary>How many there are of each outcome that occurs: <c>12 passed, 1 failed</c>; an interrupted run says so first.</summary>
    public static string Counts(RunRecord run)
    {
        var counts = run.Results.CountBy(result => result.Outcome).OrderBy(count => count.Key).ToArray();
        var text =
            counts.Length == 0
                ? "no case was run"
                : string.Join(", ", counts.Select(count => $"{count.Value} {Words(count.Key)}"));
        if (run.StaleExpectations.Count > 0)
            text += $"; stale expectations: {string.Join(", ", run.StaleExpectations.Select(PlainText.Line))}";
        return run.Interrupted ? $"interrupted after {run.Results.Count} of {run.Header.Cases} cases: {text}" : text;
    }

    /// <summary>The machine: <c>reference 0.1.0, as Linux 6.18.44</c>.</summary>
    public static string Machine(VmRecord vm) =>
        $"{vm.Name} {vm.Version}{(vm.Kernel is { } kernel ? $", as Linux {kernel}" : "")}";
}
