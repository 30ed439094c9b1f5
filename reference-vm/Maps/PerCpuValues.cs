using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Maps;

/// <summary>
/// What the per-CPU types have in common: how user space reads and writes the values of all CPUs at once (areas in order of CPU, a
/// multiple of 8 bytes apart), or since 7.0 of one CPU (BPF_F_CPU, its number in the upper half of the flags), or writes one value to
/// all (BPF_F_ALL_CPUS). Always in place.
/// </summary>
internal sealed class PerCpuValues(Arena arena, int valueSize, int cpus, Behaviour behaviour)
{
    private const ulong OneCpu = 8;
    private const ulong AllCpus = 16;
    private const int CpuShift = 32;

    /// <summary>Bytes of one CPU's area in a buffer for all.</summary>
    public int AreaSize { get; } = valueSize + 7 & ~7;

    /// <summary>Bytes that user space passes: the areas of all CPUs, or one value.</summary>
    public int UserSize(ulong flags) => (flags & (OneCpu | AllCpus)) == 0 ? AreaSize * cpus : valueSize;

    /// <summary>A lookup may be of one CPU.</summary>
    public Errno CheckLookup(ulong flags) => Check(flags, OneCpu);

    /// <summary>An update has the flags of its type, and may be of one CPU or of all.</summary>
    public Errno CheckUpdate(ulong flags, ulong others) => Check(flags, others | OneCpu | AllCpus);

    /// <summary>Copies to user space. The flags have been checked.</summary>
    public void Out(ReadOnlySpan<ulong> addresses, Span<byte> value, ulong flags)
    {
        if ((flags & OneCpu) != 0)
        {
            ValueCopy.Out(arena, addresses[(int)(flags >> CpuShift)], value[..valueSize], null);
            return;
        }

        for (var cpu = 0; cpu < cpus; cpu++)
        {
            ValueCopy.Out(arena, addresses[cpu], value.Slice(cpu * AreaSize, AreaSize), null);
        }
    }

    /// <summary>Copies from user space. The flags have been checked.</summary>
    public void In(ReadOnlySpan<ulong> addresses, ReadOnlySpan<byte> value, ulong flags)
    {
        if ((flags & OneCpu) != 0)
        {
            ValueCopy.In(arena, addresses[(int)(flags >> CpuShift)], value[..valueSize], null);
            return;
        }

        var copied = behaviour.UpdateStoresPadding ? AreaSize : valueSize;
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            var area = (flags & AllCpus) != 0 ? value[..valueSize] : value.Slice(cpu * AreaSize, copied);
            ValueCopy.In(arena, addresses[cpu], area, null);
        }
    }

    private Errno Check(ulong flags, ulong known)
    {
        var cpuFlags = flags & (OneCpu | AllCpus);
        var isSupported = behaviour.PerCpuElementFlags || cpuFlags == 0;
        if (!isSupported || ((uint)flags & ~known) != 0 || cpuFlags == (OneCpu | AllCpus))
        {
            return Errno.EINVAL;
        }

        var cpu = flags >> CpuShift;
        return (cpuFlags & OneCpu) == 0 ? (cpu == 0 ? Errno.None : Errno.EINVAL)
            : cpu < (ulong)cpus ? Errno.None
            : Errno.ERANGE;
    }
}
