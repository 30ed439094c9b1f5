namespace Conformance.Harness.Reporting;

/// <summary>Makes one run of the runs of its shards.</summary>
public static class RunMerge
{
    /// <summary>The whole; or why these are no parts of one.</summary>
    /// <param name="parts">The runs, with the names of their files; at least one.</param>
    /// <param name="order">Ids of cases in the order of the suite. Cases that are not among them come last, as they are found.</param>
    public static MergedRun Of(IReadOnlyList<NamedRun> parts, IReadOnlyList<string> order)
    {
        foreach (var part in parts.Skip(1))
        {
            if (Difference(parts[0], part) is { } difference)
                return MergedRun.Refused($"{parts[0].File} and {part.File} {difference}");
        }

        if (Overlap(parts) is { } overlap)
            return MergedRun.Refused(overlap);
        var first = parts[0].Run.Header;
        string[] missing = [.. Missing(parts)];
        var places = order.Select((id, place) => (id, place)).ToDictionary(StringComparer.Ordinal);
        var results = parts
            .SelectMany(part => part.Run.Results)
            .OrderBy(result => places.GetValueOrDefault(result.Id, int.MaxValue));
        var header = first with
        {
            Cases = first.Selection.Shard?.Of ?? first.Cases,
            Selection = first.Selection with { Shard = null },
        };
        var run = new RunRecord(header, [.. results], Interrupted: missing.Length > 0)
        {
            StaleExpectations =
            [
                .. parts.SelectMany(part => part.Run.StaleExpectations).Distinct(StringComparer.Ordinal),
            ],
        };
        return new MergedRun(run, Refusal: null, missing);
    }

    /// <summary>Why two headers are not of the same run; null where they may be. How many CPUs a machine has makes no difference.</summary>
    private static string? Difference(NamedRun one, NamedRun other)
    {
        var (a, b) = (one.Run.Header, other.Run.Header);
        if ((a.Selection.Shard ?? b.Selection.Shard) is null)
            return "are both whole runs: only shards of one run can be merged";
        return HeaderDifference.Of(a, b with { Vm = b.Vm with { Cpus = a.Vm.Cpus } }, isShardCompared: false)
            ?? (
                a.Selection.Shard?.Count != b.Selection.Shard?.Count || a.Selection.Shard?.Of != b.Selection.Shard?.Of
                    ? $"are parts of different wholes: {Text(a)} and {Text(b)}"
                    : null
            );
    }

    private static string Text(RunHeader header) =>
        header.Selection.Shard is { } shard ? $"shard {shard.Index}/{shard.Count} of {shard.Of} cases" : "a whole run";

    private static string? Overlap(IReadOnlyList<NamedRun> parts)
    {
        var shards = new Dictionary<int, string>();
        var cases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, run) in parts)
        {
            if (run.Header.Selection.Shard is { } shard && !shards.TryAdd(shard.Index, file))
                return $"{shards[shard.Index]} and {file} are both shard {shard.Index}/{shard.Count}";
            foreach (var id in run.Results.Select(result => result.Id))
            {
                if (!cases.TryAdd(id, file))
                    return $"the case {id} is in {cases[id]} and in {file}";
            }
        }

        return null;
    }

    private static IEnumerable<string> Missing(IReadOnlyList<NamedRun> parts)
    {
        var shards = parts.Select(part => part.Run.Header.Selection.Shard).OfType<ShardRecord>().ToArray();
        if (shards.Length > 0)
        {
            var count = shards[0].Count;
            foreach (var index in Enumerable.Range(1, count).Except(shards.Select(shard => shard.Index)))
                yield return $"shard {index}/{count} is missing";
        }

        foreach (var (file, run) in parts)
        {
            if (run.Results.Count < run.Header.Cases || run.Interrupted)
                yield return $"{file} holds {run.Results.Count} of {run.Header.Cases} cases";
        }
    }
}

/// <summary>A run and the file it was read from.</summary>
/// <param name="File">As messages name it.</param>
/// <param name="Run">The run.</param>
public sealed record NamedRun(string File, RunRecord Run);

/// <summary>What became of merging.</summary>
/// <param name="Run">The whole, interrupted where anything is missing; null where it was refused.</param>
/// <param name="Refusal">Why the parts are not of one run.</param>
/// <param name="Missing">What is not there.</param>
public sealed record MergedRun(RunRecord? Run, string? Refusal, IReadOnlyList<string> Missing)
{
    internal static MergedRun Refused(string why) => new(Run: null, why, []);
}
