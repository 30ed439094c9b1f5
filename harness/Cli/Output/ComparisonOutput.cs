using System.Text.Json;
using Conformance.Harness.Reporting;
using Conformance.Harness.Running;

namespace Conformance.Cli.Output;

/// <summary>Two runs side by side: what changed, the worst first, and one line that says it all.</summary>
internal static class ComparisonOutput
{
    internal const int CasesShown = 20;

    /// <param name="files">The names of the two records.</param>
    /// <param name="all">Whether cases are listed however many there are.</param>
    public static void Write(RunComparison comparison, IReadOnlyList<string> files, bool all, Terminal terminal)
    {
        var (old, now) = (comparison.Old, comparison.New);
        Head("old", files[0], old, terminal);
        Head("new", files[1], now, terminal);
        if (old.Header.Suite != now.Header.Suite || old.Header.Selection.Vectors != now.Header.Selection.Vectors)
        {
            terminal.Out.WriteLine("The vectors are not the same: a case of the same id may ask something else.");
        }

        terminal.Out.WriteLine();
        var shown = all ? int.MaxValue : CasesShown;
        Changes("worse", comparison.Worse, shown, terminal);
        Cases("lost: passed before, and not run again", comparison.Lost, shown, terminal);
        Changes("changed, neither better nor worse", comparison.Otherwise, shown, terminal);
        Changes("flaky, not counted", comparison.Flaky, shown, terminal);
        Changes("better", comparison.Better, shown, terminal);
        Count("only in the new run", comparison.Appeared, terminal);
        Cases("of these not passed", comparison.Appeared.Where(IsRed), shown, terminal);
        Count("only in the old run", comparison.Vanished, terminal);
        terminal.Out.WriteLine(
            $"{comparison.Worse.Count + comparison.Lost.Count()} worse, {comparison.Better.Count} better, "
                + $"{comparison.Otherwise.Count} changed otherwise, {comparison.Same} as before"
        );
    }

    private static bool IsRed(CaseRecord result) =>
        result.Observed is CaseOutcome.Failed or CaseOutcome.Errored && result.Outcome != CaseOutcome.Flaky;

    private static void Head(string which, string file, RunRecord run, Terminal terminal) =>
        terminal.Out.WriteLine($"{which}: {file}: suite {run.Header.Suite}, {RunOutput.Summary(run)}");

    private static void Changes(string what, IReadOnlyList<CaseChange> changes, int shown, Terminal terminal) =>
        Write(
            what,
            [
                .. changes.Select(change =>
                    $"{change.New.Id}: {Word(change.Old)} -> {Word(change.New)}{Message(change.New)}"
                ),
            ],
            shown,
            terminal
        );

    private static void Cases(string what, IEnumerable<CaseRecord> results, int shown, Terminal terminal) =>
        Write(what, [.. results.Select(result => $"{result.Id}: {Word(result)}{Message(result)}")], shown, terminal);

    private static void Write(string what, string[] lines, int shown, Terminal terminal)
    {
        if (lines.Length == 0)
        {
            return;
        }

        terminal.Out.WriteLine($"{what}: {lines.Length}");
        foreach (var line in lines.Take(shown))
        {
            terminal.Out.WriteLine($"  {line.ReplaceLineEndings(" ")}");
        }

        if (lines.Length > shown)
        {
            terminal.Out.WriteLine($"  and {lines.Length - shown} more; --all prints them");
        }

        terminal.Out.WriteLine();
    }

    private static void Count(string what, IReadOnlyList<CaseRecord> results, Terminal terminal)
    {
        if (results.Count == 0)
        {
            return;
        }

        var counts = results.CountBy(Word).Select(count => $"{count.Value} {count.Key}");
        terminal.Out.WriteLine($"{what}: {string.Join(", ", counts)}");
        terminal.Out.WriteLine();
    }

    private static string Word(CaseRecord result) =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(result.Observed.ToString()).Replace('_', ' ');

    private static string Message(CaseRecord result) =>
        (result.Failure?.Rule, result.Message) switch
        {
            (null, null) => "",
            (null, var message) => $" ({message})",
            (var rule, var message) => $" ({rule}: {message})",
        };
}
