using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Model;

/// <summary>What a program's 0 does at an attach type.</summary>
internal enum Denial
{
    /// <summary>The system call fails with EPERM.</summary>
    Fails,

    /// <summary>The packet is dropped.</summary>
    Drops,

    /// <summary>Nothing.</summary>
    Ignored,

    /// <summary>
    /// Nothing, and programs that could return 0 are refused at load. A link update can still bring one in, loaded for another
    /// attach type.
    /// </summary>
    Refused,
}

/// <summary>The few facts about attach types that the model needs.</summary>
internal static class AttachTypeRules
{
    public static ProgramType ProgramTypeOf(AttachType type) =>
        type switch
        {
            AttachType.CgroupInetIngress or AttachType.CgroupInetEgress => ProgramType.CgroupSkb,
            AttachType.CgroupInetSockCreate
            or AttachType.CgroupInetSockRelease
            or AttachType.CgroupInet4PostBind
            or AttachType.CgroupInet6PostBind => ProgramType.CgroupSock,
            AttachType.CgroupSockOps => ProgramType.SockOps,
            AttachType.CgroupDevice => ProgramType.CgroupDevice,
            AttachType.CgroupSysctl => ProgramType.CgroupSysctl,
            AttachType.CgroupGetsockopt or AttachType.CgroupSetsockopt => ProgramType.CgroupSockopt,
            _ => ProgramType.CgroupSockAddr,
        };

    public static Denial DenialAt(AttachType type) =>
        type switch
        {
            AttachType.CgroupInetIngress => Denial.Drops,
            AttachType.CgroupInetSockRelease or AttachType.CgroupSockOps => Denial.Ignored,
            AttachType.CgroupUdp4Recvmsg
            or AttachType.CgroupUdp6Recvmsg
            or AttachType.CgroupUnixRecvmsg
            or AttachType.CgroupInet4Getpeername
            or AttachType.CgroupInet6Getpeername
            or AttachType.CgroupUnixGetpeername
            or AttachType.CgroupInet4Getsockname
            or AttachType.CgroupInet6Getsockname
            or AttachType.CgroupUnixGetsockname => Denial.Refused,
            _ => Denial.Fails,
        };

    /// <summary>Whether a program may be attached there. Packet programs go either way; devices, sysctls and TCP events are not held to the expected type.</summary>
    public static bool Fits(ProgramSketch program, AttachType type) =>
        program.Type == ProgramTypeOf(type)
        && (
            program.Type
                is ProgramType.CgroupSkb
                    or ProgramType.CgroupDevice
                    or ProgramType.CgroupSysctl
                    or ProgramType.SockOps
            || program.Expected == type
        );
}
