using System.Numerics;
using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// What a conditional jump says about the two numbers it compares. On a way that no number goes the parts of a set may contradict
/// each other; like Linux, the walk then goes on with less knowledge rather than none to go on with.
/// </summary>
internal static class ScalarRefinement
{
    /// <summary>The members for which the jump is taken, or not.</summary>
    public static (Scalar A, Scalar B) Refine(JumpOperation operation, in Scalar a, in Scalar b, bool is64, bool taken)
    {
        var (left, right) =
            operation == JumpOperation.AnyBitSet
                ? RefineBits(a, b, is64, taken)
                : RefineOrder(taken ? operation : Complement(operation), a, b, is64);
        return (left.Synchronised().OrUnbounded(), right.Synchronised().OrUnbounded());
    }

    /// <summary>
    /// The same for a number compared with itself, where both sides are one register: each bound is moved in turn. What is left on a way
    /// that cannot be gone contradicts itself.
    /// </summary>
    public static Scalar RefineSame(JumpOperation operation, in Scalar a, bool is64, bool taken)
    {
        if (operation == JumpOperation.AnyBitSet)
            return RefineBits(a, a, is64, taken).A.Synchronised().Synchronised().OrUnbounded();
        var effective = taken ? operation : Complement(operation);
        var (left, right) = RefineOrder(effective, a, a, is64);
        var both = new Scalar(left.Bits, left.Wide.Intersect(right.Wide), left.Low.Intersect(right.Low));
        return both.Synchronised().Synchronised().OrUnbounded();
    }

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

    private static (Scalar A, Scalar B) RefineOrder(JumpOperation operation, in Scalar a, in Scalar b, bool is64)
    {
        if (operation == JumpOperation.Equal)
            return RefineEqual(a, b, is64);
        if (operation == JumpOperation.NotEqual)
            return RefineUnequal(a, b, is64);
        if (is64)
        {
            var (wideA, wideB) = Refine(operation, a.Wide, b.Wide);
            return (a with { Wide = wideA }, b with { Wide = wideB });
        }
        var (lowA, lowB) = Refine(operation, a.Low, b.Low);
        return (a with { Low = lowA }, b with { Low = lowB });
    }

    private static (Scalar A, Scalar B) RefineEqual(in Scalar a, in Scalar b, bool is64)
    {
        if (is64)
        {
            var (common, wide) = (a.Bits.Intersect(b.Bits), a.Wide.Intersect(b.Wide));
            return (a with { Bits = common, Wide = wide }, b with { Bits = common, Wide = wide });
        }
        var low = a.Low.Intersect(b.Low);
        var bits = a.Bits.Truncate(sizeof(uint)).Intersect(b.Bits.Truncate(sizeof(uint)));
        return (
            a with
            {
                Bits = a.Bits.WithLowHalf(bits),
                Low = low,
            },
            b with
            {
                Bits = b.Bits.WithLowHalf(bits),
                Low = low,
            }
        );
    }

    // Only a known number at an end of the other's range can be taken out of it.
    private static (Scalar A, Scalar B) RefineUnequal(in Scalar a, in Scalar b, bool is64)
    {
        bool IsKnown(in Scalar value) => is64 ? value.IsConstant : value.IsLowConstant;
        Scalar Without(in Scalar value, ulong excluded) =>
            is64
                ? value with
                {
                    Wide = value.Wide.WithoutEnd(excluded),
                }
                : value with
                {
                    Low = value.Low.WithoutEnd((uint)excluded),
                };
        if (IsKnown(b))
            return (Without(a, b.Bits.Value), b);
        return IsKnown(a) ? (a, Without(b, a.Bits.Value)) : (a, b);
    }

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
            case JumpOperation.GreaterThan:
                (b, a) = Refine(JumpOperation.LessThan, b, a);
                return (a, b);
            case JumpOperation.GreaterOrEqual:
                (b, a) = Refine(JumpOperation.LessOrEqual, b, a);
                return (a, b);
            case JumpOperation.SignedGreaterThan:
                (b, a) = Refine(JumpOperation.SignedLessThan, b, a);
                return (a, b);
            case JumpOperation.SignedGreaterOrEqual:
                (b, a) = Refine(JumpOperation.SignedLessOrEqual, b, a);
                return (a, b);
            case JumpOperation.LessOrEqual:
                a = a with { UMax = TUnsigned.Min(a.UMax, b.UMax) };
                return (a, b with { UMin = TUnsigned.Max(a.UMin, b.UMin) });
            case JumpOperation.LessThan:
                a = a with { UMax = TUnsigned.Min(a.UMax, b.UMax - TUnsigned.One) };
                return (a, b with { UMin = TUnsigned.Max(a.UMin + TUnsigned.One, b.UMin) });
            case JumpOperation.SignedLessOrEqual:
                a = a with { SMax = TSigned.Min(a.SMax, b.SMax) };
                return (a, b with { SMin = TSigned.Max(a.SMin, b.SMin) });
            default:
                a = a with { SMax = TSigned.Min(a.SMax, b.SMax - TSigned.One) };
                return (a, b with { SMin = TSigned.Max(a.SMin + TSigned.One, b.SMin) });
        }
    }

    private static (Scalar A, Scalar B) RefineBits(in Scalar a, in Scalar b, bool is64, bool taken)
    {
        bool IsKnown(in Scalar value) => is64 ? value.IsConstant : value.IsLowConstant;
        ulong Mask(in Scalar value) => is64 ? value.Bits.Value : (uint)value.Bits.Value;
        if (IsKnown(b))
            return (WithBits(a, Mask(b), is64, taken), b);
        return IsKnown(a) ? (a, WithBits(b, Mask(a), is64, taken)) : (a, b);
    }

    // That some bit of several is set says nothing of any one. Where none is set, the range is forgotten for what the bits say.
    private static Scalar WithBits(in Scalar value, ulong mask, bool is64, bool taken)
    {
        if (taken)
            return BitOperations.IsPow2(mask) ? value with { Bits = value.Bits | Tnum.Constant(mask) } : value;
        var cleared = value.Bits & Tnum.Constant(~mask);
        var bits = is64 ? cleared : value.Bits.WithLowHalf(cleared);
        return new Scalar(bits, Interval<long, ulong>.Unbounded, Interval<int, uint>.Unbounded);
    }
}
