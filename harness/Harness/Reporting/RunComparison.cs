using Conformance.Harness.Running;

namespace Conformance.Harness.Reporting;

/// <summary>
/// What got better and what got worse between two runs. What counts is what was observed, whatever was expected, except that cases
/// listed as flaky decide nothing.
/// </summary>
public sealed class RunComparison
{
    private RunComparison(RunRecord old, RunRecord now)
    {
        Old = old;
        New = now;
        var before = old.Results.ToDictionary(result => result.Id, StringComparer.Ordinal);
        var after = now.Results.Select(result => result.Id).ToHashSet(StringComparer.Ordinal);
        var changes = now
            .Results.Where(result => before.ContainsKey(result.Id))
            .Select(result => new CaseChange(before[result.Id], result))
            .ToLookup(change => change.Kind);
        Worse = [.. changes[ChangeKind.Worse]];
        Better = [.. changes[ChangeKind.Better]];
        Otherwise = [.. changes[ChangeKind.Otherwise]];
        Flaky = [.. changes[ChangeKind.Flaky]];
        Same = changes[ChangeKind.None].Count();
        Appeared = [.. now.Results.Where(result => !before.ContainsKey(result.Id))];
        Vanished = [.. old.Results.Where(result => !after.Contains(result.Id))];
    }

    /// <summary>The earlier run.</summary>
    public RunRecord Old { get; }

    /// <summary>The later run.</summary>
    public RunRecord New { get; }

    /// <summary>From a pass to anything else, and from a broken rule to a machine that does not do its job.</summary>
    public IReadOnlyList<CaseChange> Worse { get; }

    /// <summary>The other way round.</summary>
    public IReadOnlyList<CaseChange> Better { get; }

    /// <summary>Changes that are neither: another rule is broken, or a failing case does not apply any more.</summary>
    public IReadOnlyList<CaseChange> Otherwise { get; }

    /// <summary>Changes of cases that one of the runs lists as flaky.</summary>
    public IReadOnlyList<CaseChange> Flaky { get; }

    /// <summary>How many cases are as they were.</summary>
    public int Same { get; }

    /// <summary>Cases of the later run alone: new vectors, or a wider selection. They got neither better nor worse.</summary>
    public IReadOnlyList<CaseRecord> Appeared { get; }

    /// <summary>Cases of the earlier run alone.</summary>
    public IReadOnlyList<CaseRecord> Vanished { get; }

    /// <summary>
    /// Cases that passed and have not run again although they should have: vectors and selection are the same, or the later run did not
    /// get to its end.
    /// </summary>
    public IEnumerable<CaseRecord> Lost =>
        New.Interrupted || IsSameSelection
            ? Vanished.Where(result => result.Observed == CaseOutcome.Passed && result.Outcome != CaseOutcome.Flaky)
            : [];

    /// <summary>Whether anything got worse.</summary>
    public bool IsWorse => Worse.Count > 0 || Lost.Any();

    private bool IsSameSelection =>
        Old.Header.Selection is { Vectors: not null } old
        && New.Header.Selection is var now
        && old.Vectors == now.Vectors
        && old.Shard == now.Shard
        && old.Options.SequenceEqual(now.Options, StringComparer.Ordinal);

    /// <summary>Compares two runs.</summary>
    public static RunComparison Of(RunRecord old, RunRecord now) => new(old, now);
}

/// <summary>A case in two runs.</summary>
/// <param name="Old">What became of it in the earlier one.</param>
/// <param name="New">What became of it in the later one.</param>
public sealed record CaseChange(CaseRecord Old, CaseRecord New)
{
    internal ChangeKind Kind
    {
        get
        {
            var (old, now) = (Old.Observed, New.Observed);
            if (old == now && Old.Failure?.Rule == New.Failure?.Rule)
                return ChangeKind.None;
            if (Old.Outcome == CaseOutcome.Flaky || New.Outcome == CaseOutcome.Flaky)
                return ChangeKind.Flaky;
            if (old == now || IsRed(old) && !IsRun(now) || !IsRun(old) && !IsRun(now))
                return ChangeKind.Otherwise;
            return Badness(now) > Badness(old) ? ChangeKind.Worse : ChangeKind.Better;
        }
    }

    private static bool IsRed(CaseOutcome observed) => observed is CaseOutcome.Failed or CaseOutcome.Errored;

    private static bool IsRun(CaseOutcome observed) => observed == CaseOutcome.Passed || IsRed(observed);

    private static int Badness(CaseOutcome observed) =>
        observed switch
        {
            CaseOutcome.Passed => 0,
            CaseOutcome.Failed => 2,
            CaseOutcome.Errored => 3,
            // Not run: what passed before is lost.
            _ => 1,
        };
}

internal enum ChangeKind
{
    None,
    Better,
    Worse,
    Otherwise,
    Flaky,
}
