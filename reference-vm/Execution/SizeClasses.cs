using System.Numerics;

namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// Block sizes of the arena: multiples of 64 bytes up to 1 KiB, then four steps to each doubling, so that at most a fifth of a
/// large block is wasted.
/// </summary>
internal static class SizeClasses
{
    private const int Grain = 64;
    private const int SmallLimit = 1024;
    private const int SmallClasses = SmallLimit / Grain;
    private const int SmallLimitLog2 = 10;
    private const int StepsLog2 = 2;

    /// <summary>Number of classes: enough for blocks of 2^62 bytes.</summary>
    public const int Count = SmallClasses + ((62 - SmallLimitLog2) << StepsLog2) + 1;

    /// <summary>The class of blocks with at least this many bytes, and how many they have.</summary>
    public static (int Index, long BlockSize) Of(long bytes)
    {
        if (bytes <= SmallLimit)
        {
            var grains = (int)Math.Max((bytes + Grain - 1) / Grain, 1);
            return (grains - 1, (long)grains * Grain);
        }

        var log2 = BitOperations.Log2((ulong)(bytes - 1));
        var shift = log2 - StepsLog2;
        var steps = ((bytes - 1) >> shift) + 1;
        var index = SmallClasses + ((log2 - SmallLimitLog2) << StepsLog2) + (int)(steps - (1L << StepsLog2)) - 1;
        return (index, steps << shift);
    }
}
