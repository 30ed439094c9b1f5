namespace Conformance.Harness.Documentation;

/// <summary>The book as one page.</summary>
internal static class HtmlBook
{
    public static string Write(BookContents contents)
    {
        var sections = BookSections.Of(contents);
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["title"] = HtmlText.Encode(BookTitle.Text),
            ["subtitle"] = HtmlText.Encode(BookTitle.Subtitle),
            ["style"] = BookResources.Page("book.css"),
            ["script"] = BookResources.Page("book.js"),
            ["navigation"] = string.Join('\n', sections.Select(section => Navigation(section, contents))),
            ["main"] = string.Join("\n\n", sections.Select(section => Section(section, contents))),
            ["count"] = $"{contents.Rules.Count()} rules",
        };
        return string.Join('\n', BookResources.Page("book.html").Split('\n').Select(line => Fill(line, parts)));
    }

    // Only the frame has placeholders: what is put in is not looked at again.
    private static string Fill(string line, Dictionary<string, string> parts)
    {
        foreach (var (name, text) in parts)
        {
            var mark = $"{{{{{name}}}}}";
            if (line.Contains(mark, StringComparison.Ordinal))
                return line.Replace(mark, text.TrimEnd('\n'), StringComparison.Ordinal);
        }

        return line;
    }

    private static string Navigation(BookSection section, BookContents contents)
    {
        var link = $"<a href=\"#{section.Id}\">{HtmlText.Encode(section.Title)}</a>";
        return section.Id == BookSections.Rules
            ? $"<li>{link}\n<ul>\n{string.Join('\n', contents.Areas.Select(Navigation))}\n</ul></li>"
            : $"<li>{link}</li>";
    }

    private static string Navigation(Area area) =>
        $"<li><a href=\"#area-{area.Name}\">{HtmlText.Encode(area.Title)}</a> <span class=\"count\">{area.Rules.Count}</span></li>";

    private static string Section(BookSection section, BookContents contents)
    {
        var rules =
            section.Id == BookSections.Rules
                ? "\n" + string.Join("\n\n", contents.Areas.Select(area => Area(area, contents)))
                : "";
        return $"""
            <section id="{section.Id}" aria-labelledby="{section.Id}-title">
            <h2 id="{section.Id}-title">{HtmlText.Encode(section.Title)}</h2>
            <div class="prose">
            {HtmlText.Prose(section.Markdown, section.Title)}
            </div>{rules}
            </section>
            """;
    }

    private static string Area(Area area, BookContents contents) =>
        $"""
            <section class="area" id="area-{area.Name}" aria-labelledby="area-{area.Name}-title">
            <h3 id="area-{area.Name}-title">{HtmlText.Encode(area.Title)}</h3>
            <div class="prose">
            {HtmlText.Prose(area.Text, area.Title)}
            {(area.C is { } c ? C(c) : "")}
            </div>
            {string.Join("\n\n", area.Rules.Select(entry => HtmlRule.Of(entry, contents)))}
            </section>
            """;

    private static string C(CExample c) =>
        $"""
            <details class="example c">
            <summary>In C: <code>{HtmlText.Encode(c.File)}</code></summary>
            {HtmlText.Program(c.Source.TrimEnd('\n').Split('\n'), "//")}
            </details>
            """;
}
