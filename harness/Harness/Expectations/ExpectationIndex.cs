using System.IO.Enumeration;
using Conformance.Harness.Reporting;
using Conformance.Harness.Running;

namespace Conformance.Harness.Expectations;

/// <summary>
/// Which case of the suite is listed by which entry. Of several patterns that match a case the first one lists it, those of flaky
/// cases before all others.
/// </summary>
public sealed class ExpectationIndex
{
    private readonly Dictionary<string, (ExpectationEntry Entry, ExpectationPattern Pattern)> _listed = new(
        StringComparer.Ordinal
    );

    private readonly Dictionary<ExpectationPattern, List<ListedCase>> _cases = new(ReferenceEqualityComparer.Instance);

    /// <summary>Finds what each pattern lists.</summary>
    /// <param name="list">The expectations.</param>
    /// <param name="suite">All cases there are, not only those that are to run.</param>
    public ExpectationIndex(ExpectationList list, IReadOnlyList<ListedCase> suite)
    {
        var byId = suite.ToDictionary(one => one.Id, StringComparer.Ordinal);
        var byVector = suite.ToLookup(one => one.Vector, StringComparer.Ordinal);
        foreach (var entry in list.Entries)
        {
            foreach (var pattern in entry.Cases)
            {
                var claimed = new List<ListedCase>();
                foreach (var one in Matches(pattern.Text, suite, byId, byVector))
                {
                    if (_listed.TryAdd(one.Id, (entry, pattern)))
                        claimed.Add(one);
                }

                _cases.Add(pattern, claimed);
            }
        }
    }

    /// <summary>Nothing is listed: an outcome is what was observed.</summary>
    public static ExpectationIndex Empty { get; } = new(ExpectationList.Empty, []);

    /// <summary>The cases that a pattern of the list lists, in the order of the suite.</summary>
    public IReadOnlyList<ListedCase> this[ExpectationPattern pattern] => _cases[pattern];

    /// <summary>Patterns that list no case, each with its place and why.</summary>
    public IEnumerable<string> Stale =>
        _cases
            .Where(pattern => pattern.Value.Count == 0)
            .Select(pattern =>
                $"{pattern.Key.Place}: {pattern.Key.Text} lists no case of the suite that nothing before it lists"
            );

    /// <summary>The entry that lists a case; null where none does.</summary>
    public ExpectationEntry? Find(string id) => _listed.TryGetValue(id, out var listed) ? listed.Entry : null;

    /// <summary>The record with the outcome that the expectations make of what was observed. Cases without a verdict stay as they are.</summary>
    public CaseRecord Judge(CaseRecord result)
    {
        var observed = result.Observed;
        var plain = result with { Outcome = observed, Expectation = null };
        if (!IsVerdict(observed) || !_listed.TryGetValue(result.Id, out var listed))
            return plain;
        var (entry, pattern) = listed;
        return plain with
        {
            Outcome =
                entry.Listed == CaseOutcome.Flaky ? CaseOutcome.Flaky
                : entry.Listed == observed ? CaseOutcome.ExpectedFailure
                : observed == CaseOutcome.Passed ? CaseOutcome.UnexpectedPass
                : observed,
            Expectation = new ExpectationRecord(
                entry.Listed,
                observed,
                pattern.Text,
                entry.Reason,
                entry.Link,
                entry.Owner
            ),
        };
    }

    internal static bool IsVerdict(CaseOutcome observed) =>
        observed is CaseOutcome.Passed or CaseOutcome.Failed or CaseOutcome.Errored;

    // As --filter matches. Most patterns are plain ids, and lists of them may be long.
    private static IEnumerable<ListedCase> Matches(
        string pattern,
        IReadOnlyList<ListedCase> suite,
        Dictionary<string, ListedCase> byId,
        ILookup<string, ListedCase> byVector
    )
    {
        if (pattern.AsSpan().IndexOfAny("*?\\") >= 0)
        {
            return suite.Where(one =>
                FileSystemName.MatchesSimpleExpression(pattern, one.Id, ignoreCase: false)
                || FileSystemName.MatchesSimpleExpression(pattern, one.Vector, ignoreCase: false)
            );
        }

        return byId.TryGetValue(pattern, out var only) && only.Vector != pattern ? [only] : byVector[pattern];
    }
}
