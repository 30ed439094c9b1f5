using static Conformance.ReferenceVm.Programs.AccessSizes;

namespace Conformance.ReferenceVm.Programs.Contexts;

/// <summary>Contexts of program types that are here only to be refused the helper; no event of this machine runs them.</summary>
internal static class OpaqueContexts
{
    private const int PtRegsSize = 168;
    private const int TracepointSize = 2048;
    private const int TracepointHeader = 8;
    private const int XdpMdSize = 24;

    /// <summary><c>struct pt_regs</c> of x86-64: registers, whole.</summary>
    public static ContextLayout Kprobe { get; } = new("pt_regs", PtRegsSize, [new("registers", 0, PtRegsSize, Any)]);

    /// <summary>A tracepoint's record; its first 8 bytes are the kernel's own.</summary>
    public static ContextLayout Tracepoint { get; } =
        new("tracepoint", TracepointSize, [new("record", TracepointHeader, TracepointSize - TracepointHeader, Any)]);

    /// <summary><c>struct xdp_md</c>, without <c>data_meta</c> and <c>egress_ifindex</c>.</summary>
    public static ContextLayout Xdp { get; } =
        new(
            "xdp_md",
            XdpMdSize,
            [
                new("data", 0, 4, Four) { Kind = ContextFieldKind.PacketStart, PointerSlot = XdpMdSize },
                new("data_end", 4, 4, Four) { Kind = ContextFieldKind.PacketEnd, PointerSlot = XdpMdSize + 8 },
                new("ingress_ifindex", 12, 4, Four),
                new("rx_queue_index", 16, 4, Four),
            ]
        );
}
