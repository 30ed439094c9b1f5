using static Conformance.ReferenceVm.Programs.AccessSizes;

namespace Conformance.ReferenceVm.Programs.Contexts;

/// <summary>
/// <c>struct bpf_sock</c>: a socket, as the context of CGROUP_SOCK and behind the <c>sk</c> pointers of other contexts. Addresses
/// are in network order; <c>src_port</c> is a number in host order, <c>dst_port</c> two bytes in network order.
/// </summary>
internal static class SockContext
{
    public const int Size = 80;

    public const int BoundDevIf = 0;
    public const int Family = 4;
    public const int Type = 8;
    public const int Protocol = 12;
    public const int Mark = 16;
    public const int Priority = 20;
    public const int SrcIp4 = 24;
    public const int SrcIp6 = 28;
    public const int SrcPort = 44;
    public const int DstPort = 48;
    public const int DstIp4 = 52;
    public const int DstIp6 = 56;
    public const int State = 72;
    public const int RxQueueMapping = 76;

    private static readonly AttachType[] WholeLife =
    [
        AttachType.CgroupInetSockCreate,
        AttachType.CgroupInetSockRelease,
    ];

    private static readonly AttachType[] PostBind4 = [AttachType.CgroupInet4PostBind];
    private static readonly AttachType[] PostBind6 = [AttachType.CgroupInet6PostBind];
    private static readonly AttachType[] PostBind = [AttachType.CgroupInet4PostBind, AttachType.CgroupInet6PostBind];

    /// <summary>The context of CGROUP_SOCK programs.</summary>
    public static ContextLayout CgroupSock { get; } =
        new(
            "bpf_sock",
            Size,
            [
                new("bound_dev_if", BoundDevIf, 4, Four, Four) { ReadableFor = WholeLife, WritableFor = WholeLife },
                new("family", Family, 4, Narrow) { FromStartOnly = true },
                new("type", Type, 4, Narrow) { FromStartOnly = true },
                new("protocol", Protocol, 4, Narrow) { FromStartOnly = true },
                new("mark", Mark, 4, Four, Four) { ReadableFor = WholeLife, WritableFor = WholeLife },
                new("priority", Priority, 4, Four, Four) { ReadableFor = WholeLife, WritableFor = WholeLife },
                new("src_ip4", SrcIp4, 4, Narrow) { ReadableFor = PostBind4 },
                new("src_ip6", SrcIp6, 16, Narrow) { ReadableFor = PostBind6 },
                new("src_port", SrcPort, 4, Narrow) { ReadableFor = PostBind, FromStartOnly = true },
                .. Peer,
            ]
        );

    /// <summary>A socket behind a pointer: all of it may be read.</summary>
    public static ContextLayout Socket { get; } =
        new(
            "bpf_sock",
            Size,
            [
                new("bound_dev_if", BoundDevIf, 4, Four),
                new("family", Family, 4, Narrow) { FromStartOnly = true },
                new("type", Type, 4, Narrow) { FromStartOnly = true },
                new("protocol", Protocol, 4, Narrow) { FromStartOnly = true },
                new("mark", Mark, 4, Four),
                new("priority", Priority, 4, Four),
                .. Source,
                .. Peer,
            ]
        );

    /// <summary>The part that all sockets have in common, also those that are not full sockets.</summary>
    public static ContextLayout SocketCommon { get; } =
        new(
            "bpf_sock",
            Size,
            [
                new("bound_dev_if", BoundDevIf, 4, Four),
                new("family", Family, 4, Narrow) { FromStartOnly = true },
                .. Source,
                .. Peer,
            ]
        );

    private static ContextField[] Source =>
        [
            new("src_ip4", SrcIp4, 4, Narrow),
            new("src_ip6", SrcIp6, 16, Narrow),
            new("src_port", SrcPort, 4, Narrow) { FromStartOnly = true },
        ];

    // dst_port was 4 bytes wide once; the old 4-byte load still works, the padding behind the port cannot be read by itself.
    private static ContextField[] Peer =>
        [
            new("dst_port", DstPort, 2, One | Two),
            new("dst_port", DstPort, 4, Four),
            new("dst_ip4", DstIp4, 4, Narrow),
            new("dst_ip6", DstIp6, 16, Narrow),
            new("state", State, 4, Narrow) { FromStartOnly = true },
            new("rx_queue_mapping", RxQueueMapping, 4, Narrow) { FromStartOnly = true, SignExtends = true },
        ];
}
