using System.Runtime.InteropServices;

namespace Conformance.Harness.Reporting.Html;

/// <summary>Values by number, each held once: what thousands of cases have in common is in the page once.</summary>
internal sealed class Interned<T>(IEqualityComparer<T> comparer)
    where T : notnull
{
    private readonly Dictionary<T, int> _numbers = new(comparer);
    private readonly List<T> _values = [];

    public IReadOnlyList<T> Values => _values;

    /// <summary>The number of a value.</summary>
    public int Of(T value)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, value, out var known);
        if (!known)
        {
            number = _values.Count;
            _values.Add(value);
        }

        return number;
    }
}

/// <summary>Blocks of numbers, equal where all their numbers are.</summary>
internal sealed class SameBlock : IEqualityComparer<int[][]>
{
    public bool Equals(int[][]? x, int[][]? y) =>
        x!.Length == y!.Length && x.Zip(y).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    public int GetHashCode(int[][] obj)
    {
        var hash = new HashCode();
        foreach (var line in obj)
        {
            hash.AddBytes(MemoryMarshal.AsBytes(line.AsSpan()));
        }

        return hash.ToHashCode();
    }
}
