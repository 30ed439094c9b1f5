using static Conformance.ReferenceVm.Programs.AccessSizes;

namespace Conformance.ReferenceVm.Programs.Contexts;

/// <summary><c>struct bpf_sock_addr</c>: an address given to, or returned by, a system call. Addresses and port are in network order.</summary>
internal static class SockAddrContext
{
    public const int Size = 72;

    public const int UserFamily = 0;
    public const int UserIp4 = 4;
    public const int UserIp6 = 8;
    public const int UserPort = 24;
    public const int Family = 28;
    public const int Type = 32;
    public const int Protocol = 36;
    public const int MsgSrcIp4 = 40;
    public const int MsgSrcIp6 = 44;
    public const int Sk = 64;

    public const int SkSlot = Size;

    private static readonly AttachType[] Inet4 =
    [
        AttachType.CgroupInet4Bind,
        AttachType.CgroupInet4Connect,
        AttachType.CgroupInet4Getpeername,
        AttachType.CgroupInet4Getsockname,
        AttachType.CgroupUdp4Sendmsg,
        AttachType.CgroupUdp4Recvmsg,
    ];

    private static readonly AttachType[] Inet6 =
    [
        AttachType.CgroupInet6Bind,
        AttachType.CgroupInet6Connect,
        AttachType.CgroupInet6Getpeername,
        AttachType.CgroupInet6Getsockname,
        AttachType.CgroupUdp6Sendmsg,
        AttachType.CgroupUdp6Recvmsg,
    ];

    private static readonly AttachType[] Sendmsg4 = [AttachType.CgroupUdp4Sendmsg];
    private static readonly AttachType[] Sendmsg6 = [AttachType.CgroupUdp6Sendmsg];

    public static ContextLayout Layout { get; } =
        new(
            "bpf_sock_addr",
            Size,
            [
                new("user_family", UserFamily, 4, Four),
                new("user_ip4", UserIp4, 4, Narrow, Four) { ReadableFor = Inet4, WritableFor = Inet4 },
                new("user_ip6", UserIp6, 16, Any, Four | Eight) { ReadableFor = Inet6, WritableFor = Inet6 },
                new("user_port", UserPort, 4, Narrow, Four) { KeptSize = 2 },
                new("family", Family, 4, Four),
                new("type", Type, 4, Four),
                new("protocol", Protocol, 4, Four),
                new("msg_src_ip4", MsgSrcIp4, 4, Narrow, Four) { ReadableFor = Sendmsg4, WritableFor = Sendmsg4 },
                new("msg_src_ip6", MsgSrcIp6, 16, Any, Four | Eight) { ReadableFor = Sendmsg6, WritableFor = Sendmsg6 },
                new("sk", Sk, 8, Eight) { Kind = ContextFieldKind.Socket, PointerSlot = SkSlot },
            ]
        );
}
