using Conformance.Harness.Running;

namespace Conformance.Harness.Reporting;

/// <summary>The summary as it stands in reports.</summary>
internal sealed record SummaryCounts(
    int Cases,
    int Passed,
    int Failed,
    int Errored,
    int Skipped,
    int NotApplicable,
    int ExpectedFailure,
    int UnexpectedPass,
    int Flaky
)
{
    public static SummaryCounts Of(RunSummary summary) =>
        new(
            summary.Total,
            summary.Passed,
            summary.Failed,
            summary.Errored,
            summary.Skipped,
            summary.NotApplicable,
            summary.ExpectedFailure,
            summary.UnexpectedPass,
            summary.Flaky
        );
}
