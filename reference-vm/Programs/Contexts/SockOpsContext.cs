using static Conformance.ReferenceVm.Programs.AccessSizes;

namespace Conformance.ReferenceVm.Programs.Contexts;

/// <summary>
/// <c>struct bpf_sock_ops</c>: a TCP event. <c>remote_port</c> is in network order, in the upper half of its word on
/// little-endian machines; <c>local_port</c> is a number in host order.
/// </summary>
internal static class SockOpsContext
{
    public const int Size = 224;

    public const int Op = 0;
    public const int Reply = 4;
    public const int Family = 20;
    public const int RemoteIp4 = 24;
    public const int LocalIp4 = 28;
    public const int RemoteIp6 = 32;
    public const int LocalIp6 = 48;
    public const int RemotePort = 64;
    public const int LocalPort = 68;
    public const int IsFullsock = 72;
    public const int SndCwnd = 76;
    public const int State = 88;
    public const int RttMin = 92;
    public const int SndSsthresh = 96;
    public const int MssCache = 112;
    public const int SkTxhash = 164;
    public const int Sk = 184;

    public const int SkSlot = Size;
    public const int DataSlot = Size + 8;
    public const int DataEndSlot = Size + 16;

    private const int BytesReceived = 168;
    private const int BytesAcked = 176;
    private const int SkbData = 192;
    private const int SkbDataEnd = 200;
    private const int SkbLen = 208;
    private const int SkbTcpFlags = 212;
    private const int SkbHwtstamp = 216;
    private const int SrttUs = 80;

    // From state on, one 4-byte number after the other.
    private static readonly string[] TcpNumbers =
    [
        "srtt_us",
        "bpf_sock_ops_cb_flags",
        "state",
        "rtt_min",
        "snd_ssthresh",
        "rcv_nxt",
        "snd_nxt",
        "snd_una",
        "mss_cache",
        "ecn_flags",
        "rate_delivered",
        "rate_interval_us",
        "packets_out",
        "retrans_out",
        "total_retrans",
        "segs_in",
        "data_segs_in",
        "segs_out",
        "data_segs_out",
        "lost_out",
        "sacked_out",
    ];

    public static ContextLayout Layout { get; } =
        new(
            "bpf_sock_ops",
            Size,
            [
                new("op", Op, 4, Four),
                new("reply", Reply, 4, Four, Four),
                new("args", Reply, 16, Four),
                new("family", Family, 4, Four),
                new("remote_ip4", RemoteIp4, 4, Four),
                new("local_ip4", LocalIp4, 4, Four),
                new("remote_ip6", RemoteIp6, 16, Four),
                new("local_ip6", LocalIp6, 16, Four),
                new("remote_port", RemotePort, 4, Four),
                new("local_port", LocalPort, 4, Four),
                new("is_fullsock", IsFullsock, 4, Four),
                new("snd_cwnd", SndCwnd, 4, Four),
                .. TcpNumbers.Select((name, index) => new ContextField(name, SrttUs + 4 * index, 4, Four)),
                new("sk_txhash", SkTxhash, 4, Four, Four),
                new("bytes_received", BytesReceived, 8, Eight),
                new("bytes_acked", BytesAcked, 8, Eight),
                new("sk", Sk, 8, Eight) { Kind = ContextFieldKind.SocketOrNull, PointerSlot = SkSlot },
                new("skb_data", SkbData, 8, Eight) { Kind = ContextFieldKind.PacketStart, PointerSlot = DataSlot },
                new("skb_data_end", SkbDataEnd, 8, Eight)
                {
                    Kind = ContextFieldKind.PacketEnd,
                    PointerSlot = DataEndSlot,
                },
                new("skb_len", SkbLen, 4, Four),
                new("skb_tcp_flags", SkbTcpFlags, 4, Narrow) { FromStartOnly = true },
                new("skb_hwtstamp", SkbHwtstamp, 8, Eight),
            ]
        );
}
