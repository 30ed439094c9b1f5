using Conformance.ReferenceVm.Helpers;

namespace Conformance.ReferenceVm.Programs;

/// <summary>Which helpers are offered to which programs.</summary>
internal static class HelperAvailability
{
    /// <summary>To programs of the seven cgroup types.</summary>
    public static bool ToCgroupPrograms(HelperId helper, AttachType expected) =>
        helper switch
        {
            HelperId.GetLocalStorage => true,
            HelperId.GetRetval or HelperId.SetRetval => HasReturnValue(expected),
            _ => ToEveryProgram(helper),
        };

    /// <summary>To every program type, cgroup or not.</summary>
    public static bool ToEveryProgram(HelperId helper) =>
        helper
            is HelperId.MapLookupElem
                or HelperId.MapUpdateElem
                or HelperId.MapDeleteElem
                or HelperId.KtimeGetNs
                or HelperId.TracePrintk
                or HelperId.GetPrandomU32
                or HelperId.GetSmpProcessorId
                or HelperId.TailCall
                or HelperId.GetCurrentCgroupId
                or HelperId.SpinLock
                or HelperId.SpinUnlock
                or HelperId.ForEachMapElem
                or HelperId.Loop;

    // The decision is by the *expected* attach type alone, whatever the program type: a SYSCTL program loaded with 0
    // (which is the number of ingress) may not call them, with 18 it may (kernel-facts (g), measured).
    private static bool HasReturnValue(AttachType expected) =>
        expected
            is not (
                AttachType.CgroupInetIngress
                or AttachType.CgroupInetEgress
                or AttachType.CgroupSockOps
                or AttachType.CgroupUdp4Recvmsg
                or AttachType.CgroupUdp6Recvmsg
                or AttachType.CgroupUnixRecvmsg
                or AttachType.CgroupInet4Getpeername
                or AttachType.CgroupInet6Getpeername
                or AttachType.CgroupUnixGetpeername
                or AttachType.CgroupInet4Getsockname
                or AttachType.CgroupInet6Getsockname
                or AttachType.CgroupUnixGetsockname
            );
}
