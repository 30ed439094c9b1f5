using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Conformance.Harness.Documentation;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Reporting.Html;

/// <summary>
/// Runs as one page that needs nothing else: machines against rules, and a view for each case. Machines may have said anything, so all that they said
/// is data to the page's script, which writes it as text and never as markup; and the page's own policy lets no other script run and nothing be fetched.
/// </summary>
public static class HtmlReport
{
    private static readonly string[] Scripts =
    [
        "data.js",
        "dom.js",
        "filter.js",
        "overview.js",
        "cases.js",
        "case.js",
        "main.js",
    ];

    /// <summary>Writes the page.</summary>
    /// <param name="runs">The runs, side by side; at least one.</param>
    /// <param name="suite">What the cases are: titles, steps and programs. Cases that it does not have are shown as far as the runs tell.</param>
    /// <param name="version">Version of the suite.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="names">What the runs are called, for machines that nothing else keeps apart; null where they have no names.</param>
    public static void Write(
        IReadOnlyList<RunRecord> runs,
        VectorSet suite,
        string version,
        TextWriter writer,
        IReadOnlyList<string>? names = null
    )
    {
        var labels = RunLabels.Of([.. runs.Select(run => run.Header.Vm)], names);
        var script =
            "\"use strict\";\n(() => {\n" + string.Concat(Scripts.Select(file => Page(file) + "\n")) + "})();\n";
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["policy"] =
                $"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{Hash(script)}'; base-uri 'none'; form-action 'none'",
            ["title"] = WebUtility.HtmlEncode($"Conformance of {string.Join(", ", labels.Select(PlainText.Line))}"),
            ["style"] = BookResources.Page("book.css") + Page("report.css"),
            ["summary"] = string.Concat(runs.Select(Summary)),
            ["data"] = JsonSerializer.Serialize(
                PageBuilder.Build(runs, labels, suite, version),
                PageJson.Default.PageData
            ),
            ["script"] = script,
        };
        var frame = Page("report.html");
        for (var at = 0; at < frame.Length; )
        {
            // Only the frame has placeholders: what is put in is not looked at again.
            var begin = frame.IndexOf("{{", at, StringComparison.Ordinal);
            if (begin < 0)
            {
                writer.Write(frame[at..]);
                return;
            }

            var end = frame.IndexOf("}}", begin, StringComparison.Ordinal);
            writer.Write(frame[at..begin]);
            writer.Write(parts[frame[(begin + 2)..end]]);
            at = end + 2;
        }
    }

    // For whoever reads the file without a script.
    private static string Summary(RunRecord run) =>
        $"<li>{WebUtility.HtmlEncode(PlainText.Line(OutcomeText.Machine(run.Header.Vm)))}: {OutcomeText.Counts(run)}</li>";

    private static string Page(string file)
    {
        using var stream =
            typeof(HtmlReport).Assembly.GetManifestResourceStream($"report/{file}")
            ?? throw new InvalidOperationException($"{file} is not part of the assembly");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Hash(string script) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
}
