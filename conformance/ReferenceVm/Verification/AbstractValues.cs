using Conformance.ReferenceVm.Verification;
using FsCheck;
using FsCheck.Fluent;

namespace Conformance.Tests.ReferenceVm.Verification;

/// <summary>An abstract number together with one of its members.</summary>
public sealed record Sample(ulong Member, ulong Mask, int Range)
{
    internal Tnum Bits => new(Member & ~Mask, Mask);

    /// <summary>A set known by bits, or by a range of either reading around the member, or by both.</summary>
    internal Scalar Set
    {
        get
        {
            var unbounded = Interval<long, ulong>.Unbounded;
            var low = Interval<int, uint>.Unbounded;
            var width = 1UL << (Range & 63);
            var (below, above) = (Member / width * width, Member / width * width + (width - 1));
            var (signedBelow, signedAbove) = (
                (long)Member / (long)Math.Max(width >> 1, 1),
                (long)Math.Max(width >> 1, 1)
            );
            var wide = (Range >> 6 & 3) switch
            {
                0 => unbounded,
                1 => Interval<long, ulong>.OfUnsigned(below, Math.Max(above, Member)),
                2 => Interval<long, ulong>.OfSigned(
                    Math.Min((long)Member, signedBelow),
                    Math.Max((long)Member, signedAbove)
                ),
                _ => Interval<long, ulong>.OfSigned(Math.Min((long)Member, -(long)(width >> 1)), (long)Member),
            };
            var half = (uint)Member;
            if ((Range >> 8 & 1) != 0)
                low = Interval<int, uint>.OfSigned(Math.Min((int)half, -5), Math.Max((int)half, 100));
            if ((Range >> 9 & 1) != 0)
                low = low.Intersect(Interval<int, uint>.OfUnsigned(half & ~0xfffu, half | 0xfff));
            return new Scalar((Range >> 10 & 1) != 0 ? Bits : Tnum.Unknown, wide, low).Synchronised();
        }
    }
}

/// <summary>Numbers of the kind that find faults: few bits, ends of ranges, all-random; and sets around them.</summary>
public static class AbstractValues
{
    private static readonly Gen<ulong> Number = Gen.OneOf(
        Gen.Choose(0, 70).Select(value => (ulong)value),
        Gen.Choose(-70, -1).Select(value => (ulong)(long)value),
        Gen.Choose(0, 63).Select(bit => 1UL << bit),
        Gen.Elements(
            0x7fff_ffff_ffff_ffffUL,
            0x8000_0000_0000_0000UL,
            0xffff_ffffUL,
            0x7fff_ffffUL,
            0x8000_0000UL,
            0x1_0000_0000UL,
            0xffff_ffff_8000_0000UL
        ),
        Gen.Choose(int.MinValue, int.MaxValue)
            .Two()
            .Select(halves => (ulong)(uint)halves.Item1 << 32 | (uint)halves.Item2)
    );

    public static Arbitrary<Sample> Samples() =>
        (
            from member in Number
            from mask in Gen.OneOf(Gen.Constant(0UL), Number, Gen.Constant(ulong.MaxValue))
            from range in Gen.Choose(0, 2047)
            select new Sample(member, mask, range)
        ).ToArbitrary();
}
