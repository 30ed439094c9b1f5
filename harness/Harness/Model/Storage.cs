using System.Buffers.Binary;
using System.Collections.Immutable;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Model;

/// <summary>
/// Which storage: the whole identity. Program and attachment are no part of it, so whoever is attached there later, or beside,
/// shares it.
/// </summary>
/// <param name="Map">The map's name.</param>
/// <param name="Cgroup">The cgroup's number; a recreated cgroup has a new one.</param>
/// <param name="AttachType">The attach type for maps with 16-byte keys, null for maps with 8-byte keys.</param>
public readonly record struct StorageId(string Map, int Cgroup, AttachType? AttachType);

/// <summary>A storage: one area for the shared kind, one per possible CPU for the per-CPU kind.</summary>
public sealed record Storage(StorageId Id, ImmutableList<Area> Areas)
{
    /// <summary>The area a run on a CPU sees.</summary>
    public Area On(int cpu) => Areas[AreaIndex(cpu)];

    /// <summary>The storage after a run on a CPU.</summary>
    public Storage With(int cpu, Area area) => this with { Areas = Areas.SetItem(AreaIndex(cpu), area) };

    private int AreaIndex(int cpu) => Areas.Count == 1 ? 0 : cpu;
}

/// <summary>
/// What the helper returns a pointer to. Two areas lie at the same address exactly if they have the same buffer and CPU, while
/// both live.
/// </summary>
/// <param name="Buffer">Number of the buffer; a plain update of a shared storage replaces it.</param>
/// <param name="Cpu">CPU of a per-CPU area, else 0.</param>
/// <param name="Bytes">The value: value_size bytes.</param>
/// <param name="HoldsOwnAddress">Whether the 8 bytes at <see cref="WritePointer.Offset"/> are the area's own address.</param>
public sealed record Area(int Buffer, int Cpu, ImmutableArray<byte> Bytes, bool HoldsOwnAddress = false)
{
    /// <summary>The 64-bit little-endian field at offset 0.</summary>
    public ulong Count => BinaryPrimitives.ReadUInt64LittleEndian(Bytes.AsSpan());

    /// <summary>Areas of a new storage: every byte is zero, on every CPU.</summary>
    public static ImmutableList<Area> Zeroed(StorageKind kind, int valueSize, int cpus, int buffer) =>
        [
            .. Enumerable
                .Range(0, kind == StorageKind.PerCpu ? cpus : 1)
                .Select(cpu => new Area(buffer, cpu, [.. new byte[valueSize]])),
        ];

    /// <summary>The area with another number at offset 0.</summary>
    public Area WithCount(ulong count)
    {
        var bytes = Bytes.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, count);
        return this with { Bytes = [.. bytes] };
    }
}
