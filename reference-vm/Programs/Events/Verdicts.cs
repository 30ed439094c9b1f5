using System.Runtime.InteropServices;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Programs.Contexts;

namespace Conformance.ReferenceVm.Programs.Events;

/// <summary>
/// Combines what the programs of one event return (since 5.18, kernel-facts (g)): the event returns 0, or for getsockopt the kernel's
/// result; a program that returns 0 makes that -EPERM unless it is an error already; bpf_set_retval may overwrite it. Before 5.18 the
/// event failed with EPERM where any program had returned 0.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct Verdicts(EventDescription description, bool isAnError)
{
    // IS_ERR_VALUE of Linux: a getsockopt program may write any number, and few are errors.
    private const int LastErrno = 4095;

    // Bit 1 of what egress programs return: tell the sender of congestion. For bind the same bit skips the check of
    // CAP_NET_BIND_SERVICE, which none of these events needs.
    private bool _congestion;

    private bool _isDenied;

    /// <summary>Before each program.</summary>
    public readonly void Before(Workspace workspace)
    {
        if (description.ProgramType == ProgramType.CgroupSkb)
        {
            SkBuffEvent.ClearControlBuffer(workspace);
        }
    }

    /// <summary>After each program.</summary>
    public void After(RunContext run, uint returned)
    {
        if (
            description.AttachType
            is AttachType.CgroupInetEgress
                or AttachType.CgroupInet4Bind
                or AttachType.CgroupInet6Bind
        )
        {
            _congestion |= (returned & 2) != 0;
            returned &= 1;
        }

        if (!isAnError)
        {
            _isDenied |= returned == 0;
        }
        else if (returned == 0 && run.ReturnValue is < -LastErrno or >= 0)
        {
            run.ReturnValue = -(int)Errno.EPERM;
        }
    }

    /// <summary>After the last.</summary>
    public readonly EventResult End(RunContext run, Workspace workspace)
    {
        var retval = _isDenied ? -(int)Errno.EPERM : run.ReturnValue;
        switch (description.AttachType)
        {
            case AttachType.CgroupInetIngress:
                return new(Errno.None, End: retval < 0 ? EventEnd.Dropped : EventEnd.Completed);
            case AttachType.CgroupInetEgress:
                // 2 is a drop that UDP does not report; 3 sends and tells TCP to slow down, which a UDP sender does not see.
                return retval >= 0 ? new(Errno.None)
                    : _congestion ? new(Errno.None, End: EventEnd.Dropped)
                    : Deny(retval);
            // Nobody asks what these returned. Loading permits 1 only, but a link update can bring in a program of another
            // attach type that returns 0.
            case AttachType.CgroupInetSockRelease:
            case AttachType.CgroupUdp4Recvmsg or AttachType.CgroupUdp6Recvmsg or AttachType.CgroupUnixRecvmsg:
            case AttachType.CgroupInet4Getpeername
            or AttachType.CgroupInet6Getpeername
            or AttachType.CgroupUnixGetpeername:
            case AttachType.CgroupInet4Getsockname
            or AttachType.CgroupInet6Getsockname
            or AttachType.CgroupUnixGetsockname:
                return new(Errno.None);
            case AttachType.CgroupSockOps:
                return new(Errno.None) { Reply = retval == 0 ? workspace.Get(SockOpsContext.Reply) : -1 };
            case AttachType.CgroupGetsockopt:
                return Deny(SockoptEvent.EndGet(workspace, description, retval));
            case AttachType.CgroupSetsockopt:
                return Deny(SockoptEvent.EndSet(workspace, description, retval));
            default:
                return retval is < -LastErrno or > 0 ? new(Errno.None, End: EventEnd.Undefined) : Deny(retval);
        }
    }

    private static EventResult Deny(int retval) =>
        retval < 0 ? new(Errno.None, End: EventEnd.Denied, Denial: (Errno)(-retval)) : new(Errno.None);
}
