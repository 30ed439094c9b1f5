using Conformance.Harness.Running;

namespace Conformance.Harness.Reporting;

/// <summary>
/// Commands that GitHub Actions takes from a step's output and shows beside a change. Only the first ten errors of a step are shown, so that
/// there is one for each broken rule and not one for each case.
/// </summary>
public static class AnnotationReport
{
    /// <summary>Cases that an annotation names.</summary>
    private const int CasesNamed = 3;

    /// <summary>Writes the commands, a line each.</summary>
    public static void Write(RunRecord run, TextWriter writer)
    {
        var red = run.Results.Where(result => OutcomeText.IsRed(result.Outcome)).ToArray();
        var broken = red.Where(result => result.Failure is not null)
            .GroupBy(result => result.Failure!.Rule, StringComparer.Ordinal)
            .OrderByDescending(rule => rule.Count());
        foreach (var rule in broken)
        {
            var first = rule.First();
            var failure = first.Failure!;
            Write(
                "error",
                $"{rule.Key} is broken in {Cases(rule.Count())}",
                $"{failure.Sentence}\n{Names(rule)}\n{first.Message}\n{first.Reproduce}",
                writer
            );
        }

        var others = red.Where(result => result.Failure is null)
            .GroupBy(result => result.Outcome)
            .OrderBy(group => group.Key);
        foreach (var group in others)
        {
            var first = group.First();
            Write(
                "error",
                $"{Cases(group.Count())}: {OutcomeText.Words(group.Key)}",
                string.Join(
                    '\n',
                    new[]
                    {
                        Names(group),
                        OutcomeText.Message(first),
                        OutcomeText.Listed(first),
                        first.Reproduce,
                    }.OfType<string>()
                ),
                writer
            );
        }

        if (run.StaleExpectations.Count > 0)
            Write("error", "Expectations that no case matches", string.Join('\n', run.StaleExpectations), writer);
        var level =
            red.Length + run.StaleExpectations.Count == 0 && !run.Interrupted && run.Results.Count > 0
                ? "notice"
                : "warning";
        Write(level, OutcomeText.Machine(run.Header.Vm), OutcomeText.Counts(run), writer);
    }

    private static string Names(IEnumerable<CaseRecord> results)
    {
        string[] ids = [.. results.Select(result => result.Id)];
        var more = ids.Length > CasesNamed ? $" and {ids.Length - CasesNamed} more" : "";
        return string.Join(", ", ids.Take(CasesNamed)) + more;
    }

    private static string Cases(int count) => count == 1 ? "1 case" : $"{count} cases";

    private static void Write(string level, string title, string text, TextWriter writer) =>
        writer.Write($"::{level} title={Property(title)}::{Data(text)}\n");

    // The runner's own escapes: those of a command's data, and those of its properties.
    private static string Data(string text) =>
        PlainText
            .Visible(text.ReplaceLineEndings("\n"))
            .Replace("%", "%25", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Data(PlainText.Line(text))
            .Replace(":", "%3A", StringComparison.Ordinal)
            .Replace(",", "%2C", StringComparison.Ordinal);
}
