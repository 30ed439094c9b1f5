namespace Conformance.ReferenceVm.Programs;

/// <summary>Program types with their Linux numbers (uapi <c>enum bpf_prog_type</c>).</summary>
public enum ProgramType
{
    /// <summary>Not a type.</summary>
    Unspecified = 0,

    /// <summary><c>socket_filter</c>: not a cgroup type; here so that its refusal can be checked.</summary>
    SocketFilter = 1,

    /// <summary><c>kprobe</c>: not a cgroup type.</summary>
    Kprobe = 2,

    /// <summary><c>sched_cls</c>: not a cgroup type.</summary>
    SchedCls = 3,

    /// <summary><c>tracepoint</c>: not a cgroup type.</summary>
    Tracepoint = 5,

    /// <summary><c>xdp</c>: not a cgroup type.</summary>
    Xdp = 6,

    /// <summary><c>cgroup_skb</c>: packets of the sockets of a cgroup.</summary>
    CgroupSkb = 8,

    /// <summary><c>cgroup_sock</c>: creation, release and binding of sockets.</summary>
    CgroupSock = 9,

    /// <summary><c>sock_ops</c>: TCP events.</summary>
    SockOps = 13,

    /// <summary><c>cgroup_device</c>: access to device nodes.</summary>
    CgroupDevice = 15,

    /// <summary><c>cgroup_sock_addr</c>: addresses passed to bind, connect, sendmsg and their kin.</summary>
    CgroupSockAddr = 18,

    /// <summary><c>cgroup_sysctl</c>: access to files below /proc/sys.</summary>
    CgroupSysctl = 23,

    /// <summary><c>cgroup_sockopt</c>: getsockopt and setsockopt.</summary>
    CgroupSockopt = 25,
}
