using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Programs.Events;

namespace Conformance.ReferenceVm;

/// <content>Sockets that outlive an event.</content>
public sealed partial class Machine
{
    /// <summary>
    /// socket(2) by a task of a cgroup: the event of cgroup_inet_sock_create. EBADF where the descriptor is no cgroup's, ENOENT where it has been
    /// removed. The socket is open where the result is neither an error nor a denial.
    /// </summary>
    /// <param name="cgroup">The cgroup of the task.</param>
    /// <param name="isStream">Whether it is a TCP socket.</param>
    /// <param name="descriptor">The socket's descriptor, or -1.</param>
    public EventResult SocketCreate(int cgroup, bool isStream, out int descriptor)
    {
        descriptor = -1;
        var options = isStream ? new EventOptions { SocketType = EventDescription.Stream } : null;
        var result = Fire(cgroup, AttachType.CgroupInetSockCreate, options: options);
        if (result is { Error: Errno.None, Denial: Errno.None, Run.Status: Execution.RunStatus.Returned })
        {
            lock (_gate)
            {
                descriptor = OpenSocket(Find<Cgroup>(cgroup)!);
            }
        }

        return result;
    }

    /// <summary>accept(2): the new socket belongs to the listener's cgroup, whoever accepts. EBADF where the descriptor is no socket's.</summary>
    public Errno SocketAccept(int listener, out int descriptor)
    {
        lock (_gate)
        {
            descriptor = Find<Socket>(listener) is { } socket ? OpenSocket(socket.Cgroup) : -1;
            return descriptor < 0 ? Errno.EBADF : Errno.None;
        }
    }

    /// <summary>close(2) of a socket: the event of cgroup_inet_sock_release, in the socket's cgroup. EBADF where the descriptor is no socket's.</summary>
    public EventResult SocketClose(int descriptor)
    {
        Socket? socket;
        lock (_gate)
        {
            socket = Find<Socket>(descriptor);
        }

        if (socket is null)
        {
            return new(Errno.EBADF);
        }

        var result = Fire(socket.Cgroup, EventDescription.Of(AttachType.CgroupInetSockRelease, options: null)!, cpu: 0);
        _ = Close(descriptor);
        return result;
    }

    /// <summary>
    /// getsockopt(2) or setsockopt(2) on a socket by a task of whatever cgroup: the socket's cgroup decides what runs, also where that has been
    /// removed. EINVAL for other attach types, EBADF where a descriptor is not what it should be.
    /// </summary>
    public EventResult FireOnSocket(
        int socket,
        int taskCgroup,
        AttachType attachType,
        int cpu = 0,
        EventOptions? options = null,
        int times = 1
    )
    {
        Socket? target;
        Cgroup? task;
        lock (_gate)
        {
            (target, task) = (Find<Socket>(socket), Find<Cgroup>(taskCgroup));
        }

        if (target is null || task is null)
        {
            return new(Errno.EBADF);
        }

        return attachType is AttachType.CgroupGetsockopt or AttachType.CgroupSetsockopt
            ? Fire(target.Cgroup, task, attachType, cpu, options, times)
            : new(Errno.EINVAL);
    }

    private int OpenSocket(Cgroup cgroup)
    {
        cgroup.Sockets++;
        return _descriptors.Open(new Socket(cgroup));
    }
}
