namespace Conformance.Harness.Model;

/// <summary>The <c>BPF_F_*</c> bits of map creation, and the <c>BPF_*</c> flags of lookups and updates.</summary>
internal static class MapFlags
{
    public const uint NumaNode = 4;
    public const uint ReadOnly = 8;
    public const uint WriteOnly = 0x10;
    public const uint ReadOnlyForPrograms = 0x80;
    public const uint WriteOnlyForPrograms = 0x100;
    public const uint All = NumaNode | ReadOnly | WriteOnly | ReadOnlyForPrograms | WriteOnlyForPrograms;

    public const ulong Exist = 2;
    public const ulong Lock = 4;

    // BPF_F_CPU and BPF_F_ALL_CPUS: known since 7.0, EINVAL before; the model leaves them open.
    public const ulong ChooseCpu = 8 | 16;
}
