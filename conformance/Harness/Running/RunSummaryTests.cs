using Conformance.Harness.Running;

namespace Conformance.Tests.Harness.Running;

public class RunSummaryTests
{
    [Theory]
    [InlineData(1, 0, 0, 0, 0, true)]
    [InlineData(5, 0, 0, 3, 2, true)]
    [InlineData(5, 1, 0, 0, 0, false)]
    [InlineData(5, 0, 1, 0, 0, false)]
    [InlineData(0, 0, 0, 0, 0, false)]
    [InlineData(0, 0, 0, 9, 0, false)]
    [InlineData(0, 0, 0, 0, 9, false)]
    public void A_run_is_a_success_if_something_passed_and_nothing_failed_or_errored(
        int passed,
        int failed,
        int errored,
        int skipped,
        int notApplicable,
        bool success
    )
    {
        var summary = new RunSummary(passed, failed, errored, skipped, notApplicable);

        summary.IsSuccess.Should().Be(success);
        summary.Total.Should().Be(passed + failed + errored + skipped + notApplicable);
        summary.Executed.Should().Be(passed + failed);
    }

    [Fact]
    public void Every_outcome_is_counted_apart()
    {
        var summary = Enum.GetValues<CaseOutcome>()
            .SelectMany(outcome => Enumerable.Repeat(outcome, 1 + (int)outcome))
            .Aggregate(default(RunSummary), (sum, outcome) => sum.With(outcome));

        summary
            .Should()
            .Be(
                new RunSummary(Passed: 1, Failed: 2, Errored: 3, Skipped: 4, NotApplicable: 5)
                {
                    ExpectedFailure = 6,
                    UnexpectedPass = 7,
                    Flaky = 8,
                }
            );
    }
}
