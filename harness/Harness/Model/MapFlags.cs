namespace Conformance.Harness.Model;

/// <summary>The <c>BPF_F_*</c> bits of map creation, and the flags of lookups and updates.</summary>
public static class MapFlags
{
    /// <summary>BPF_F_NUMA_NODE.</summary>
    public const uint NumaNode = 4;

    /// <summary>BPF_F_RDONLY: the descriptor cannot write.</summary>
    public const uint ReadOnly = 8;

    /// <summary>BPF_F_WRONLY: the descriptor cannot read.</summary>
    public const uint WriteOnly = 0x10;

    /// <summary>BPF_F_RDONLY_PROG.</summary>
    public const uint ReadOnlyForPrograms = 0x80;

    /// <summary>BPF_F_WRONLY_PROG.</summary>
    public const uint WriteOnlyForPrograms = 0x100;

    /// <summary>BPF_EXIST, of an update.</summary>
    public const ulong Exist = 2;

    /// <summary>BPF_F_LOCK, of a lookup or an update.</summary>
    public const ulong Lock = 4;

    internal const uint All = NumaNode | ReadOnly | WriteOnly | ReadOnlyForPrograms | WriteOnlyForPrograms;

    // BPF_F_CPU and BPF_F_ALL_CPUS: known since 7.0, EINVAL before; the model leaves them open.
    internal const ulong ChooseCpu = 8 | 16;
}
