namespace Conformance.Harness.Reporting.Html;

/// <summary>The texts of a page, and the blocks that are made of them.</summary>
internal sealed class PageTexts
{
    private const int None = -1;

    public Interned<string> Lines { get; } = new(StringComparer.Ordinal);

    public Interned<int[][]> Steps { get; } = new(new SameBlock());

    public Interned<int[][]> Programs { get; } = new(new SameBlock());

    public int Line(string text) => Lines.Of(text);

    public int Optional(string? text) => text is null ? None : Line(text);

    /// <summary>A text of many lines, of which others have some too.</summary>
    public int[]? All(string? text) =>
        string.IsNullOrEmpty(text) ? null : All(text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'));

    public int[]? All(IReadOnlyList<string> lines) => lines.Count == 0 ? null : [.. lines.Select(Line)];

    public int Block(IEnumerable<RecordedStep> steps) =>
        Steps.Of([
            .. steps.Select(step =>
                (int[])
                    [
                        step.Step ?? None,
                        Optional(step.Track),
                        Line(step.Operation),
                        Optional(step.Why),
                        .. step.Expected.Select(Line),
                    ]
            ),
        ]);

    public int Block(IEnumerable<(string Name, string Type, IReadOnlyList<string> Listing)> programs) =>
        Programs.Of([
            .. programs.Select(program =>
                (int[])[Line(program.Name), Line(program.Type), .. program.Listing.Select(Line)]
            ),
        ]);
}
