using Conformance.Harness.Machines;
using Conformance.Linux.Calls;
using Conformance.Linux.Cgroups;
using Conformance.Linux.Host;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Linux.Events;

/// <summary>What makes each attach type's programs run exactly once (vectors/README.md, "Events").</summary>
internal static unsafe class EventCatalogue
{
    private const int SolSocket = 1;
    private const int SoType = 3;
    private const int SoPriority = 12;

    // How long to wait before a packet counts as dropped. Loopback delivers within the sending call, as a rule.
    private const int DropMilliseconds = 20;

    private static readonly Lazy<bool> MayMakeNodes = new(() => ProcessRights.OfThisProcess().MayMakeNodes);

    public static Ended Fire(AttachType type, EventSite site) =>
        type switch
        {
            not (AttachType.CgroupGetsockopt or AttachType.CgroupSetsockopt) when site.Socket is not null =>
                throw new ArgumentException($"the event of {type} does not happen on a given socket", nameof(site)),
            AttachType.CgroupInetIngress => Ingress(site),
            AttachType.CgroupInetEgress => Egress(site),
            AttachType.CgroupInetSockCreate => Create(site),
            AttachType.CgroupInetSockRelease => Release(site),
            AttachType.CgroupSockOps => Listen(site),
            AttachType.CgroupDevice => Device(site),
            AttachType.CgroupSysctl => Sysctl(site),
            AttachType.CgroupGetsockopt => GetOption(site),
            AttachType.CgroupSetsockopt => SetOption(site),
            AttachType.CgroupInet4Bind or AttachType.CgroupInet4PostBind => Bind(site, Libc.AF_INET),
            AttachType.CgroupInet6Bind or AttachType.CgroupInet6PostBind => Bind(site, Libc.AF_INET6),
            AttachType.CgroupInet4Connect => Connect(site, Libc.AF_INET),
            AttachType.CgroupInet6Connect => Connect(site, Libc.AF_INET6),
            AttachType.CgroupUnixConnect => Connect(site, Libc.AF_UNIX),
            AttachType.CgroupUdp4Sendmsg => SendMessage(site, Libc.AF_INET),
            AttachType.CgroupUdp6Sendmsg => SendMessage(site, Libc.AF_INET6),
            AttachType.CgroupUnixSendmsg => SendMessage(site, Libc.AF_UNIX),
            AttachType.CgroupUdp4Recvmsg => ReceiveMessage(site, Libc.AF_INET),
            AttachType.CgroupUdp6Recvmsg => ReceiveMessage(site, Libc.AF_INET6),
            AttachType.CgroupUnixRecvmsg => ReceiveMessage(site, Libc.AF_UNIX),
            AttachType.CgroupInet4Getpeername => PeerName(site, Libc.AF_INET),
            AttachType.CgroupInet6Getpeername => PeerName(site, Libc.AF_INET6),
            AttachType.CgroupUnixGetpeername => PeerName(site, Libc.AF_UNIX),
            AttachType.CgroupInet4Getsockname => OwnName(site, Libc.AF_INET),
            AttachType.CgroupInet6Getsockname => OwnName(site, Libc.AF_INET6),
            AttachType.CgroupUnixGetsockname => OwnName(site, Libc.AF_UNIX),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no event is known for this attach type"),
        };

    /// <summary>Whether an event needs IPv6.</summary>
    public static bool UsesIpv6(AttachType type, EventParameters? parameters) =>
        parameters?.Family == "inet6"
        || type
            is AttachType.CgroupInet6Bind
                or AttachType.CgroupInet6PostBind
                or AttachType.CgroupInet6Connect
                or AttachType.CgroupUdp6Sendmsg
                or AttachType.CgroupUdp6Recvmsg
                or AttachType.CgroupInet6Getpeername
                or AttachType.CgroupInet6Getsockname;

