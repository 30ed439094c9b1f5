using Conformance.Harness.Expectations;
using Conformance.Harness.Reporting;
using Conformance.Harness.Running;
using Conformance.Tests.Properties;
using FsCheck;
using FsCheck.Fluent;
using static Conformance.Tests.Harness.Expectations.ExpectationIndexTests;

namespace Conformance.Tests.Harness.Expectations;

/// <summary>What a run makes of a file of expectations.</summary>
public sealed class ExpectationUpdateTests
{
    private static readonly ListedCase[] Suite =
    [
        .. from vector in new[] { "a.one", "a.two", "b.one" }
        from axis in new[] { "x", "y", "z" }
        select new ListedCase($"{vector}@{axis}", vector),
        new("c.one", "c.one"),
    ];

    private static readonly string[] Patterns =
    [
        "*",
        "a.*",
        "a.one",
        "a.one@x",
        "*@y",
        "b.one@?",
        "b.one@z",
        "c.one",
        "gone.*",
        "gone.too",
    ];

    private static readonly CaseOutcome[] Observed =
    [
        CaseOutcome.Passed,
        CaseOutcome.Failed,
        CaseOutcome.Errored,
        CaseOutcome.Skipped,
        CaseOutcome.NotApplicable,
    ];

    private static Gen<ExpectationList> Lists =>
        from patterns in Gen.Shuffle(Patterns)
        from lengths in Gen.Choose(0, 3).ListOf(4)
        from outcomes in Gen.Elements(CaseOutcome.Failed, CaseOutcome.Errored, CaseOutcome.Flaky).ListOf(4)
        select List(patterns, [.. lengths], [.. outcomes]);

    // Of each case what was observed, or null where it did not run.
    private static Gen<CaseRecord[]> Runs =>
        from outcomes in Gen.Elements<CaseOutcome?>([.. Observed, null]).ListOf(Suite.Length)
        select Suite
            .Zip(outcomes)
            .Where(pair => pair.Second is not null)
            .Select(pair => Result(pair.First.Id, pair.Second!.Value))
            .ToArray();

    private static ExpectationList List(string[] patterns, int[] lengths, CaseOutcome[] outcomes)
    {
        var entries = new List<ExpectationEntry>();
        var taken = 0;
        foreach (var (length, outcome) in lengths.Zip(outcomes))
        {
            if (length > 0 && taken + length <= patterns.Length)
                entries.Add(
                    Entry(outcome, patterns[taken..(taken + length)]) with
                    {
                        Reason = $"reason {entries.Count}",
                    }
                );
            taken += length;
        }

        return new ExpectationList(
            [.. entries.Where(entry => entry.Listed != CaseOutcome.Flaky)],
            [.. entries.Where(entry => entry.Listed == CaseOutcome.Flaky)]
        );
    }

    private static string Text(ExpectationList list)
    {
        var text = new StringWriter();
        list.Write(text);
        return text.ToString();
    }

    private static void ForAll(Action<ExpectationList, CaseRecord[]> property) =>
        Check.One(
            PropertyRuns.Of(300),
            Prop.ForAll(
                Arb.From(from list in Lists from run in Runs select (list, run)),
                pair => property(pair.list, pair.run)
            )
        );

    [Fact]
    public void After_an_update_the_same_run_is_as_expected() =>
        ForAll(
            (list, run) =>
            {
                var index = new ExpectationIndex(ExpectationUpdate.Of(list, Suite, run), Suite);
                index.Stale.Should().BeEmpty();
                run.Select(index.Judge)
                    .Where(result =>
                        result.Outcome is CaseOutcome.Failed or CaseOutcome.Errored or CaseOutcome.UnexpectedPass
                    )
                    .Should()
                    .BeEmpty();
            }
        );

    [Fact]
    public void A_second_update_by_the_same_run_changes_nothing() =>
        ForAll(
            (list, run) =>
            {
                var once = ExpectationUpdate.Of(list, Suite, run);
                ExpectationUpdate.Of(once, Suite, run).Should().BeSameAs(once);
            }
        );

    [Fact]
    public void A_case_that_stays_listed_keeps_its_reason_and_one_that_was_not_run_stays_listed() =>
        ForAll(
            (list, run) =>
            {
                var before = new ExpectationIndex(list, Suite);
                var after = new ExpectationIndex(ExpectationUpdate.Of(list, Suite, run), Suite);
                var results = run.ToDictionary(result => result.Id, result => result.Outcome);
                foreach (var (id, _) in Suite)
                {
                    var (old, now) = (before.Find(id), after.Find(id));
                    var isAsListed =
                        !results.TryGetValue(id, out var outcome)
                        || outcome is CaseOutcome.Skipped or CaseOutcome.NotApplicable
                        || old?.Listed == CaseOutcome.Flaky
                        || old?.Listed == outcome;
                    if (old is not null && isAsListed)
                        now.Should().BeEquivalentTo(old, it => it.Excluding(entry => entry.Cases), id);
                }
            }
        );

    [Fact]
    public void A_pattern_of_which_a_case_passes_lists_the_others_by_name()
    {
        var entry = Entry(CaseOutcome.Failed, "a.*") with { Comment = "kept" };
        var updated = ExpectationUpdate.Of(
            new ExpectationList([entry], []),
            Suite,
            [Result("a.one@x", CaseOutcome.Passed), Result("a.one@y", CaseOutcome.Failed)]
        );
        var kept = updated.ExpectedFailures.Should().ContainSingle().Subject;
        kept.Cases.Select(pattern => pattern.Text)
            .Should()
            .Equal("a.one@y", "a.one@z", "a.two@x", "a.two@y", "a.two@z");
        kept.Should().BeEquivalentTo(entry, it => it.Excluding(one => one.Cases));
    }

    [Fact]
    public void New_failures_are_entered_by_vector_and_by_how_they_ended_with_a_placeholder()
    {
        var updated = ExpectationUpdate.Of(
            ExpectationList.Empty,
            Suite,
            [
                Result("b.one@x", CaseOutcome.Failed),
                Result("a.one@x", CaseOutcome.Failed),
                Result("a.one@y", CaseOutcome.Errored),
                Result("a.one@z", CaseOutcome.Failed),
                Result("a.two@x", CaseOutcome.Failed),
                Result("a.two@y", CaseOutcome.Failed),
                Result("a.two@z", CaseOutcome.Failed),
                Result("c.one", CaseOutcome.Errored),
            ]
        );
        updated
            .ExpectedFailures.Select(entry =>
                $"{entry.Listed}: {string.Join(' ', entry.Cases.Select(one => one.Text))}"
            )
            .Should()
            .Equal("Failed: a.one@x a.one@z", "Errored: a.one@y", "Failed: a.two", "Failed: b.one@x", "Errored: c.one");
        updated
            .ExpectedFailures.Should()
            .OnlyContain(entry =>
                entry.Reason == ExpectationUpdate.Placeholder && entry.Link == null && entry.Owner == null
            );
    }

    [Fact]
    public void What_an_update_writes_is_read_again()
    {
        var list = ExpectationUpdate.Of(ExpectationList.Empty, Suite, [Result("a.one@x", CaseOutcome.Errored)]);
        var read = ExpectationList.Parse("FILE", System.Text.Encoding.UTF8.GetBytes(Text(list)), out var errors);
        errors.Should().BeEmpty();
        Text(read!).Should().Be(Text(list));
    }
}
