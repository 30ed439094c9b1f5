namespace Conformance.Harness.Reporting;

/// <summary>Whether two records are of the same cases on the same machine.</summary>
public static class HeaderDifference
{
    /// <summary>The first thing that differs, to follow the names of the two; null where nothing does.</summary>
    /// <param name="isShardCompared">Whether they are to be the same shard too.</param>
    public static string? Of(RunHeader one, RunHeader other, bool isShardCompared = true)
    {
        var (a, b) = (one.Selection, other.Selection);
        if (one.Suite != other.Suite)
            return $"are of different versions of the suite: {one.Suite} and {other.Suite}";
        if (one.Vm != other.Vm)
            return $"are of different machines: {Text(one.Vm)} and {Text(other.Vm)}";
        if (!a.Options.SequenceEqual(b.Options, StringComparer.Ordinal))
            return $"are of different selections: {Text(a)} and {Text(b)}";
        if (a.Vectors != b.Vectors)
            return $"are of different vectors: {a.Vectors ?? "unknown"} and {b.Vectors ?? "unknown"}";
        return isShardCompared && a.Shard != b.Shard
            ? $"are of different shards: {Text(a.Shard)} and {Text(b.Shard)}"
            : null;
    }

    private static string Text(VmRecord vm) => $"{OutcomeText.Machine(vm)} with {vm.Cpus} CPUs";

    private static string Text(SelectionRecord selection) =>
        selection.Options.Count == 0 ? "everything" : string.Join(' ', selection.Options);

    private static string Text(ShardRecord? shard) => shard is null ? "the whole" : $"{shard.Index}/{shard.Count}";
}
