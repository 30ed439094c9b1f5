using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Harness.Generation.Programs;

/// <summary>The maps that random programs refer to.</summary>
public static class ProgramWorld
{
    /// <summary>Bytes of a storage's value.</summary>
    public const int StorageSize = 40;

    /// <summary>Bytes of a value of <see cref="Hash"/> and <see cref="Array"/>.</summary>
    public const int ElementSize = 32;

    /// <summary>Elements of <see cref="Array"/>, and at most of <see cref="Hash"/>.</summary>
    public const int Elements = 4;

    /// <summary>Numbers that a program leaves in <see cref="Results"/>: what r7 to r9 held at its end.</summary>
    public const int ResultNumbers = 3;

    /// <summary>The shared storage.</summary>
    public const string Shared = "storage";

    /// <summary>The per-CPU storage.</summary>
    public const string PerCpu = "percpu";

    /// <summary>A hash map with 4-byte keys.</summary>
    public const string Hash = "hash";

    /// <summary>An array.</summary>
    public const string Array = "array";

    /// <summary>An array of one element that takes what the program computed.</summary>
    public const string Results = "results";

    /// <summary>The operations that make the maps.</summary>
    public static IReadOnlyList<MapCreate> Maps { get; } =
    [
        new(Shared, MapType.CgroupStorage, 16, StorageSize, 0),
        new(PerCpu, MapType.PercpuCgroupStorage, 16, StorageSize, 0),
        new(Hash, MapType.Hash, sizeof(uint), ElementSize, Elements),
        new(Array, MapType.Array, sizeof(uint), ElementSize, Elements),
        new(Results, MapType.Array, sizeof(uint), ResultNumbers * sizeof(ulong), 1),
    ];
}
