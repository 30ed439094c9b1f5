using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Running;

/// <summary>
/// One of several parts of a selection of cases. Which case is in which part hangs on the ids alone: not on their order, nor on the
/// machine. Parts differ by one case at most, and neighbours, which take about as long, are spread over them.
/// </summary>
/// <param name="Index">Which part, from 1.</param>
/// <param name="Count">How many parts there are.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Shard(int Index, int Count)
{
    /// <summary>The cases of this part, in the order in which they are given.</summary>
    public IReadOnlyList<Case> Of(IReadOnlyList<Case> cases)
    {
        var (first, count) = (Index - 1, Count);
        // Shuffled by hash and dealt out like cards.
        var mine = cases
            .Select(@case => @case.Id)
            .OrderBy(Hash)
            .ThenBy(id => id, StringComparer.Ordinal)
            .Where((_, place) => place % count == first)
            .ToHashSet(StringComparer.Ordinal);
        return [.. cases.Where(@case => mine.Contains(@case.Id))];
    }

    /// <summary><c>2/4</c>.</summary>
    public override string ToString() => $"{Index}/{Count}";

    private static ulong Hash(string id)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), digest);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }
}
