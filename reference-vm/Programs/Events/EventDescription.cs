using System.Collections.Frozen;

namespace Conformance.ReferenceVm.Programs.Events;

/// <summary>
/// Everything that distinguishes one event from another: the default of its attach type, with options laid over it. The numbers
/// are those of vectors/README.md. Ports are in host order.
/// </summary>
internal sealed record EventDescription(AttachType AttachType, ProgramType ProgramType)
{
    public const int AfUnix = 1;
    public const int AfInet = 2;
    public const int AfInet6 = 10;
    public const int Stream = 1;
    public const int Datagram = 2;

    private const ushort OwnPort = 41001;
    private const ushort PeerPort = 41002;
    private const int SolSocket = 1;
    private const int SoType = 3;
    private const int SoPriority = 12;
    private const int DeviceRead = 2;
    private const int DeviceAccessMask = 7;

    private static readonly byte[] DefaultPayload = "conform!"u8.ToArray();

    private static readonly FrozenDictionary<AttachType, EventDescription> Defaults = ProgramTypes
        .All.SelectMany(info => info.AttachTypes.Select(attachType => DefaultOf(attachType, info.Type)))
        .ToFrozenDictionary(description => description.AttachType);

    public int Family { get; private init; } = AfInet;

    public int SocketType { get; private init; } = Datagram;

    /// <summary>Port of the address that the system call is about; 0 where there is none.</summary>
    public ushort AddressPort { get; private init; }

    /// <summary>Port that the cgroup's socket is bound to, or 0.</summary>
    public ushort LocalPort { get; private init; }

    /// <summary>Port that the cgroup's socket is connected to, or 0.</summary>
    public ushort ConnectedPort { get; private init; }

    public ushort PacketSource { get; private init; }

    public ushort PacketDestination { get; private init; }

    public byte[] Payload { get; private init; } = DefaultPayload;

    public int DeviceAccess { get; private init; } = DeviceRead;

    public bool SysctlWrite { get; private init; }

    public int Level { get; private init; } = SolSocket;

    public int OptionName { get; private init; }

    public byte[] OptionValue { get; private init; } = new byte[sizeof(int)];

    /// <summary>Whether the event passes by all programs.</summary>
    public bool RunsNothing { get; private init; }

    /// <summary>IPPROTO_TCP or IPPROTO_UDP, or 0 for Unix sockets.</summary>
    public int Protocol =>
        Family == AfUnix ? 0
        : SocketType == Stream ? 6
        : 17;

    /// <summary>The event with these options; null where there is no such attach type, or an option means nothing to it.</summary>
    public static EventDescription? Of(AttachType attachType, EventOptions? options)
    {
        if (!Defaults.TryGetValue(attachType, out var description))
        {
            return null;
        }

        return options is null || options == new EventOptions() ? description : description.With(options);
    }

    private static EventDescription DefaultOf(AttachType attachType, ProgramType type)
    {
        var description = new EventDescription(attachType, type);
        return attachType switch
        {
            AttachType.CgroupInetIngress => description with
            {
                LocalPort = OwnPort,
                PacketSource = PeerPort,
                PacketDestination = OwnPort,
            },
            AttachType.CgroupInetEgress => description with
            {
                LocalPort = OwnPort,
                PacketSource = OwnPort,
                PacketDestination = PeerPort,
            },
            AttachType.CgroupSockOps => description with { LocalPort = OwnPort, SocketType = Stream },
            AttachType.CgroupInet4PostBind => description with { LocalPort = OwnPort },
            AttachType.CgroupInet6PostBind => description with { Family = AfInet6, LocalPort = OwnPort },
            AttachType.CgroupGetsockopt => description with { OptionName = SoType },
            AttachType.CgroupSetsockopt => description with { OptionName = SoPriority, OptionValue = [3, 0, 0, 0] },
            _ => type == ProgramType.CgroupSockAddr ? DefaultAddress(description) : description,
        };
    }

    private static EventDescription DefaultAddress(EventDescription description)
    {
        var name = description.AttachType.ToString();
        var isPeer =
            !name.EndsWith("Bind", StringComparison.Ordinal) && !name.EndsWith("sockname", StringComparison.Ordinal);
        return description with
        {
            Family =
                name.StartsWith("CgroupUnix", StringComparison.Ordinal) ? AfUnix
                : name.Contains('6', StringComparison.Ordinal) ? AfInet6
                : AfInet,
            AddressPort = isPeer ? PeerPort : OwnPort,
            // At bind and connect the socket has no port of its own yet.
            LocalPort =
                name.EndsWith("Bind", StringComparison.Ordinal) || name.EndsWith("Connect", StringComparison.Ordinal)
                    ? (ushort)0
                    : OwnPort,
            ConnectedPort = name.EndsWith("peername", StringComparison.Ordinal) ? PeerPort : (ushort)0,
        };
    }

    private EventDescription? With(EventOptions options)
    {
        var isPacket = ProgramType == ProgramType.CgroupSkb;
        var isSocket =
            AttachType is AttachType.CgroupInetSockCreate or AttachType.CgroupInetSockRelease
            || ProgramType == ProgramType.CgroupSockopt;
        var isAddress =
            ProgramType is ProgramType.CgroupSockAddr or ProgramType.CgroupSock
            && Family != AfUnix
            && AttachType
                is not (
                    AttachType.CgroupUdp4Sendmsg
                    or AttachType.CgroupUdp6Sendmsg
                    or AttachType.CgroupUdp4Recvmsg
                    or AttachType.CgroupUdp6Recvmsg
                );
        var isSockopt = ProgramType == ProgramType.CgroupSockopt;
        var isSend = AttachType is AttachType.CgroupUdp4Sendmsg or AttachType.CgroupUdp6Sendmsg;
        var isReceive = AttachType is AttachType.CgroupUdp4Recvmsg or AttachType.CgroupUdp6Recvmsg;
        var isKnown =
            (options.Family is null || isPacket || isSocket || ProgramType == ProgramType.SockOps)
            && (options.SocketType is null || isSocket || isAddress)
            && (options.Payload is null || isPacket)
            && (options.Connected is null || isSend)
            && (options.Address is null || isReceive)
            && (options.DeviceAccess is null || ProgramType == ProgramType.CgroupDevice)
            && (options.SysctlWrite is null || ProgramType == ProgramType.CgroupSysctl)
            && (options.Level is null && options.OptionName is null && options.OptionValue is null || isSockopt);
        var isValid =
            options.Family is null or AfInet or AfInet6
            && options.SocketType is null or Stream or Datagram
            && options.DeviceAccess is null or > 0 and <= DeviceAccessMask
            && options.Payload is null or { Length: <= SkBuffEvent.LargestPayload }
            && options.OptionValue is null or { Length: <= SockoptEvent.LargestValue };
        return !isKnown || !isValid
            ? null
            : this with
            {
                Family = options.Family ?? Family,
                SocketType = options.SocketType ?? SocketType,
                Payload = options.Payload ?? Payload,
                DeviceAccess = options.DeviceAccess ?? DeviceAccess,
                SysctlWrite = options.SysctlWrite ?? SysctlWrite,
                Level = options.Level ?? Level,
                OptionName = options.OptionName ?? OptionName,
                OptionValue = options.OptionValue ?? OptionValue,
                RunsNothing = options.Connected ?? !(options.Address ?? true),
            };
    }
}
