using FsCheck;
using FsCheck.Fluent;

namespace Conformance.Tests.ReferenceVm.Execution.Instructions;

/// <summary>Operands as properties want them: the edges of every width as often as any other number.</summary>
public static class Operands
{
    private static readonly ulong[] Edges =
    [
        0,
        1,
        2,
        7,
        31,
        32,
        33,
        63,
        64,
        65,
        0x7f,
        0x80,
        0xff,
        0x7fff,
        0x8000,
        0xffff,
        int.MaxValue,
        0x8000_0000,
        uint.MaxValue,
        0x1_0000_0000,
        0xffff_ffff_8000_0000,
        0xffff_ffff_7fff_ffff,
        long.MaxValue,
        0x8000_0000_0000_0000,
        ulong.MaxValue - 1,
        ulong.MaxValue,
    ];

    public static Arbitrary<ulong> UInt64() => Gen.OneOf(Gen.Elements(Edges), Any()).ToArbitrary();

    public static Arbitrary<int> Int32() => UInt64().Generator.Select(value => unchecked((int)value)).ToArbitrary();

    private static Gen<ulong> Any() =>
        from high in Gen.Choose(0, int.MaxValue)
        from middle in Gen.Choose(0, int.MaxValue)
        from low in Gen.Choose(0, int.MaxValue)
        from shift in Gen.Choose(0, 63)
        select ((ulong)high << 33 ^ (ulong)middle << 16 ^ (uint)low) >> shift;
}
