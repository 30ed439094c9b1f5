using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Generation;

/// <summary>
/// Which attach types one sequence uses. On a real kernel some events set off programs of others too (every socket event
/// creates a socket, a packet sent may be one received); the types of one alphabet leave each other alone, so that the same
/// sequence holds on any machine.
/// </summary>
public static class Alphabets
{
    /// <summary>The alphabets; a sequence draws one.</summary>
    public static IReadOnlyList<IReadOnlyList<AttachType>> All { get; } =
    [
        [
            AttachType.CgroupInetIngress,
            AttachType.CgroupInetEgress,
            AttachType.CgroupSockOps,
            AttachType.CgroupDevice,
            AttachType.CgroupInet4Connect,
            AttachType.CgroupInet6Connect,
            AttachType.CgroupSysctl,
            AttachType.CgroupGetsockopt,
            AttachType.CgroupSetsockopt,
        ],
        [AttachType.CgroupInetEgress, AttachType.CgroupInetIngress, AttachType.CgroupSysctl],
        [AttachType.CgroupInet4PostBind, AttachType.CgroupInet6PostBind, AttachType.CgroupDevice],
        [AttachType.CgroupInetSockCreate, AttachType.CgroupDevice, AttachType.CgroupSysctl],
        [
            AttachType.CgroupInet4Getsockname,
            AttachType.CgroupUnixConnect,
            AttachType.CgroupUnixGetsockname,
            AttachType.CgroupSysctl,
        ],
    ];

    /// <summary>The program type of an attach type, and the expected attach type its programs are loaded with.</summary>
    internal static ProgramType ProgramTypeOf(AttachType type) => Model.AttachTypeRules.ProgramTypeOf(type);
}
