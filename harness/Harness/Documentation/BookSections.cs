namespace Conformance.Harness.Documentation;

/// <summary>A chapter.</summary>
/// <param name="Id">For links within the book.</param>
/// <param name="Markdown">Its text below the heading; for the rules only what stands before them.</param>
internal sealed record BookSection(string Id, string Title, string Markdown);

/// <summary>The chapters of a book, their prose joined with what was gathered.</summary>
internal static class BookSections
{
    /// <summary>The chapter that the rules follow.</summary>
    public const string Rules = "rules";

    public static IReadOnlyList<BookSection> Of(BookContents contents) =>
        [
            Section("what-it-is", "What the helper is", contents),
            Section("usage", "Usage and a worked example", contents),
            Section(Rules, "The rules", contents),
            Section("attach-types", "Program types and attach types", contents),
            Section("versions", "Differences between kernel versions", contents),
            Section("coverage", "Coverage", contents),
        ];

    private static BookSection Section(string id, string title, BookContents contents) =>
        new(id, title, Fill(BookResources.Text($"{id}.md"), contents));

    // A line of prose that is nothing but {{name}} stands for something generated.
    private static string Fill(string prose, BookContents contents) =>
        string.Join(
            '\n',
            prose
                .TrimEnd('\n')
                .Split('\n')
                .Select(line =>
                    line.StartsWith("{{", StringComparison.Ordinal) && line.EndsWith("}}", StringComparison.Ordinal)
                        ? Generated(line[2..^2], contents)
                        : line
                )
        );

    private static string Generated(string name, BookContents contents) =>
        name switch
        {
            "assembly" => string.Join("\n\n", MarkdownText.Programs(contents.WorkedExample)),
            "observed" => MarkdownText.Steps(contents.WorkedExample, MachineName(contents)),
            "numbers" => CoverageTables.Numbers(contents),
            "program types" => AttachTypeTables.ProgramTypes(contents),
            "attach types" => AttachTypeTables.AttachTypes(contents),
            "versions" => VersionTable.Of(contents),
            "coverage" => CoverageTables.Rules(contents),
            "uncertified" => CoverageTables.Uncertified(contents),
            _ when CExample.Of(name) is { } c => MarkdownText.Block("c", c.Source),
            _ => throw new InvalidOperationException($"nothing stands for {{{{{name}}}}}"),
        };

    /// <summary>The machine that the examples ran on.</summary>
    public static string MachineName(BookContents contents) => $"the {contents.Machine.Name} VM";
}
