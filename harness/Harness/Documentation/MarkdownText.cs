namespace Conformance.Harness.Documentation;

/// <summary>Pieces of Markdown.</summary>
internal static class MarkdownText
{
    /// <summary>A table; cells are Markdown, and their vertical bars are made harmless.</summary>
    public static string Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows) =>
        string.Join('\n', [Row(headings), Row([.. headings.Select(_ => "---")]), .. rows.Select(Row)]);

    /// <summary>Text as code, whatever backticks it holds.</summary>
    public static string Code(string text) =>
        text.Contains('`', StringComparison.Ordinal) ? $"`` {text} ``" : $"`{text}`";

    /// <summary>A block of code.</summary>
    public static string Block(string language, string text) => $"```{language}\n{text.TrimEnd('\n')}\n```";

    /// <summary>A rule's id that leads to the rule.</summary>
    public static string RuleLink(string id) => $"[`{id}`](#{id})";

    /// <summary>The paragraphs of an example's programs.</summary>
    public static IEnumerable<string> Programs(Example example) =>
        example.Programs.SelectMany<ExampleProgram, string>(program =>
            [$"Program {Code(program.Names)} ({program.Type}):", Block("", string.Join('\n', program.Lines))]
        );

    /// <summary>The table of an example's steps.</summary>
    public static string Steps(Example example, string machine) =>
        Table(
            ["step", $"observed on {machine}"],
            example.Steps.Select(step =>
                (IReadOnlyList<string>)
                    [
                        step.Why is null ? Code(step.Operation) : $"{Code(step.Operation)} ({step.Why})",
                        string.Join("<br>", step.Observed.Select(Code)),
                    ]
            )
        );

    private static string Row(IReadOnlyList<string> cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";
}
