namespace Conformance.Harness.Documentation;

/// <summary>The book as Markdown.</summary>
internal static class MarkdownBook
{
    public static string Write(BookContents contents)
    {
        var sections = BookSections.Of(contents);
        List<string> parts =
        [
            "<!-- Generated from vectors/ by `helper-conformance docs`: do not edit. -->",
            $"# {BookTitle.Text}",
            BookTitle.Subtitle,
            string.Join('\n', sections.SelectMany(section => Contents(section, contents))),
        ];
        foreach (var section in sections)
        {
            parts.Add($"<a id=\"{section.Id}\"></a>\n\n## {section.Title}");
            parts.Add(section.Markdown);
            if (section.Id == BookSections.Rules)
                parts.AddRange(contents.Areas.SelectMany(area => Area(area, contents)));
        }

        return string.Join("\n\n", parts) + "\n";
    }

    private static IEnumerable<string> Contents(BookSection section, BookContents contents) =>
        [
            $"- [{section.Title}](#{section.Id})",
            .. section.Id == BookSections.Rules
                ? contents.Areas.Select(area => $"  - [{area.Title}](#area-{area.Name}) ({area.Rules.Count})")
                : [],
        ];

    private static IEnumerable<string> Area(Area area, BookContents contents) =>
        [
            $"<a id=\"area-{area.Name}\"></a>\n\n### {area.Title}",
            .. area.Text.Length > 0 ? [area.Text] : Array.Empty<string>(),
            .. area.C is { } c
                ? [$"In C ([{c.File}](examples/{c.File})):", MarkdownText.Block("c", c.Source)]
                : Array.Empty<string>(),
            .. area.Rules.SelectMany(entry => Rule(entry, contents)),
        ];

    private static IEnumerable<string> Rule(RuleEntry entry, BookContents contents)
    {
        var rule = entry.Rule;
        string[] facts =
        [
            $"- Binds: {RuleText.Level(rule)} (`{rule.Level.ToString().ToLowerInvariant()}`)",
            $"- Holds since: {RuleText.Versions(rule)}",
            $"- Known: {RuleText.Known(rule)}; source {string.Join(", ", rule.Sources.Select(MarkdownText.Code))}",
            $"- Certified: {RuleText.Certified(entry)}",
            $"- Vectors: {(entry.Vectors.Count == 0 ? $"none. {RuleText.NoVector(rule)}" : Vectors(entry))}",
        ];
        return
        [
            $"<a id=\"{rule.Id}\"></a>\n\n#### {rule.Id}",
            rule.Sentence,
            $"*Why:* {rule.Why}",
            string.Join('\n', facts),
            .. entry.Example is { } example ? Example(example, contents) : [],
        ];
    }

    private static IEnumerable<string> Example(Example example, BookContents contents) =>
        [
            $"Example `{example.Case.Id}`: {example.Case.Vector.Title}. Catches {example.Case.Vector.Catches}.",
            .. example.World.Count > 0 ? [$"Given {string.Join("; ", example.World)}."] : Array.Empty<string>(),
            .. MarkdownText.Programs(example),
            MarkdownText.Steps(example, BookSections.MachineName(contents)),
        ];

    private static string Vectors(RuleEntry entry) =>
        string.Join(
            ", ",
            entry.Vectors.Select(checking => $"`{checking.Vector.Id}` ({RuleText.Cases(checking.Cases)})")
        );
}

/// <summary>What the book is called.</summary>
internal static class BookTitle
{
    public const string Text = "bpf_get_local_storage: expected behaviour";

    public const string Subtitle =
        "What the eBPF helper with number 81 does: every rule with its reason, its source, and a program that shows it.";
}
