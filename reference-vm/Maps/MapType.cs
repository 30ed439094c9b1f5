namespace Conformance.ReferenceVm.Maps;

/// <summary>Map types with their Linux numbers (uapi <c>enum bpf_map_type</c>).</summary>
public enum MapType
{
    /// <summary>Not a type.</summary>
    Unspecified = 0,

    /// <summary><c>hash</c>.</summary>
    Hash = 1,

    /// <summary><c>array</c>.</summary>
    Array = 2,

    /// <summary><c>prog_array</c>: the table of tail calls.</summary>
    ProgArray = 3,

    /// <summary><c>percpu_array</c>.</summary>
    PercpuArray = 6,

    /// <summary><c>cgroup_storage</c>: one buffer per storage.</summary>
    CgroupStorage = 19,

    /// <summary><c>percpu_cgroup_storage</c>: one buffer per possible CPU per storage.</summary>
    PercpuCgroupStorage = 21,
}

/// <summary>The two kinds of storage. At run time the helper looks at nothing of a map but this.</summary>
public enum StorageKind
{
    /// <summary>One buffer, shared by all CPUs.</summary>
    Shared = 0,

    /// <summary>One buffer per possible CPU.</summary>
    PerCpu = 1,
}
