using System.Collections.Frozen;

namespace Conformance.ReferenceVm.Programs;

/// <summary>The mainline release that brought each attach type (include/uapi/linux/bpf.h of the releases).</summary>
public static class AttachTypeAge
{
    // The release that brought the helper: what is not listed is not younger.
    private static readonly KernelVersion Oldest = new(4, 19);

    private static readonly FrozenDictionary<AttachType, KernelVersion> Table = new Dictionary<
        AttachType,
        KernelVersion
    >
    {
        [AttachType.CgroupSysctl] = new(5, 2),
        [AttachType.CgroupUdp4Recvmsg] = new(5, 2),
        [AttachType.CgroupUdp6Recvmsg] = new(5, 2),
        [AttachType.CgroupGetsockopt] = new(5, 3),
        [AttachType.CgroupSetsockopt] = new(5, 3),
        [AttachType.CgroupInet4Getpeername] = new(5, 8),
        [AttachType.CgroupInet6Getpeername] = new(5, 8),
        [AttachType.CgroupInet4Getsockname] = new(5, 8),
        [AttachType.CgroupInet6Getsockname] = new(5, 8),
        [AttachType.CgroupInetSockRelease] = new(5, 9),
        [AttachType.CgroupUnixConnect] = new(6, 7),
        [AttachType.CgroupUnixSendmsg] = new(6, 7),
        [AttachType.CgroupUnixRecvmsg] = new(6, 7),
        [AttachType.CgroupUnixGetpeername] = new(6, 7),
        [AttachType.CgroupUnixGetsockname] = new(6, 7),
    }.ToFrozenDictionary();

    /// <summary>The release of an attach type; 4.19, which brought the helper, for all that are older.</summary>
    public static KernelVersion Since(AttachType type) => Table.GetValueOrDefault(type, Oldest);
}
