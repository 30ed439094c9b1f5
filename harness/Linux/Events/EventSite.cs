using Conformance.Harness.Machines;
using Conformance.Linux.Calls;
using Conformance.ReferenceVm;

namespace Conformance.Linux.Events;

/// <summary>Where an event happens: on which thread, in which cgroup, how often, and what differs from the default.</summary>
/// <param name="Worker">The thread, already pinned and in the cgroup.</param>
/// <param name="CgroupThreads">The cgroup's list of threads, to come back to.</param>
/// <param name="Times">How often.</param>
/// <param name="Parameters">What differs from the default event.</param>
internal readonly record struct EventSite(Worker Worker, int CgroupThreads, int Times, EventParameters Parameters)
{
    /// <summary>The socket that it happens on, where that is not one of its own.</summary>
    public int? Socket { get; init; }

    /// <summary>The address family: the attach type's own, or the one asked for.</summary>
    public int Family => Parameters.Family == "inet6" ? Libc.AF_INET6 : Libc.AF_INET;

    /// <summary>The socket type asked for; datagrams by default.</summary>
    public int SocketType => Parameters.SocketType == "stream" ? Libc.SOCK_STREAM : Libc.SOCK_DGRAM;

    /// <summary>Does something outside the cgroup and comes back.</summary>
    public T Outside<T>(Func<T> action)
    {
        Worker.Leave();
        try
        {
            return action();
        }
        finally
        {
            Worker.Enter(CgroupThreads);
        }
    }

    /// <summary>Repeats a system call and says how the last one ended.</summary>
    public Ended Repeat(Func<Errno> call)
    {
        var ended = Ended.Completed;
        for (var i = 0; i < Times; i++)
        {
            ended = Ended.By(call());
        }

        return ended;
    }
}

/// <summary>How an event ended.</summary>
internal readonly record struct Ended(EventOutcome Outcome, Errno Errno)
{
    public static Ended Completed => new(EventOutcome.Completed, Errno.None);

    /// <summary>As the system call that caused the event says.</summary>
    public static Ended By(Errno errno) => errno == Errno.None ? Completed : new(EventOutcome.Denied, errno);

    public static Ended Dropped => new(EventOutcome.Dropped, Errno.None);
}
