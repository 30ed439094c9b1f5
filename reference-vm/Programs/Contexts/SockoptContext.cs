using static Conformance.ReferenceVm.Programs.AccessSizes;

namespace Conformance.ReferenceVm.Programs.Contexts;

/// <summary><c>struct bpf_sockopt</c>: a getsockopt or setsockopt call.</summary>
internal static class SockoptContext
{
    public const int Size = 40;

    public const int Sk = 0;
    public const int Optval = 8;
    public const int OptvalEnd = 16;
    public const int Level = 24;
    public const int Optname = 28;
    public const int Optlen = 32;
    public const int Retval = 36;

    public const int SkSlot = Size;
    public const int OptvalSlot = Size + 8;
    public const int OptvalEndSlot = Size + 16;

    private static readonly AttachType[] Get = [AttachType.CgroupGetsockopt];
    private static readonly AttachType[] Set = [AttachType.CgroupSetsockopt];

    public static ContextLayout Layout { get; } =
        new(
            "bpf_sockopt",
            Size,
            [
                new("sk", Sk, 8, Eight) { Kind = ContextFieldKind.Socket, PointerSlot = SkSlot },
                new("optval", Optval, 8, Eight) { Kind = ContextFieldKind.OptvalStart, PointerSlot = OptvalSlot },
                new("optval_end", OptvalEnd, 8, Eight)
                {
                    Kind = ContextFieldKind.OptvalEnd,
                    PointerSlot = OptvalEndSlot,
                },
                new("level", Level, 4, Four, Four) { WritableFor = Set },
                new("optname", Optname, 4, Four, Four) { WritableFor = Set },
                new("optlen", Optlen, 4, Four, Four),
                new("retval", Retval, 4, Four, Four) { ReadableFor = Get, WritableFor = Get },
            ]
        );
}
