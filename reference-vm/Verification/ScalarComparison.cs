using System.Numerics;
using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>What a conditional jump says about the two numbers it compares.</summary>
internal static class ScalarComparison
{
    /// <summary>Whether the jump is taken, where every pair of members gives the same answer.</summary>
    public static bool? Predict(JumpOperation operation, in Scalar a, in Scalar b, bool is64) =>
        is64
            ? Predict(operation, a.Wide, b.Wide, a.Bits, b.Bits)
            : Predict(operation, a.Low, b.Low, a.Bits.Truncate(4), b.Bits.Truncate(4));

    /// <summary>The members for which the jump is taken, or not; null where there is no such pair.</summary>
    public static (Scalar A, Scalar B)? Refine(JumpOperation operation, in Scalar a, in Scalar b, bool is64, bool taken)
    {
        if (Predict(operation, a, b, is64) is { } predicted && predicted != taken)
            return null;
        if (operation == JumpOperation.AnyBitSet)
            return RefineBits(a, b, is64, taken);
        var effective = taken ? operation : Complement(operation);
        if (is64)
        {
            var (wideA, wideB) = Refine(effective, a.Wide, b.Wide);
            return Combine(effective, a with { Wide = wideA }, b with { Wide = wideB }, is64);
        }
        var (lowA, lowB) = Refine(effective, a.Low, b.Low);
        return Combine(effective, a with { Low = lowA }, b with { Low = lowB }, is64);
    }

    private static bool? Predict<TSigned, TUnsigned>(
        JumpOperation operation,
        Interval<TSigned, TUnsigned> a,
        Interval<TSigned, TUnsigned> b,
        Tnum aBits,
        Tnum bBits
    )
        where TSigned : struct, IBinaryInteger<TSigned>, IMinMaxValue<TSigned>
        where TUnsigned : struct, IBinaryInteger<TUnsigned>, IMinMaxValue<TUnsigned> =>
        operation switch
        {
            JumpOperation.Equal => Equal(a, b, aBits, bBits),
            JumpOperation.NotEqual => !Equal(a, b, aBits, bBits),
            JumpOperation.AnyBitSet => (aBits.Value & bBits.Value) != 0 ? true
            : (aBits.Max & bBits.Max) == 0 ? false
            : null,
            JumpOperation.GreaterThan => Greater(a.UMin, a.UMax, b.UMin, b.UMax),
            JumpOperation.LessOrEqual => !Greater(a.UMin, a.UMax, b.UMin, b.UMax),
            JumpOperation.LessThan => Greater(b.UMin, b.UMax, a.UMin, a.UMax),
            JumpOperation.GreaterOrEqual => !Greater(b.UMin, b.UMax, a.UMin, a.UMax),
            JumpOperation.SignedGreaterThan => Greater(a.SMin, a.SMax, b.SMin, b.SMax),
            JumpOperation.SignedLessOrEqual => !Greater(a.SMin, a.SMax, b.SMin, b.SMax),
            JumpOperation.SignedLessThan => Greater(b.SMin, b.SMax, a.SMin, a.SMax),
            JumpOperation.SignedGreaterOrEqual => !Greater(b.SMin, b.SMax, a.SMin, a.SMax),
            _ => null,
        };

    private static bool? Equal<TSigned, TUnsigned>(
        Interval<TSigned, TUnsigned> a,
        Interval<TSigned, TUnsigned> b,
        Tnum aBits,
        Tnum bBits
    )
        where TSigned : struct, IBinaryInteger<TSigned>, IMinMaxValue<TSigned>
        where TUnsigned : struct, IBinaryInteger<TUnsigned>, IMinMaxValue<TUnsigned>
    {
        if (a.IsConstant && b.IsConstant)
            return a.UMin == b.UMin;
        return aBits.IsDisjointFrom(bBits) || a.Intersect(b).IsEmpty ? false : null;
    }

    private static bool? Greater<T>(T aMin, T aMax, T bMin, T bMax)
        where T : IComparisonOperators<T, T, bool> =>
        aMin > bMax ? true
        : aMax <= bMin ? false
        : null;

    private static JumpOperation Complement(JumpOperation operation) =>
        operation switch
        {
            JumpOperation.Equal => JumpOperation.NotEqual,
            JumpOperation.NotEqual => JumpOperation.Equal,
            JumpOperation.GreaterThan => JumpOperation.LessOrEqual,
            JumpOperation.LessOrEqual => JumpOperation.GreaterThan,
            JumpOperation.LessThan => JumpOperation.GreaterOrEqual,
            JumpOperation.GreaterOrEqual => JumpOperation.LessThan,
            JumpOperation.SignedGreaterThan => JumpOperation.SignedLessOrEqual,
            JumpOperation.SignedLessOrEqual => JumpOperation.SignedGreaterThan,
            JumpOperation.SignedLessThan => JumpOperation.SignedGreaterOrEqual,
            _ => JumpOperation.SignedLessThan,
        };

