using static Conformance.ReferenceVm.Programs.AccessSizes;

namespace Conformance.ReferenceVm.Programs.Contexts;

/// <summary><c>struct __sk_buff</c>: a packet. Offsets are those of uapi/linux/bpf.h; who may touch what differs by program type.</summary>
internal static class SkBuffContext
{
    public const int Size = 192;

    public const int Len = 0;
    public const int PktType = 4;
    public const int Mark = 8;
    public const int QueueMapping = 12;
    public const int Protocol = 16;
    public const int VlanPresent = 20;
    public const int VlanTci = 24;
    public const int VlanProto = 28;
    public const int Priority = 32;
    public const int IngressIfindex = 36;
    public const int Ifindex = 40;
    public const int TcIndex = 44;
    public const int Cb = 48;
    public const int Hash = 68;
    public const int Data = 76;
    public const int DataEnd = 80;
    public const int NapiId = 84;
    public const int Family = 88;
    public const int RemoteIp4 = 92;
    public const int LocalIp4 = 96;
    public const int RemoteIp6 = 100;
    public const int LocalIp6 = 116;
    public const int RemotePort = 132;
    public const int LocalPort = 136;
    public const int Tstamp = 152;
    public const int GsoSegs = 164;
    public const int Sk = 168;
    public const int GsoSize = 176;
    public const int Hwtstamp = 184;

    public const int DataSlot = Size;
    public const int DataEndSlot = Size + 8;
    public const int SkSlot = Size + 16;

    public static ContextLayout CgroupSkb { get; } =
        new("__sk_buff", Size, [.. Common(Four), Pointers.Data, Pointers.DataEnd, .. Addresses, Time(Eight)]);

    public static ContextLayout SocketFilter { get; } = new("__sk_buff", Size, [.. Common(None)]);

    public static ContextLayout SchedCls { get; } =
        new("__sk_buff", Size, [.. Common(Four), Pointers.Data, Pointers.DataEnd, Time(Eight)]);

    private static ContextField[] Addresses =>
        [
            new("family", Family, 4, Narrow) { KeptSize = 2 },
            new("remote_ip4", RemoteIp4, 4, Four),
            new("local_ip4", LocalIp4, 4, Four),
            new("remote_ip6", RemoteIp6, 16, Four),
            new("local_ip6", LocalIp6, 16, Four),
            new("remote_port", RemotePort, 4, Narrow) { KeptSize = 2 },
            new("local_port", LocalPort, 4, Narrow) { KeptSize = 2 },
            new("hwtstamp", Hwtstamp, 8, Eight),
        ];

    private static ContextField[] Common(AccessSizes markAndPriority) =>
        [
            new("len", Len, 4, Narrow),
            new("pkt_type", PktType, 4, Narrow) { KeptSize = 1 },
            new("mark", Mark, 4, Narrow, markAndPriority),
            new("queue_mapping", QueueMapping, 4, Narrow) { KeptSize = 2 },
            new("protocol", Protocol, 4, Narrow) { KeptSize = 2 },
            new("vlan_present", VlanPresent, 4, Narrow) { KeptSize = 1 },
            new("vlan_tci", VlanTci, 4, Narrow) { KeptSize = 2 },
            new("vlan_proto", VlanProto, 4, Narrow) { KeptSize = 2 },
            new("priority", Priority, 4, Narrow, markAndPriority),
            new("ingress_ifindex", IngressIfindex, 4, Narrow),
            new("ifindex", Ifindex, 4, Narrow),
            new("tc_index", TcIndex, 4, Narrow) { KeptSize = 2 },
            new("cb", Cb, 20, Any, Any),
            new("hash", Hash, 4, Narrow),
            new("napi_id", NapiId, 4, Narrow),
            new("gso_segs", GsoSegs, 4, Narrow) { KeptSize = 2 },
            new("gso_size", GsoSize, 4, Narrow) { KeptSize = 2 },
            new("sk", Sk, 8, Eight) { Kind = ContextFieldKind.SocketCommonOrNull, PointerSlot = SkSlot },
        ];

    private static ContextField Time(AccessSizes write) => new("tstamp", Tstamp, 8, Eight, write);

    private static class Pointers
    {
        public static ContextField Data =>
            new("data", SkBuffContext.Data, 4, Four) { Kind = ContextFieldKind.PacketStart, PointerSlot = DataSlot };

        public static ContextField DataEnd =>
            new("data_end", SkBuffContext.DataEnd, 4, Four)
            {
                Kind = ContextFieldKind.PacketEnd,
                PointerSlot = DataEndSlot,
            };
    }
}
