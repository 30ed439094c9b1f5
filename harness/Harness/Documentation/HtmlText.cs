using System.Net;
using Markdig;

namespace Conformance.Harness.Documentation;

/// <summary>Pieces of HTML.</summary>
internal static class HtmlText
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>
    /// Prose. Tables can be scrolled by keyboard where they are wider than the window.
    /// </summary>
    /// <param name="name">What a screen reader calls the tables and programs.</param>
    public static string Prose(string markdown, string name) =>
        Markdown
            .ToHtml(markdown, Pipeline)
            .Replace(
                "<table>",
                $"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{Encode(name)}\"><table>",
                StringComparison.Ordinal
            )
            .Replace("</table>", "</table></div>", StringComparison.Ordinal)
            .Replace("<th>", "<th scope=\"col\">", StringComparison.Ordinal)
            .Replace("<pre>", "<pre tabindex=\"0\">", StringComparison.Ordinal)
            .TrimEnd('\n');

    /// <summary>One sentence, without a paragraph around it.</summary>
    public static string Inline(string markdown)
    {
        var html = Markdown.ToHtml(markdown, Pipeline).Trim();
        return html.StartsWith("<p>", StringComparison.Ordinal) && html.EndsWith("</p>", StringComparison.Ordinal)
            ? html[3..^4]
            : html;
    }

    /// <summary>A program: comments stand back, calls of the helper stand out.</summary>
    /// <param name="comment">What begins a comment.</param>
    public static string Program(IEnumerable<string> lines, string comment) =>
        $"<pre tabindex=\"0\"><code>{string.Join('\n', lines.Select(line => Line(line, comment)))}</code></pre>";

    private static string Line(string line, string comment)
    {
        var at = line.IndexOf(comment, StringComparison.Ordinal);
        var code = Encode(at < 0 ? line : line[..at]);
        if (code.Contains("bpf_get_local_storage", StringComparison.Ordinal))
        {
            var indent = code.Length - code.TrimStart().Length;
            code =
                $"{code[..indent]}<b>{code[indent..].TrimEnd()}</b>{new string(' ', code.Length - code.TrimEnd().Length)}";
        }

        return at < 0 ? code : $"{code}<i>{Encode(line[at..])}</i>";
    }
}