    private static (Interval<TSigned, TUnsigned> A, Interval<TSigned, TUnsigned> B) Refine<TSigned, TUnsigned>(
        JumpOperation operation,
        Interval<TSigned, TUnsigned> a,
        Interval<TSigned, TUnsigned> b
    )
        where TSigned : struct, IBinaryInteger<TSigned>, IMinMaxValue<TSigned>
        where TUnsigned : struct, IBinaryInteger<TUnsigned>, IMinMaxValue<TUnsigned>
    {
        switch (operation)
        {
            case JumpOperation.Equal:
                return (a.Intersect(b), a.Intersect(b));
            case JumpOperation.NotEqual:
                return (Without(a, b), Without(b, a));
            case JumpOperation.LessThan:
                (b, a) = Refine(JumpOperation.GreaterThan, b, a);
                return (a, b);
            case JumpOperation.LessOrEqual:
                (b, a) = Refine(JumpOperation.GreaterOrEqual, b, a);
                return (a, b);
            case JumpOperation.SignedLessThan:
                (b, a) = Refine(JumpOperation.SignedGreaterThan, b, a);
                return (a, b);
            case JumpOperation.SignedLessOrEqual:
                (b, a) = Refine(JumpOperation.SignedGreaterOrEqual, b, a);
                return (a, b);
            // The strict comparisons were not decided before, so b's minimum is not the greatest number nor a's maximum the least.
            case JumpOperation.GreaterThan:
                return (
                    a with
                    {
                        UMin = TUnsigned.Max(a.UMin, b.UMin + TUnsigned.One),
                    },
                    b with
                    {
                        UMax = TUnsigned.Min(b.UMax, a.UMax - TUnsigned.One),
                    }
                );
            case JumpOperation.GreaterOrEqual:
                return (
                    a with
                    {
                        UMin = TUnsigned.Max(a.UMin, b.UMin),
                    },
                    b with
                    {
                        UMax = TUnsigned.Min(b.UMax, a.UMax),
                    }
                );
            case JumpOperation.SignedGreaterThan:
                return (
                    a with
                    {
                        SMin = TSigned.Max(a.SMin, b.SMin + TSigned.One),
                    },
                    b with
                    {
                        SMax = TSigned.Min(b.SMax, a.SMax - TSigned.One),
                    }
                );
            default:
                return (a with { SMin = TSigned.Max(a.SMin, b.SMin) }, b with { SMax = TSigned.Min(b.SMax, a.SMax) });
        }
    }

    // Only a constant at an end of the range can be taken out of it.
    private static Interval<TSigned, TUnsigned> Without<TSigned, TUnsigned>(
        Interval<TSigned, TUnsigned> range,
        Interval<TSigned, TUnsigned> other
    )
        where TSigned : struct, IBinaryInteger<TSigned>, IMinMaxValue<TSigned>
        where TUnsigned : struct, IBinaryInteger<TUnsigned>, IMinMaxValue<TUnsigned>
    {
        if (!other.IsConstant)
            return range;
        var (unsigned, signed) = (other.UMin, TSigned.CreateTruncating(other.UMin));
        if (range.IsConstant)
            return range;
        return new(
            range.SMin == signed ? range.SMin + TSigned.One : range.SMin,
            range.SMax == signed ? range.SMax - TSigned.One : range.SMax,
            range.UMin == unsigned ? range.UMin + TUnsigned.One : range.UMin,
            range.UMax == unsigned ? range.UMax - TUnsigned.One : range.UMax
        );
    }

    private static (Scalar, Scalar)? Combine(JumpOperation operation, Scalar a, Scalar b, bool is64)
    {
        if (operation == JumpOperation.Equal)
        {
            var (aBits, bBits) = is64 ? (a.Bits, b.Bits) : (a.Bits.Truncate(4), b.Bits.Truncate(4));
            if (aBits.IsDisjointFrom(bBits))
                return null;
            var common = aBits.Intersect(bBits);
            a = a with { Bits = is64 ? common : a.Bits.WithLowHalf(common) };
            b = b with { Bits = is64 ? common : b.Bits.WithLowHalf(common) };
        }
        return Reduced(a) is { } left && Reduced(b) is { } right ? (left, right) : null;
    }

    private static (Scalar, Scalar)? RefineBits(Scalar a, Scalar b, bool is64, bool taken)
    {
        if (!b.IsConstant)
            return (a, b);
        var tested = is64 ? b.Bits.Value : (uint)b.Bits.Value;
        if (!taken)
            a = a with { Bits = new Tnum(a.Bits.Value & ~tested, a.Bits.Mask & ~tested) };
        else if (BitOperations.IsPow2(tested))
            a = a with { Bits = new Tnum(a.Bits.Value | tested, a.Bits.Mask & ~tested) };
        return Reduced(a) is { } left ? (left, b) : null;
    }

    private static Scalar? Reduced(in Scalar scalar) => Scalar.TryReduce(scalar.Bits, scalar.Wide, scalar.Low);
}
