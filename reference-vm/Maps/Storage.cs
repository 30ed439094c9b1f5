using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Maps;

/// <summary>
/// One storage: the value that belongs to a cgroup, or to a cgroup and an attach type, in one map. Attachments are bound to it
/// when they are made; it outlives them, and ends with its cgroup or its map.
/// </summary>
public sealed class Storage
{
    private readonly ulong[] _buffers;

    internal Storage(CgroupStorageMap map, ulong cgroupId, AttachType attachType, ulong[] buffers)
    {
        Map = map;
        CgroupId = cgroupId;
        AttachType = attachType;
        _buffers = buffers;
    }

    /// <summary>The map it is an entry of.</summary>
    public CgroupStorageMap Map { get; }

    /// <summary>The cgroup it belongs to.</summary>
    public ulong CgroupId { get; }

    /// <summary>The attach type it belongs to; of no meaning where the map has 8-byte keys.</summary>
    public AttachType AttachType { get; }

    /// <summary>
    /// Guest address of the value as a program on this CPU sees it: the current buffer of a shared storage (a plain update
    /// replaces it), or the CPU's own area, which stays where it is. Read once per helper call.
    /// </summary>
    public ulong AddressOn(int cpu) => Volatile.Read(ref _buffers[_buffers.Length == 1 ? 0 : cpu]);

    /// <summary>One address for a shared storage, one for each possible CPU for a per-CPU one.</summary>
    internal ReadOnlySpan<ulong> Buffers => _buffers;

    /// <summary>Puts another buffer in place of the shared one; returns the old one.</summary>
    internal ulong Swap(ulong buffer) => Interlocked.Exchange(ref _buffers[0], buffer);
}
