using Conformance.Harness.Expectations;
using Conformance.Harness.Reporting;
using Conformance.Harness.Running;

namespace Conformance.Tests.Harness.Expectations;

/// <summary>Which entry lists a case, and what that makes of its result.</summary>
public sealed class ExpectationIndexTests
{
    private static readonly ListedCase[] Suite =
    [
        new("a.one", "a.one"),
        new("a.two@x", "a.two"),
        new("a.two@y", "a.two"),
        new("b.one@x", "b.one"),
    ];

    internal static ExpectationEntry Entry(CaseOutcome listed, params string[] cases) =>
        new([.. cases.Select(text => new ExpectationPattern(text) { Place = $"at {text}" })], listed, "because")
        {
            Link = "https://example.org",
            Owner = "me",
        };

    internal static CaseRecord Result(string id, CaseOutcome outcome) =>
        new()
        {
            Id = id,
            Vector = id.Split('@')[0],
            Rules = [],
            Outcome = outcome,
        };

    private static ExpectationIndex Index(params ExpectationEntry[] entries) =>
        new(
            new ExpectationList(
                [.. entries.Where(entry => entry.Listed != CaseOutcome.Flaky)],
                [.. entries.Where(entry => entry.Listed == CaseOutcome.Flaky)]
            ),
            Suite
        );

    [Theory]
    [InlineData("a.one", "a.one")]
    [InlineData("a.two", "a.two@x a.two@y")]
    [InlineData("a.two@y", "a.two@y")]
    [InlineData("a.*", "a.one a.two@x a.two@y")]
    [InlineData("?.one", "a.one b.one@x")]
    [InlineData("*@x", "a.two@x b.one@x")]
    [InlineData("A.ONE", "")]
    public void A_pattern_lists_cases_by_their_id_or_their_vectors(string pattern, string cases)
    {
        var entry = Entry(CaseOutcome.Failed, pattern);
        string.Join(' ', Index(entry)[entry.Cases[0]].Select(one => one.Id)).Should().Be(cases);
    }

    [Theory]
    [InlineData(CaseOutcome.Failed, CaseOutcome.Failed, CaseOutcome.ExpectedFailure)]
    [InlineData(CaseOutcome.Failed, CaseOutcome.Passed, CaseOutcome.UnexpectedPass)]
    [InlineData(CaseOutcome.Failed, CaseOutcome.Errored, CaseOutcome.Errored)]
    [InlineData(CaseOutcome.Failed, CaseOutcome.Skipped, CaseOutcome.Skipped)]
    [InlineData(CaseOutcome.Failed, CaseOutcome.NotApplicable, CaseOutcome.NotApplicable)]
    [InlineData(CaseOutcome.Errored, CaseOutcome.Errored, CaseOutcome.ExpectedFailure)]
    [InlineData(CaseOutcome.Errored, CaseOutcome.Failed, CaseOutcome.Failed)]
    [InlineData(CaseOutcome.Errored, CaseOutcome.Passed, CaseOutcome.UnexpectedPass)]
    [InlineData(CaseOutcome.Flaky, CaseOutcome.Passed, CaseOutcome.Flaky)]
    [InlineData(CaseOutcome.Flaky, CaseOutcome.Failed, CaseOutcome.Flaky)]
    [InlineData(CaseOutcome.Flaky, CaseOutcome.Errored, CaseOutcome.Flaky)]
    [InlineData(CaseOutcome.Flaky, CaseOutcome.Skipped, CaseOutcome.Skipped)]
    public void What_is_listed_and_what_is_observed_make_the_outcome(
        CaseOutcome listed,
        CaseOutcome observed,
        CaseOutcome outcome
    )
    {
        var judged = Index(Entry(listed, "a.*")).Judge(Result("a.one", observed));
        judged.Outcome.Should().Be(outcome);
        judged.Observed.Should().Be(observed);
        if (observed is CaseOutcome.Skipped or CaseOutcome.NotApplicable)
        {
            judged.Expectation.Should().BeNull();
        }
        else
        {
            judged
                .Expectation.Should()
                .Be(new ExpectationRecord(listed, observed, "a.*", "because", "https://example.org", "me"));
        }
    }

    [Fact]
    public void A_case_that_is_not_listed_keeps_its_outcome() =>
        Index(Entry(CaseOutcome.Failed, "a.*"))
            .Judge(Result("b.one@x", CaseOutcome.Failed))
            .Should()
            .Match<CaseRecord>(result => result.Outcome == CaseOutcome.Failed && result.Expectation == null);

    [Fact]
    public void A_result_can_be_judged_again_by_another_list()
    {
        var judged = Index(Entry(CaseOutcome.Failed, "a.*")).Judge(Result("a.one", CaseOutcome.Passed));
        Index().Judge(judged).Outcome.Should().Be(CaseOutcome.Passed);
    }

    [Fact]
    public void Of_two_entries_the_first_lists_a_case_and_flaky_ones_come_before_all()
    {
        var index = Index(
            Entry(CaseOutcome.Failed, "a.two@x"),
            Entry(CaseOutcome.Errored, "a.*"),
            Entry(CaseOutcome.Flaky, "a.one")
        );
        index.Find("a.two@x")!.Listed.Should().Be(CaseOutcome.Failed);
        index.Find("a.two@y")!.Listed.Should().Be(CaseOutcome.Errored);
        index.Find("a.one")!.Listed.Should().Be(CaseOutcome.Flaky);
        index.Find("b.one@x").Should().BeNull();
        index.Stale.Should().BeEmpty();
    }

    [Fact]
    public void A_pattern_that_lists_nothing_or_only_what_others_list_is_stale() =>
        Index(Entry(CaseOutcome.Failed, "a.*", "c.*", "a.one"))
            .Stale.Should()
            .Equal(
                "at c.*: c.* lists no case of the suite that nothing before it lists",
                "at a.one: a.one lists no case of the suite that nothing before it lists"
            );
}
