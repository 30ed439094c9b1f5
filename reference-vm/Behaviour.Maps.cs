namespace Conformance.ReferenceVm;

/// <content>Maps.</content>
public sealed partial record Behaviour
{
    /// <summary>Whether there is the per-CPU kind of storage maps (4.20). Before, its type is unknown: EINVAL.</summary>
    public bool PerCpuStorageMaps { get; init; } = Has(Kernel, new(4, 20));

    /// <summary>Whether a storage map may have 8-byte keys, whose storages belong to a cgroup whatever the attach type (5.9). Before: EINVAL.</summary>
    public bool KeysWithoutAttachType { get; init; } = Has(Kernel, new(5, 9));

    /// <summary>Whether a storage value may be larger than a page of 4096 bytes (5.15). Before: E2BIG.</summary>
    public bool StorageValuesBeyondAPage { get; init; } = Has(Kernel, new(5, 15));

    /// <summary>Whether BPF_F_RDONLY_PROG and BPF_F_WRONLY_PROG exist (5.2). Before: EINVAL.</summary>
    public bool ProgramAccessFlags { get; init; } = Has(Kernel, new(5, 2));

    /// <summary>Whether a storage map may describe its key and value by type information (5.0). Before: error 524.</summary>
    public bool TypedStorageMaps { get; init; } = Has(Kernel, new(5, 0));

    /// <summary>Whether there are the batch commands (5.6). Before: EINVAL.</summary>
    public bool MapBatch { get; init; } = Has(Kernel, new(5, 6));

    /// <summary>Whether a map can be bound to a program: BPF_PROG_BIND_MAP (5.10). Before: EINVAL.</summary>
    public bool ProgBindMap { get; init; } = Has(Kernel, new(5, 10));

    /// <summary>Whether a value may hold a bpf_spin_lock, and updates and lookups take the flag for it (5.1). Before, this machine makes no such map: error 524.</summary>
    public bool SpinLocks { get; init; } = Has(Kernel, new(5, 1));

    /// <summary>Whether a spin lock where none may be fails with EOPNOTSUPP (6.0). Before: error 524.</summary>
    public bool RefusesFieldsWithEopnotsupp { get; init; } = Has(Kernel, new(6, 0));

    /// <summary>
    /// Whether a spin lock at an offset that is no multiple of its size fails with EFAULT (6.2, where BPF_BTF_LOAD looks for locks:
    /// btf_parse_struct_metas). Before, creating the map fails with EINVAL.
    /// </summary>
    public bool RefusesMisalignedLocksWithEfault { get; init; } = Has(Kernel, new(6, 2));

    /// <summary>Whether BPF_MAP_FREEZE exists (5.2). Before: EINVAL.</summary>
    public bool MapFreeze { get; init; } = Has(Kernel, new(5, 2));

    /// <summary>Whether BPF_MAP_LOOKUP_AND_DELETE_ELEM exists (4.20). Before: EINVAL.</summary>
    public bool LookupAndDelete { get; init; } = Has(Kernel, new(4, 20));

    /// <summary>Whether hash maps offer lookup-and-delete (5.14). Before: error 524.</summary>
    public bool HashLookupAndDelete { get; init; } = Has(Kernel, new(5, 14));

    /// <summary>
    /// Whether iteration over a storage map ends behind the last key (7.1; 6.1.175, 6.12.91, 6.18.35). Before, asking for the key after the
    /// last one succeeded with bytes of the map's own memory.
    /// </summary>
    public bool IterationEnds { get; init; } = Has(Kernel, new(7, 1), new(6, 1, 175), new(6, 12, 91), new(6, 18, 35));

    /// <summary>Whether unknown flags of a lookup are refused before its descriptor is looked at (up to 6.18).</summary>
    public bool LookupFlagsBeforeDescriptor { get; init; } = !Has(Kernel, new(7, 0));

    /// <summary>Whether per-CPU maps know BPF_F_CPU and BPF_F_ALL_CPUS (7.0). Before: EINVAL.</summary>
    public bool PerCpuElementFlags { get; init; } = Has(Kernel, new(7, 0));

    /// <summary>Whether an update of a per-CPU value stores the padding behind the value too (up to 6.18; in 6.12 up to 6.12.109).</summary>
    public bool UpdateStoresPadding { get; init; } = !Has(Kernel, new(7, 0), new KernelVersion(6, 12, 110));

    /// <summary>Whether a map may be kept to one program, by that program's hash (6.18). Before: EINVAL, for unknown bytes.</summary>
    public bool ExclusiveMaps { get; init; } = Has(Kernel, new(6, 18));
}
