using System.Collections.Frozen;
using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Programs.Contexts;

namespace Conformance.ReferenceVm.Programs;

/// <summary>The table of program types: the seven that are attached to cgroups, and five that are not and may not call the helper.</summary>
public static class ProgramTypes
{
    private static readonly ReturnRange Verdict = new(0, 1);

    private static readonly FrozenDictionary<ProgramType, ProgramTypeInfo> Table = new[]
    {
        new ProgramTypeInfo(
            ProgramType.CgroupSkb,
            SkBuffContext.CgroupSkb,
            [AttachType.CgroupInetIngress, AttachType.CgroupInetEgress]
        )
        {
            NormalizeExpected = OneOf(AttachType.CgroupInetIngress, AttachType.CgroupInetEgress),
            // Egress can report congestion too: bit 1 (kernel-facts (g)).
            ReturnRange = expected => expected == AttachType.CgroupInetEgress ? new(0, 3) : Verdict,
            Offers = HelperAvailability.ToCgroupPrograms,
            HasTestRun = true,
            TyingReturns = new(2, 3),
        },
        new ProgramTypeInfo(ProgramType.CgroupSock, SockContext.CgroupSock, AttachTypesOfSock)
        {
            NormalizeExpected = number =>
                number == 0 ? AttachType.CgroupInetSockCreate : OneOf(AttachTypesOfSock)(number),
            ReturnRange = _ => Verdict,
            Offers = HelperAvailability.ToCgroupPrograms,
            AttachesOnlyAsExpected = true,
        },
        new ProgramTypeInfo(ProgramType.SockOps, SockOpsContext.Layout, [AttachType.CgroupSockOps])
        {
            NormalizeExpected = AnyNumber,
            ReturnRange = _ => Verdict,
            Offers = HelperAvailability.ToCgroupPrograms,
        },
        new ProgramTypeInfo(ProgramType.CgroupDevice, DeviceContext.Layout, [AttachType.CgroupDevice])
        {
            NormalizeExpected = AnyNumber,
            ReturnRange = _ => Verdict,
            Offers = HelperAvailability.ToCgroupPrograms,
        },
        new ProgramTypeInfo(ProgramType.CgroupSockAddr, SockAddrContext.Layout, AttachTypesOfSockAddr)
        {
            NormalizeExpected = OneOf(AttachTypesOfSockAddr),
            ReturnRange = ReturnsOfSockAddr,
            Offers = HelperAvailability.ToCgroupPrograms,
            AttachesOnlyAsExpected = true,
        },
        new ProgramTypeInfo(ProgramType.CgroupSysctl, SysctlContext.Layout, [AttachType.CgroupSysctl])
        {
            NormalizeExpected = AnyNumber,
            ReturnRange = _ => Verdict,
            Offers = HelperAvailability.ToCgroupPrograms,
        },
        new ProgramTypeInfo(
            ProgramType.CgroupSockopt,
            SockoptContext.Layout,
            [AttachType.CgroupGetsockopt, AttachType.CgroupSetsockopt]
        )
        {
            NormalizeExpected = OneOf(AttachType.CgroupGetsockopt, AttachType.CgroupSetsockopt),
            ReturnRange = _ => Verdict,
            Offers = HelperAvailability.ToCgroupPrograms,
            AttachesOnlyAsExpected = true,
        },
        WithoutCgroup(ProgramType.SocketFilter, SkBuffContext.SocketFilter),
        WithoutCgroup(ProgramType.SchedCls, SkBuffContext.SchedCls),
        WithoutCgroup(ProgramType.Kprobe, OpaqueContexts.Kprobe),
        WithoutCgroup(ProgramType.Tracepoint, OpaqueContexts.Tracepoint),
        WithoutCgroup(ProgramType.Xdp, OpaqueContexts.Xdp),
    }.ToFrozenDictionary(info => info.Type);

    private static readonly FrozenDictionary<AttachType, ProgramType> ByAttachType = Table
        .Values.SelectMany(info => info.AttachTypes.Select(attachType => (attachType, info.Type)))
        .ToFrozenDictionary(pair => pair.attachType, pair => pair.Type);

    /// <summary>All program types this machine can load.</summary>
    public static IReadOnlyCollection<ProgramTypeInfo> All => Table.Values;

    /// <summary>The attach types of CGROUP_SOCK.</summary>
    private static AttachType[] AttachTypesOfSock =>
        [
            AttachType.CgroupInetSockCreate,
            AttachType.CgroupInet4PostBind,
            AttachType.CgroupInet6PostBind,
            AttachType.CgroupInetSockRelease,
        ];

    /// <summary>The seventeen attach types of CGROUP_SOCK_ADDR.</summary>
    private static AttachType[] AttachTypesOfSockAddr =>
        [
            AttachType.CgroupInet4Bind,
            AttachType.CgroupInet6Bind,
            AttachType.CgroupInet4Connect,
            AttachType.CgroupInet6Connect,
            AttachType.CgroupUnixConnect,
            AttachType.CgroupUdp4Sendmsg,
            AttachType.CgroupUdp6Sendmsg,
            AttachType.CgroupUnixSendmsg,
            AttachType.CgroupUdp4Recvmsg,
            AttachType.CgroupUdp6Recvmsg,
            AttachType.CgroupUnixRecvmsg,
            AttachType.CgroupInet4Getpeername,
            AttachType.CgroupInet6Getpeername,
            AttachType.CgroupUnixGetpeername,
            AttachType.CgroupInet4Getsockname,
            AttachType.CgroupInet6Getsockname,
            AttachType.CgroupUnixGetsockname,
        ];

    /// <summary>What is known of a program type, or null where it cannot be loaded (EINVAL).</summary>
    public static ProgramTypeInfo? Find(ProgramType type) => Table.GetValueOrDefault(type);

    /// <summary>What is known of a program type that exists.</summary>
    public static ProgramTypeInfo Of(ProgramType type) => Table[type];

    /// <summary>The program type that an attach type belongs to, or null where there is no such cgroup attach type.</summary>
    public static ProgramType? Of(AttachType attachType) =>
        ByAttachType.TryGetValue(attachType, out var type) ? type : null;

    private static ProgramTypeInfo WithoutCgroup(ProgramType type, ContextLayout context) =>
        new(type, context, [])
        {
            NormalizeExpected = AnyNumber,
            ReturnRange = _ => null,
            Offers = (helper, _) => HelperAvailability.ToEveryProgram(helper),
        };

    // Hooks that only report an address cannot fail, so their programs must return 1; bind's bit 1 asks to skip the check of
    // CAP_NET_BIND_SERVICE.
    private static ReturnRange? ReturnsOfSockAddr(AttachType expected) =>
        expected switch
        {
            AttachType.CgroupInet4Bind or AttachType.CgroupInet6Bind => new(0, 3),
            AttachType.CgroupUdp4Recvmsg
            or AttachType.CgroupUdp6Recvmsg
            or AttachType.CgroupUnixRecvmsg
            or AttachType.CgroupInet4Getpeername
            or AttachType.CgroupInet6Getpeername
            or AttachType.CgroupUnixGetpeername
            or AttachType.CgroupInet4Getsockname
            or AttachType.CgroupInet6Getsockname
            or AttachType.CgroupUnixGetsockname => new(1, 1),
            _ => Verdict,
        };

    private static AttachType? AnyNumber(int number) => (AttachType)number;

    private static Func<int, AttachType?> OneOf(params AttachType[] permitted) =>
        number => Array.IndexOf(permitted, (AttachType)number) >= 0 ? (AttachType)number : null;
}
