using System.Numerics;
using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Whether a conditional jump on two numbers is taken, where that is certain.</summary>
internal static class ScalarComparison
{
    /// <summary>Whether the jump is taken, where every pair of members gives the same answer.</summary>
    public static bool? Predict(JumpOperation operation, in Scalar a, in Scalar b, bool is64)
    {
        if (operation is JumpOperation.Equal or JumpOperation.NotEqual)
            return Equal(a, b, is64) is { } equal ? equal == (operation == JumpOperation.Equal) : null;
        if (operation == JumpOperation.AnyBitSet)
            return AnyBitSet(Bits(a, is64), Bits(b, is64));
        return is64 ? Order(operation, a.Wide, b.Wide) : Order(operation, a.Low, b.Low);
    }

    private static Tnum Bits(in Scalar value, bool is64) => is64 ? value.Bits : value.Bits.Truncate(sizeof(uint));

    private static bool? Equal(in Scalar a, in Scalar b, bool is64)
    {
        var (left, right) = (Bits(a, is64), Bits(b, is64));
        if (left.IsConstant && right.IsConstant)
            return left.Value == right.Value;
        // Where the whole numbers may be equal, their low halves may still be known to differ.
        var differ =
            left.IsDisjointFrom(right) || is64 && a.Wide.Intersect(b.Wide).IsEmpty || a.Low.Intersect(b.Low).IsEmpty;
        return differ ? false : null;
    }

    // Understood only with a known mask, on either side.
    private static bool? AnyBitSet(Tnum a, Tnum b)
    {
        if (!b.IsConstant)
            (a, b) = (b, a);
        if (!b.IsConstant)
            return null;
        if ((a.Value & b.Value) != 0)
            return true;
        return (a.Max & b.Value) == 0 ? false : null;
    }

    private static bool? Order<TSigned, TUnsigned>(
        JumpOperation operation,
        Interval<TSigned, TUnsigned> a,
        Interval<TSigned, TUnsigned> b
    )
        where TSigned : struct, IBinaryInteger<TSigned>, IMinMaxValue<TSigned>
        where TUnsigned : struct, IBinaryInteger<TUnsigned>, IMinMaxValue<TUnsigned> =>
        operation switch
        {
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

    private static bool? Greater<T>(T aMin, T aMax, T bMin, T bMax)
        where T : IComparisonOperators<T, T, bool> =>
        aMin > bMax ? true
        : aMax <= bMin ? false
        : null;
}
