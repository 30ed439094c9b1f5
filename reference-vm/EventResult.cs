using System.Runtime.InteropServices;
using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm;

/// <summary>How an event ended for whoever caused it.</summary>
public enum EventEnd
{
    /// <summary>As if no program were there.</summary>
    Completed,

    /// <summary>The system call failed.</summary>
    Denied,

    /// <summary>The sender saw success, the packet never arrived.</summary>
    Dropped,

    /// <summary>
    /// A program set a result that is neither 0 nor a negated errno. Linux passes it on to callers that are not made for it: the system call may succeed,
    /// fail, or leave the kernel with an object that is none.
    /// </summary>
    Undefined,
}

/// <summary>What became of an event.</summary>
/// <param name="Error">Why it could not happen at all: EBADF (no cgroup), ENOENT (removed), EINVAL (CPU, attach type or options).</param>
/// <param name="Run">How the last run ended; anything but <see cref="RunStatus.Returned"/> stopped the event.</param>
/// <param name="End">How the event ended.</param>
/// <param name="Denial">What the system call failed with.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EventResult(
    Errno Error,
    RunResult Run = default,
    EventEnd End = EventEnd.Completed,
    Errno Denial = Errno.None
)
{
    /// <summary>For sock_ops: what the kernel takes as the programs' reply, -1 where one of them returned 0.</summary>
    public int Reply { get; init; }
}
