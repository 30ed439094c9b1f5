using Conformance.Cli.Output;
using Conformance.Harness.Reporting;
using Conformance.Harness.Running;

namespace Conformance.Tests.Cli;

public class RunRateTests
{
    [Fact]
    public void Steps_that_wait_do_not_count() =>
        RunRate
            .Of(Run((CaseOutcome.Passed, 500, 0), (CaseOutcome.Failed, 1500, 1000)), TimeSpan.FromSeconds(2))!
            .Text.Should()
            .Be("2 cases in 2.0 s, 1.0 s of it in steps that wait: 2 cases/s apart from these");

    [Fact]
    public void Machines_that_wait_at_the_same_time_wait_once() =>
        RunRate
            .Of(Run((CaseOutcome.Passed, 1000, 500), (CaseOutcome.Passed, 1000, 500)), TimeSpan.FromSeconds(1))!
            .Waiting.Should()
            .Be(TimeSpan.FromSeconds(0.5));

    [Fact]
    public void Only_cases_with_a_verdict_count() =>
        RunRate
            .Of(Run((CaseOutcome.Passed, 1, 0), (CaseOutcome.NotApplicable, 1, 0)), TimeSpan.FromSeconds(1))!
            .Cases.Should()
            .Be(1);

    [Fact]
    public void A_run_of_nothing_but_waiting_has_no_rate() =>
        RunRate.Of(Run((CaseOutcome.Passed, 10, 10)), TimeSpan.FromSeconds(1))!.PerSecond.Should().BeNull();

    [Fact]
    public void Where_no_time_has_passed_there_is_nothing_to_say() =>
        RunRate.Of(Run((CaseOutcome.Passed, 1, 0)), TimeSpan.Zero).Should().BeNull();

    private static RunRecord Run(params (CaseOutcome Outcome, double Duration, double Waited)[] results) =>
        new(
            new RunHeader("0.1.0", new VmRecord("sample", "1", null, 1), results.Length),
            [
                .. results.Select(result => new CaseRecord
                {
                    Id = "a.b",
                    Vector = "a.b",
                    Rules = ["a.b"],
                    Outcome = result.Outcome,
                    DurationMs = result.Duration,
                    WaitedMs = result.Waited,
                }),
            ],
            Interrupted: false
        );
}
