using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Conformance.Harness.Running;

namespace Conformance.Harness.Reporting;

/// <summary>The Test Anything Protocol, version 14 (testanything.org): a test point for each case.</summary>
public static class TapReport
{
    /// <summary>Writes the report.</summary>
    public static void Write(RunRecord run, TextWriter writer)
    {
        writer.Write("TAP version 14\n");
        var stale = run.StaleExpectations;
        var planned = run.Interrupted ? run.Header.Cases : run.Results.Count + stale.Count;
        writer.Write(planned == 0 ? "1..0 # SKIP no case was run\n" : $"1..{Number(planned)}\n");
        writer.Write($"# {PlainText.Line(OutcomeText.Machine(run.Header.Vm))}\n");
        foreach (var (index, result) in run.Results.Index())
        {
            Write(index + 1, result, writer);
        }

        // As red as a failure, and no case: a test point of its own.
        foreach (var (index, pattern) in stale.Index())
        {
            writer.Write(
                $"not ok {Number(run.Results.Count + index + 1)} - stale expectation: {Escaped(PlainText.Line(pattern))}\n"
            );
        }

        writer.Write($"# {OutcomeText.Counts(run)}\n");
        if (run.Interrupted)
            writer.Write("Bail out! The run was stopped before its last case.\n");
    }

    private static void Write(int number, CaseRecord result, TextWriter writer)
    {
        // A test point that is TODO may be "not ok" without making a run fail.
        var ok =
            OutcomeText.IsRed(result.Outcome) || result.Observed is CaseOutcome.Failed or CaseOutcome.Errored
                ? "not ok"
                : "ok";
        writer.Write($"{ok} {Number(number)} - {Escaped(result.Id)}{Directive(result)}\n");
        if (!OutcomeText.IsRed(result.Outcome))
            return;
        writer.Write("  ---\n");
        Write("message", OutcomeText.Message(result), writer);
        Write("severity", result.Outcome == CaseOutcome.Errored ? "error" : "fail", writer);
        if (result.Failure is { } failure)
        {
            Write("rule", failure.Rule, writer);
            Write("sentence", failure.Sentence, writer);
            Write("step", failure.Operation, writer);
            Write("expected", failure.Expected, writer);
            Write("actual", failure.Actual, writer);
            Write("log", failure.Log, writer);
        }

        Write("listed", OutcomeText.Listed(result), writer);
        Write("reproduce", result.Reproduce, writer);
        Write("aftermath", result.Aftermath, writer);
        Write("stderr", result.StandardError, writer);
        writer.Write("  ...\n");
    }

    private static string Directive(CaseRecord result) =>
        OutcomeText.IsLeftOut(result.Outcome) ? Directive("SKIP", result, result.Message ?? "no reason given")
        : OutcomeText.IsKnown(result.Outcome) ? Directive("TODO", result, OutcomeText.Listed(result) ?? "")
        : "";

    private static string Directive(string directive, CaseRecord result, string reason) =>
        $" # {directive} {OutcomeText.Words(result.Outcome)}: {Escaped(PlainText.Line(reason))}";

    private static void Write(string name, string? text, TextWriter writer)
    {
        if (text is not null)
            writer.Write($"  {name}: {Quoted(text)}\n");
    }

    private static void Write(string name, IReadOnlyList<string> lines, TextWriter writer)
    {
        if (lines.Count == 0)
            return;
        writer.Write($"  {name}:\n");
        foreach (var line in lines)
        {
            writer.Write($"    - {Quoted(line)}\n");
        }
    }

    // A string of JSON is a double-quoted one of YAML, in which nothing is left to interpret.
    private static string Quoted(string text) =>
        $"\"{JsonEncodedText.Encode(PlainText.Visible(text), JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("#", "\\#", StringComparison.Ordinal);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
