using Conformance.Harness.Reporting;

namespace Conformance.Cli.Selecting;

/// <summary>A kind of report.</summary>
/// <param name="Name">As users write it.</param>
/// <param name="Write">Makes it; of several runs only where <paramref name="TakesSeveral"/>.</param>
internal sealed record ReportFormat(
    string Name,
    string Description,
    bool TakesSeveral,
    Action<IReadOnlyList<RunRecord>, TextWriter> Write
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
        new("markdown", "a summary for a job's page", TakesSeveral: true, MarkdownReport.Write),
        One("annotations", "commands for GitHub Actions, one for each broken rule", AnnotationReport.Write),
        One("badge", "JSON for a badge of shields.io", BadgeReport.Write),
    ];

    /// <summary>The format of this name, or null.</summary>
    public static ReportFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);

    private static ReportFormat One(string name, string description, Action<RunRecord, TextWriter> write) =>
        new(name, description, TakesSeveral: false, (runs, writer) => write(runs[0], writer));
}
