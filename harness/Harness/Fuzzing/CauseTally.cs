namespace Conformance.Harness.Fuzzing;

/// <summary>How often something was seen.</summary>
/// <param name="Cause">What it is grouped by.</param>
/// <param name="Count">How often.</param>
/// <param name="Seeds">The first seeds that show it, ascending.</param>
public sealed record CauseCount(string Cause, long Count, IReadOnlyList<int> Seeds);

/// <summary>What was seen, by cause. Workers add to it at the same time.</summary>
public sealed class CauseTally
{
    private const int SeedsKept = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Count, List<int> Seeds)> _causes = new(StringComparer.Ordinal);
    private long _total;

    /// <summary>How often anything was seen.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>All causes, most frequent first.</summary>
    public IReadOnlyList<CauseCount> Causes
    {
        get
        {
            lock (_gate)
            {
                return
                [
                    .. _causes
                        .Select(cause => new CauseCount(cause.Key, cause.Value.Count, [.. cause.Value.Seeds.Order()]))
                        .OrderByDescending(cause => cause.Count)
                        .ThenBy(cause => cause.Cause, StringComparer.Ordinal),
                ];
            }
        }
    }

    /// <summary>Adds one.</summary>
    /// <returns>Whether it is the first of its cause: worth a closer look.</returns>
    public bool Add(string cause, int seed)
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _total);
            var isNew = !_causes.TryGetValue(cause, out var known);
            var seeds = known.Seeds ?? [];
            if (seeds.Count < SeedsKept)
            {
                seeds.Add(seed);
            }

            _causes[cause] = (known.Count + 1, seeds);
            return isNew;
        }
    }
}
