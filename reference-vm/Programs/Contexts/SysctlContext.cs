using static Conformance.ReferenceVm.Programs.AccessSizes;

namespace Conformance.ReferenceVm.Programs.Contexts;

/// <summary><c>struct bpf_sysctl</c>: access to a file below /proc/sys.</summary>
internal static class SysctlContext
{
    public const int Size = 8;

    public const int Write = 0;
    public const int FilePos = 4;

    public static ContextLayout Layout { get; } =
        new("bpf_sysctl", Size, [new("write", Write, 4, Narrow), new("file_pos", FilePos, 4, Narrow, Four)]);
}
