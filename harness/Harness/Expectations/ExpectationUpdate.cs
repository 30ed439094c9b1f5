using Conformance.Harness.Reporting;
using Conformance.Harness.Running;

namespace Conformance.Harness.Expectations;

/// <summary>
/// Makes of a list of expectations the one that a run would have fulfilled. Entries keep their reason, link, owner and comment as long as a
/// case of theirs stays; cases that have not run, or came to no verdict, stay where they are.
/// </summary>
public static class ExpectationUpdate
{
    /// <summary>The reason of what is new.</summary>
    public const string Placeholder =
        ExpectationEntry.Unexplained
        + ": entered by --update-expectations; say why, where it is tracked and who looks after it";

    /// <summary>The updated list; the very same one where nothing is to change.</summary>
    /// <param name="suite">All cases there are.</param>
    /// <param name="results">What has run.</param>
    public static ExpectationList Of(
        ExpectationList list,
        IReadOnlyList<ListedCase> suite,
        IReadOnlyList<CaseRecord> results
    )
    {
        var observed = results
            .Where(result => ExpectationIndex.IsVerdict(result.Observed))
            .ToDictionary(result => result.Id, result => result.Observed, StringComparer.Ordinal);
        // What one pattern gives up, a later one may match: until each lists only what is as it says.
        for (var before = list; ; before = list)
        {
            list = Tightened(list, new ExpectationIndex(list, suite), observed);
            if (ReferenceEquals(list, before))
                break;
        }

        var index = new ExpectationIndex(list, suite);
        ExpectationEntry[] added =
        [
            .. suite
                .GroupBy(one => one.Vector, StringComparer.Ordinal)
                .OrderBy(vector => vector.Key, StringComparer.Ordinal)
                .SelectMany(vector => Added([.. vector], index, observed)),
        ];
        return added.Length == 0 ? list : list with { ExpectedFailures = [.. list.ExpectedFailures, .. added] };
    }

    private static ExpectationList Tightened(
        ExpectationList list,
        ExpectationIndex index,
        Dictionary<string, CaseOutcome> observed
    )
    {
        var failures = Tightened(list.ExpectedFailures, index, observed);
        var flaky = Tightened(list.Flaky, index, observed);
        return ReferenceEquals(failures, list.ExpectedFailures) && ReferenceEquals(flaky, list.Flaky)
            ? list
            : list with
            {
                ExpectedFailures = failures,
                Flaky = flaky,
            };
    }

    private static IReadOnlyList<ExpectationEntry> Tightened(
        IReadOnlyList<ExpectationEntry> entries,
        ExpectationIndex index,
        Dictionary<string, CaseOutcome> observed
    )
    {
        var changed = false;
        var kept = new List<ExpectationEntry>();
        foreach (var entry in entries)
        {
            var patterns = new List<ExpectationPattern>();
            foreach (var pattern in entry.Cases)
            {
                var cases = index[pattern];
                var holding = cases.Where(one => Holds(entry, one, observed)).ToArray();
                var isKept = holding.Length == cases.Count && cases.Count > 0;
                changed |= !isKept;
                patterns.AddRange(
                    isKept ? [pattern] : holding.Select(one => new ExpectationPattern(one.Id) { Place = pattern.Place })
                );
            }

            if (patterns.Count > 0)
                kept.Add(entry with { Cases = patterns });
        }

        return changed ? kept : entries;
    }

    private static bool Holds(ExpectationEntry entry, ListedCase one, Dictionary<string, CaseOutcome> observed) =>
        entry.Listed == CaseOutcome.Flaky || !observed.TryGetValue(one.Id, out var outcome) || outcome == entry.Listed;

    private static IEnumerable<ExpectationEntry> Added(
        ListedCase[] vector,
        ExpectationIndex index,
        Dictionary<string, CaseOutcome> observed
    ) =>
        vector
            .Where(one => index.Find(one.Id) is null)
            .GroupBy(one => observed.GetValueOrDefault(one.Id, CaseOutcome.NotApplicable))
            .Where(group => group.Key is CaseOutcome.Failed or CaseOutcome.Errored)
            .OrderBy(group => group.Key)
            .Select(group => new ExpectationEntry(
                group.Count() == vector.Length
                    ? [new ExpectationPattern(vector[0].Vector)]
                    : [.. group.Select(one => new ExpectationPattern(one.Id))],
                group.Key,
                Placeholder
            ));
}
