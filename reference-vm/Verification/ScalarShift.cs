using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Shifts by a known distance. What leaves the register is lost, and most of the other reading's range with it.</summary>
internal static class ScalarShift
{
    /// <summary>A 64-bit shift; not synchronised.</summary>
    public static Scalar Apply64(AluOperation operation, in Scalar a, int distance)
    {
        var unknownLow = Interval<int, uint>.Unbounded;
        var result = operation switch
        {
            AluOperation.ShiftLeft => new Scalar(a.Bits << distance, Left64(a, distance), Left32(a.Low, distance)),
            AluOperation.ShiftRight => new Scalar(
                a.Bits >>> distance,
                Interval<long, ulong>.OfUnsigned(a.Wide.UMin >> distance, a.Wide.UMax >> distance),
                unknownLow
            ),
            _ => new Scalar(
                a.Bits.ShiftRightArithmetic(distance, 64),
                Interval<long, ulong>.OfSigned(a.Wide.SMin >> distance, a.Wide.SMax >> distance),
                unknownLow
            ),
        };
        return result.LearnFromBits();
    }

    /// <summary>A 32-bit shift; the high half is left for <see cref="Scalar.ZeroExtended"/>.</summary>
    public static Scalar Apply32(AluOperation operation, in Scalar a, int distance)
    {
        var bits = a.Bits.Truncate(sizeof(uint));
        var result = operation switch
        {
            AluOperation.ShiftLeft => a with
            {
                Bits = (bits << distance).Truncate(sizeof(uint)),
                Low = Left32(a.Low, distance),
            },
            AluOperation.ShiftRight => a with
            {
                Bits = bits >>> distance,
                Low = Interval<int, uint>.OfUnsigned(a.Low.UMin >> distance, a.Low.UMax >> distance),
            },
            _ => a with
            {
                Bits = bits.ShiftRightArithmetic(distance, 32),
                Low = Interval<int, uint>.OfSigned(a.Low.SMin >> distance, a.Low.SMax >> distance),
            },
        };
        return (result with { Wide = Interval<long, ulong>.Unbounded }).LearnLowFromBits();
    }

    // The idiom that sign-extends the low half begins with a shift by 32: its signed range moves up unchanged.
    private static Interval<long, ulong> Left64(in Scalar a, int distance)
    {
        var result = Interval<long, ulong>.Unbounded;
        if (distance == 32)
            result = Interval<long, ulong>.OfSigned((long)a.Low.SMin << 32, (long)a.Low.SMax << 32);
        return a.Wide.UMax > 1UL << 63 - distance
            ? result
            : result with
            {
                UMin = a.Wide.UMin << distance,
                UMax = a.Wide.UMax << distance,
            };
    }

    private static Interval<int, uint> Left32(Interval<int, uint> low, int distance) =>
        distance > 31 || low.UMax > 1UL << 31 - distance
            ? Interval<int, uint>.Unbounded
            : Interval<int, uint>.OfUnsigned(low.UMin << distance, low.UMax << distance);
}
