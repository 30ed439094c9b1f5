namespace Conformance.ReferenceVm.Maps;

/// <summary>The bits of <c>map_flags</c> that are known here (uapi <c>BPF_F_*</c>).</summary>
internal static class CreateFlags
{
    public const uint NoPreallocation = 0x1;
    public const uint NumaNode = 0x4;
    public const uint ReadOnly = 0x8;
    public const uint WriteOnly = 0x10;
    public const uint ZeroSeed = 0x40;
    public const uint ReadOnlyProgram = 0x80;
    public const uint WriteOnlyProgram = 0x100;

    public const uint Access = ReadOnly | WriteOnly | ReadOnlyProgram | WriteOnlyProgram;

    /// <summary>Whether both bits of a pair are set that exclude each other.</summary>
    public static bool HasBoth(uint flags, uint one, uint other) => (flags & (one | other)) == (one | other);
}
