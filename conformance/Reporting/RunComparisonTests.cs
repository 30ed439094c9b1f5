using Conformance.Harness.Reporting;
using Conformance.Harness.Running;

namespace Conformance.Tests.Reporting;

public sealed class RunComparisonTests
{
    private static readonly RunHeader Header = SampleRun.Record.Header;

    private static CaseRecord Result(string id, CaseOutcome outcome, string? rule = null) =>
        new()
        {
            Id = id,
            Vector = id,
            Rules = [id],
            Outcome = outcome,
            Failure = rule is null ? null : SampleRun.Failed.Failure! with { Rule = rule },
        };

    private static RunRecord Run(params CaseRecord[] results) => new(Header, results, Interrupted: false);

    private static RunComparison Compare(CaseOutcome old, CaseOutcome now) =>
        RunComparison.Of(Run(Result("a", old)), Run(Result("a", now)));

    [Theory]
    [InlineData(CaseOutcome.Passed, CaseOutcome.Failed)]
    [InlineData(CaseOutcome.Passed, CaseOutcome.Errored)]
    [InlineData(CaseOutcome.Passed, CaseOutcome.NotApplicable)]
    [InlineData(CaseOutcome.Passed, CaseOutcome.Skipped)]
    [InlineData(CaseOutcome.Failed, CaseOutcome.Errored)]
    [InlineData(CaseOutcome.NotApplicable, CaseOutcome.Failed)]
    public void What_is_worse_one_way_is_better_the_other_way_or_at_least_not_worse(CaseOutcome good, CaseOutcome bad)
    {
        Compare(good, bad).Worse.Should().ContainSingle();
        Compare(good, bad).IsWorse.Should().BeTrue();
        var back = Compare(bad, good);
        back.IsWorse.Should().BeFalse();
        (back.Better.Count + back.Otherwise.Count).Should().Be(1);
    }

    [Fact]
    public void A_failing_case_that_does_not_apply_any_more_is_not_better()
    {
        Compare(CaseOutcome.Failed, CaseOutcome.NotApplicable).Better.Should().BeEmpty();
        Compare(CaseOutcome.Failed, CaseOutcome.Passed).Better.Should().ContainSingle();
    }

    [Fact]
    public void Another_broken_rule_is_a_change_and_the_same_one_is_none()
    {
        var old = Run(Result("a", CaseOutcome.Failed, "x"), Result("b", CaseOutcome.Failed, "x"));
        var now = Run(Result("a", CaseOutcome.Failed, "y"), Result("b", CaseOutcome.Failed, "x"));
        var comparison = RunComparison.Of(old, now);
        comparison.Otherwise.Should().ContainSingle().Which.New.Id.Should().Be("a");
        comparison.Same.Should().Be(1);
        comparison.IsWorse.Should().BeFalse();
    }

    [Fact]
    public void What_is_expected_makes_no_difference_to_what_was_observed()
    {
        var known = SampleRun.Record.Results.Single(result => result.Outcome == CaseOutcome.ExpectedFailure);
        var plain = known with { Outcome = CaseOutcome.Failed, Expectation = null };
        RunComparison.Of(Run(plain), Run(known)).Same.Should().Be(1);
        RunComparison
            .Of(Run(known with { Outcome = CaseOutcome.Passed, Expectation = null, Failure = null }), Run(known))
            .IsWorse.Should()
            .BeTrue();
    }

    [Fact]
    public void Flaky_cases_decide_nothing()
    {
        var flaky = SampleRun.Record.Results.Single(result => result.Outcome == CaseOutcome.Flaky);
        var failed = flaky with { Expectation = flaky.Expectation! with { Observed = CaseOutcome.Failed } };
        var comparison = RunComparison.Of(Run(flaky), Run(failed));
        comparison.IsWorse.Should().BeFalse();
        comparison.Flaky.Should().ContainSingle();
        RunComparison.Of(Run(flaky), Run()).IsWorse.Should().BeFalse();
    }

    [Fact]
    public void A_case_that_appeared_is_neither_better_nor_worse()
    {
        var comparison = RunComparison.Of(Run(), Run(Result("a", CaseOutcome.Failed)));
        comparison.IsWorse.Should().BeFalse();
        comparison.Appeared.Should().ContainSingle();
    }

    [Fact]
    public void A_pass_that_vanished_is_lost_unless_something_else_was_asked_for()
    {
        var old = Run(Result("a", CaseOutcome.Passed), Result("b", CaseOutcome.Failed));
        var now = Run();
        RunComparison.Of(old, now).Lost.Select(result => result.Id).Should().Equal("a");
        RunComparison.Of(old, now).IsWorse.Should().BeTrue();

        var otherVectors = now with { Header = Header with { Selection = Header.Selection with { Vectors = "11" } } };
        RunComparison.Of(old, otherVectors).IsWorse.Should().BeFalse();
        RunComparison.Of(old, otherVectors).Vanished.Should().HaveCount(2);
        RunComparison.Of(old, otherVectors with { Interrupted = true }).IsWorse.Should().BeTrue();
    }
}