    private static Ended Ingress(EventSite site)
    {
        var family = site.Family;
        using var receiver = Sockets.Bound(family, Libc.SOCK_DGRAM, Address.Own(family));
        using var sender = site.Outside(() => Sockets.Bound(family, Libc.SOCK_DGRAM, Address.Peer(family)));
        return Packets(site, sender, receiver, Address.Own(family));
    }

    private static Ended Egress(EventSite site)
    {
        var family = site.Family;
        using var sender = Sockets.Bound(family, Libc.SOCK_DGRAM, Address.Own(family));
        using var receiver = site.Outside(() => Sockets.Bound(family, Libc.SOCK_DGRAM, Address.Peer(family)));
        return Packets(site, sender, receiver, Address.Peer(family));
    }

    private static Ended Packets(EventSite site, Descriptor sender, Descriptor receiver, byte[] to)
    {
        var ended = Ended.Completed;
        var payload = site.Parameters.Payload ?? Sockets.Payload.ToArray();
        for (var i = 0; i < site.Times; i++)
        {
            ended = Ended.By(Sockets.Send(sender, payload, to));
            if (ended == Ended.Completed && !Arrives(receiver))
            {
                ended = Ended.Dropped;
            }
        }

        return ended;
    }

    private static bool Arrives(Descriptor receiver) =>
        Sockets.Receive(receiver, withAddress: false) == Errno.None
        || Sockets.HasInput(receiver, DropMilliseconds) && Sockets.Receive(receiver, withAddress: false) == Errno.None;

    private static Ended Create(EventSite site) =>
        site.Repeat(() =>
        {
            using var socket = Sockets.Open(site.Family, site.SocketType);
            return Libc.ErrnoOf(socket.Number);
        });

    private static Ended Release(EventSite site) =>
        site.Repeat(() =>
        {
            var socket = Sockets.Require(site.Family, site.SocketType);
            return Libc.ErrnoOf(Libc.Close(socket.Number));
        });

    private static Ended Listen(EventSite site) =>
        site.Repeat(() =>
        {
            using var socket = Sockets.Bound(site.Family, Libc.SOCK_STREAM, Address.Own(site.Family));
            return Libc.ErrnoOf(Libc.Listen(socket.Number, 1));
        });

    private static Ended Device(EventSite site)
    {
        // Character device 1:3, which every system has.
        const string Node = "/dev/null";
        const int CharacterDevice = 0x2000;
        const ulong Number = 1 << 8 | 3;
        return site.Parameters.Access switch
        {
            "mknod" when !MayMakeNodes.Value => throw new NotSupportedException(
                "this process lacks CAP_MKNOD (to make device nodes)"
            ),
            "mknod" => site.Repeat(() =>
            {
                var node = Leftovers.Node();
                var errno = Libc.ErrnoOf(Libc.Mknod(node, CharacterDevice | 0x180, Number));
                File.Delete(node);
                return errno;
            }),
            var access => site.Repeat(() =>
            {
                using var file = new Descriptor(
                    Libc.Open(Node, Libc.O_CLOEXEC | (access == "write" ? Libc.O_WRONLY : Libc.O_RDONLY))
                );
                return Libc.ErrnoOf(file.Number);
            }),
        };
    }

    private static Ended Sysctl(EventSite site)
    {
        var buffer = stackalloc byte[64];
        if (site.Parameters.Access == "write")
        {
            throw new NotSupportedException("no sysctl is written on a live kernel");
        }

        return site.Repeat(() =>
        {
            using var file = new Descriptor(Libc.Open("/proc/sys/kernel/ostype", Libc.O_RDONLY | Libc.O_CLOEXEC));
            return Libc.ErrnoOf(Libc.Read(file.Number, buffer, 64));
        });
    }

