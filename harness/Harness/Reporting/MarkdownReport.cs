using System.Globalization;
using System.Net;
using Conformance.Harness.Running;

namespace Conformance.Harness.Reporting;

/// <summary>A summary in Markdown, for a job's page or a comment: machines, broken rules, and the first failures in full.</summary>
public static class MarkdownReport
{
    /// <summary>Failures in full: GitHub refuses summaries of more than 1 MiB, and nobody reads them.</summary>
    private const int FailuresShown = 20;

    /// <summary>Lines of one failure.</summary>
    private const int LinesShown = 120;
    private const int RulesShown = 50;
    private const int ReasonsShown = 20;
    private const int ShortestFence = 3;

    /// <summary>Characters that mean something in the midst of a line.</summary>
    private const string Marks = "\\`*_[]<>#|~&$";

    /// <summary>Writes the summary of one run or several.</summary>
    public static void Write(IReadOnlyList<RunRecord> runs, TextWriter writer)
    {
        writer.Write("# Conformance of `bpf_get_local_storage`\n\n");
        Machines(runs, writer);
        foreach (var run in runs)
        {
            var heading = runs.Count == 1 ? "" : $" on {Text(OutcomeText.Machine(run.Header.Vm))}";
            Rules(run, heading, writer);
            Failures(run, heading, writer);
            Known(run, heading, writer);
            Reasons(run, heading, writer);
        }
    }

    private static void Machines(IReadOnlyList<RunRecord> runs, TextWriter writer)
    {
        var outcomes = Enum.GetValues<CaseOutcome>()
            .Where(outcome =>
                outcome is CaseOutcome.Passed or CaseOutcome.Failed
                || runs.Any(run => run.Results.Any(result => result.Outcome == outcome))
            )
            .ToArray();
        Row(["", "machine", "cases", .. outcomes.Select(OutcomeText.Words)], writer);
        Row(["---", "---", .. Enumerable.Repeat("--:", outcomes.Length + 1)], writer);
        foreach (var run in runs)
        {
            var counts = run.Results.CountBy(result => result.Outcome).ToDictionary();
            var red = counts.Keys.Any(OutcomeText.IsRed) || run.StaleExpectations.Count > 0;
            Row(
                [
                    red ? "❌"
                    : run.Interrupted || counts.GetValueOrDefault(CaseOutcome.Passed) == 0 ? "⚠️"
                    : "✅",
                    Text(OutcomeText.Machine(run.Header.Vm)) + (run.Interrupted ? " (interrupted)" : ""),
                    run.Interrupted
                        ? $"{Number(run.Results.Count)} of {Number(run.Header.Cases)}"
                        : Number(run.Results.Count),
                    .. outcomes.Select(outcome => Number(counts.GetValueOrDefault(outcome))),
                ],
                writer
            );
        }

        writer.Write("\n");
    }

    private static void Rules(RunRecord run, string heading, TextWriter writer)
    {
        var rules = run
            .Results.Where(result => result.Failure is not null && OutcomeText.IsRed(result.Outcome))
            .GroupBy(result => result.Failure!.Rule, StringComparer.Ordinal)
            .OrderByDescending(rule => rule.Count())
            .ToArray();
        if (rules.Length == 0)
            return;
        writer.Write($"## Broken rules{heading}\n\n");
        Row(["rule", "failures", "what it says", "first case"], writer);
        Row(["---", "--:", "---", "---"], writer);
        foreach (var rule in rules.Take(RulesShown))
        {
            var first = rule.First();
            Row([Code(rule.Key), Number(rule.Count()), Text(first.Failure!.Sentence), Code(first.Id)], writer);
        }

        writer.Write(rules.Length > RulesShown ? $"\nand {rules.Length - RulesShown} more rules\n\n" : "\n");
    }

