namespace Conformance.ReferenceVm.Maps;

/// <summary>What user space asks for when it creates a map.</summary>
/// <param name="Type">The map type.</param>
/// <param name="KeySize">Key size in bytes.</param>
/// <param name="ValueSize">Value size in bytes.</param>
/// <param name="MaxEntries">Capacity; must be 0 for the two storage types.</param>
/// <param name="Flags">The <c>BPF_F_*</c> bits of <c>map_flags</c>.</param>
public sealed record MapDefinition(MapType Type, int KeySize, int ValueSize, int MaxEntries, uint Flags = 0)
{
    /// <summary>Bytes of <see cref="ExclusiveProgramHash"/> (SHA256_DIGEST_SIZE). Any other number: EINVAL.</summary>
    public const int ProgramHashSize = 32;

    /// <summary>Name given at creation, for logs only.</summary>
    public string Name { get; init; } = "";

    /// <summary>Byte offset of a <c>bpf_spin_lock</c> in the value, where the value has one (it is described by BTF on Linux).</summary>
    public int? SpinLockOffset { get; init; }

    /// <summary>numa_node, which counts only with the flag for it (4).</summary>
    public int NumaNode { get; init; }

    /// <summary>map_extra, which no type here takes.</summary>
    public ulong Extra { get; init; }

    /// <summary>Type information for the key, or null.</summary>
    public TypeDescription? KeyType { get; init; }

    /// <summary>Type information for the value, or null. A spin lock in it is where <see cref="SpinLockOffset"/> must say.</summary>
    public TypeDescription? ValueType { get; init; }

    /// <summary>excl_prog_hash: the SHA-256 of the only program that may refer to the map; null: any may.</summary>
    public ReadOnlyMemory<byte>? ExclusiveProgramHash { get; init; }

    /// <summary>CAP_BPF, without which no map is made here (EPERM), as where kernel.unprivileged_bpf_disabled is set.</summary>
    public bool MayCreate { get; init; } = true;

    /// <summary>The storage kind of a storage map, else null.</summary>
    public StorageKind? StorageKind =>
        Type switch
        {
            MapType.CgroupStorage => Maps.StorageKind.Shared,
            MapType.PercpuCgroupStorage => Maps.StorageKind.PerCpu,
            _ => null,
        };
}