    private static Ended GetOption(EventSite site)
    {
        using var own = site.Socket is null ? Sockets.Require(site.Family, site.SocketType) : new Descriptor(-1);
        var socket = new Descriptor(site.Socket ?? own.Number);
        var level = site.Parameters.Level ?? SolSocket;
        var name = site.Parameters.OptionName ?? SoType;
        var size = site.Parameters.OptionValue?.Length ?? sizeof(int);
        return site.Repeat(() =>
        {
            var value = new byte[size];
            var length = size;
            fixed (byte* pointer = value)
            {
                return Libc.ErrnoOf(Libc.GetSockOpt(socket.Number, level, name, pointer, &length));
            }
        });
    }

    private static Ended SetOption(EventSite site)
    {
        using var own = site.Socket is null ? Sockets.Require(site.Family, site.SocketType) : new Descriptor(-1);
        var socket = new Descriptor(site.Socket ?? own.Number);
        var level = site.Parameters.Level ?? SolSocket;
        var name = site.Parameters.OptionName ?? SoPriority;
        var value = site.Parameters.OptionValue ?? [3, 0, 0, 0];
        return site.Repeat(() =>
        {
            fixed (byte* pointer = value)
            {
                return Libc.ErrnoOf(Libc.SetSockOpt(socket.Number, level, name, pointer, value.Length));
            }
        });
    }

    private static Ended Bind(EventSite site, int family) =>
        site.Repeat(() =>
        {
            using var socket = Sockets.Require(family, site.SocketType);
            return Sockets.Bind(socket, Address.Own(family));
        });

    private static Ended Connect(EventSite site, int family)
    {
        using var peer =
            family == Libc.AF_UNIX ? Sockets.Bound(family, Libc.SOCK_DGRAM, Address.Peer(family)) : new Descriptor(-1);
        using var socket = Sockets.Require(family, Libc.SOCK_DGRAM);
        return site.Repeat(() => Sockets.Connect(socket, Address.Peer(family)));
    }

    private static Ended SendMessage(EventSite site, int family)
    {
        using var peer = site.Outside(() => Sockets.Bound(family, Libc.SOCK_DGRAM, Address.Peer(family)));
        using var socket = Sockets.Bound(family, Libc.SOCK_DGRAM, Address.Own(family));
        var payload = site.Parameters.Payload ?? Sockets.Payload.ToArray();
        var isConnected = site.Parameters.Connected == true;
        if (isConnected && Sockets.Connect(socket, Address.Peer(family)) != Errno.None)
        {
            throw Sockets.Failed("connect");
        }

        return site.Repeat(() =>
        {
            var errno = Sockets.Send(socket, payload, isConnected ? null : Address.Peer(family));
            // Keeps the peer's queue empty, however often this is repeated.
            _ = Sockets.Receive(peer, withAddress: false);
            return errno;
        });
    }

    private static Ended ReceiveMessage(EventSite site, int family)
    {
        using var socket = Sockets.Bound(family, Libc.SOCK_DGRAM, Address.Own(family));
        using var peer = site.Outside(() => Sockets.Bound(family, Libc.SOCK_DGRAM, Address.Peer(family)));
        return site.Repeat(() =>
        {
            if (
                Sockets.Send(peer, Sockets.Payload, Address.Own(family)) != Errno.None
                || !Sockets.HasInput(socket, 1000)
            )
            {
                throw Sockets.Failed("sendto");
            }

            return Sockets.Receive(socket, withAddress: site.Parameters.Address ?? true);
        });
    }

    private static Ended PeerName(EventSite site, int family)
    {
        // A Unix socket's hook belongs to the peer's cgroup, so both ends are in it.
        using var peer = Sockets.Bound(family, Libc.SOCK_DGRAM, Address.Peer(family));
        using var socket = Sockets.Bound(family, Libc.SOCK_DGRAM, Address.Own(family));
        return Sockets.Connect(socket, Address.Peer(family)) == Errno.None
            ? site.Repeat(() => Sockets.PeerName(socket))
            : throw Sockets.Failed("connect");
    }

    private static Ended OwnName(EventSite site, int family)
    {
        using var socket = Sockets.Bound(family, Libc.SOCK_DGRAM, Address.Own(family));
        return site.Repeat(() => Sockets.OwnName(socket));
    }
}