    private static void Failures(RunRecord run, string heading, TextWriter writer)
    {
        var red = run.Results.Where(result => OutcomeText.IsRed(result.Outcome)).ToArray();
        if (red.Length == 0)
            return;
        writer.Write($"## Cases{heading}\n\n");
        foreach (var result in red.Take(FailuresShown))
        {
            // Without what only the machine of the run has: its folders, and the command as it is there.
            var record = result with
            {
                Title = null,
                Catches = null,
                File = null,
                Again = null,
            };
            string[] lines = [.. FailureText.Lines(record).Select(PlainText.Visible)];
            var shown =
                lines.Length > LinesShown
                    ? [.. lines.Take(LinesShown), $"and {lines.Length - LinesShown} more lines"]
                    : lines;
            var fence = Fence(shown);
            writer.Write(
                $"<details><summary>{WebUtility.HtmlEncode(OutcomeText.Words(result.Outcome))} <code>{WebUtility.HtmlEncode(result.Id)}</code></summary>\n\n"
            );
            writer.Write($"{fence}text\n{string.Join('\n', shown)}\n{fence}\n\n</details>\n\n");
        }

        if (red.Length > FailuresShown)
            writer.Write($"and {red.Length - FailuresShown} more cases\n\n");
    }

    private static void Known(RunRecord run, string heading, TextWriter writer)
    {
        var known = run
            .Results.Where(result => OutcomeText.IsKnown(result.Outcome))
            .CountBy(result => (result.Outcome, Listed: OutcomeText.Listed(result) ?? ""))
            .OrderByDescending(entry => entry.Value)
            .ToArray();
        foreach (var pattern in run.StaleExpectations)
        {
            writer.Write($"❌ No case matches the expectation {Text(pattern)}{heading}: it is stale.\n\n");
        }

        if (known.Length == 0)
            return;
        writer.Write($"## Known{heading}\n\n");
        Row(["cases", "outcome", "expectation"], writer);
        Row(["--:", "---", "---"], writer);
        foreach (var ((outcome, listed), count) in known.Take(ReasonsShown))
        {
            Row([Number(count), OutcomeText.Words(outcome), Text(listed)], writer);
        }

        writer.Write(known.Length > ReasonsShown ? $"\nand {known.Length - ReasonsShown} more entries\n\n" : "\n");
    }

    private static void Reasons(RunRecord run, string heading, TextWriter writer)
    {
        var reasons = run
            .Results.Where(result => OutcomeText.IsLeftOut(result.Outcome))
            .CountBy(result => (result.Outcome, Reason: result.Message ?? "no reason given"))
            .OrderByDescending(reason => reason.Value)
            .ToArray();
        if (reasons.Length == 0)
            return;
        writer.Write($"<details><summary>Not run or not applicable{WebUtility.HtmlEncode(heading)}</summary>\n\n");
        Row(["cases", "outcome", "reason"], writer);
        Row(["--:", "---", "---"], writer);
        foreach (var ((outcome, reason), count) in reasons.Take(ReasonsShown))
        {
            Row([Number(count), OutcomeText.Words(outcome), Text(reason)], writer);
        }

        if (reasons.Length > ReasonsShown)
            writer.Write($"\nand {reasons.Length - ReasonsShown} more reasons\n");
        writer.Write("\n</details>\n\n");
    }

    private static void Row(IEnumerable<string> cells, TextWriter writer) =>
        writer.Write($"| {string.Join(" | ", cells)} |\n");

    /// <summary>Text that Markdown takes as it is, in a cell too.</summary>
    private static string Text(string text) =>
        string.Concat(PlainText.Line(text).Select(c => Marks.Contains(c) ? $"\\{c}" : $"{c}"));

    /// <summary>Names that we gave: they hold no backtick and no bar.</summary>
    private static string Code(string name) =>
        $"`{name.Replace('`', '\'').Replace("|", "\\|", StringComparison.Ordinal)}`";

    // A fence ends only at one as long as itself.
    private static string Fence(IEnumerable<string> lines)
    {
        var longest = 0;
        foreach (var line in lines)
        {
            var run = 0;
            foreach (var c in line)
            {
                run = c == '`' ? run + 1 : 0;
                longest = Math.Max(longest, run);
            }
        }

        return new string('`', Math.Max(ShortestFence, longest + 1));
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
