using Conformance.Harness.Reporting;
using Conformance.Harness.Reporting.Html;
using Conformance.Harness.Vectors;

namespace Conformance.Cli.Selecting;

/// <summary>A kind of report.</summary>
/// <param name="Name">As users write it.</param>
/// <param name="ShowsSuite">Whether it shows what the cases are, besides what became of them.</param>
/// <param name="Write">Makes it; of several runs only where <paramref name="TakesSeveral"/>.</param>
internal sealed record ReportFormat(
    string Name,
    string Description,
    bool TakesSeveral,
    bool ShowsSuite,
    Action<IReadOnlyList<ReportedRun>, VectorSet, TextWriter> Write
)
{
    /// <summary>The one that is no report of the end, but written as results come.</summary>
    public const string Stream = "jsonl";

    /// <summary>All that are made at the end of a run.</summary>
    public static IReadOnlyList<ReportFormat> All { get; } =
    [
        One("json", "the results as one JSON document", JsonReport.Write),
        One("junit", "JUnit's XML", JUnitReport.Write),
        One("tap", "the Test Anything Protocol, version 14", TapReport.Write),
        new(
            "html",
            "one page that needs nothing else, several machines side by side",
            TakesSeveral: true,
            ShowsSuite: true,
            (runs, suite, writer) =>
                HtmlReport.Write(Records(runs), suite, SuiteVersion.Text, writer, [.. runs.Select(run => run.Name)])
        ),
        new(
            "markdown",
            "a summary for a job's page",
            TakesSeveral: true,
            ShowsSuite: false,
            (runs, _, writer) => MarkdownReport.Write(Records(runs), writer)
        ),
        One("annotations", "commands for GitHub Actions, one for each broken rule", AnnotationReport.Write),
        One("badge", "JSON for a badge of shields.io", BadgeReport.Write),
    ];

    /// <summary>The format of this name, or null.</summary>
    public static ReportFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);

    private static ReportFormat One(string name, string description, Action<RunRecord, TextWriter> write) =>
        new(
            name,
            description,
            TakesSeveral: false,
            ShowsSuite: false,
            (runs, _, writer) => write(runs[0].Record, writer)
        );

    private static RunRecord[] Records(IReadOnlyList<ReportedRun> runs) => [.. runs.Select(run => run.Record)];
}

/// <summary>A run that a report is made of.</summary>
/// <param name="Name">What it is called where machines have the same name.</param>
internal sealed record ReportedRun(RunRecord Record, string Name);
