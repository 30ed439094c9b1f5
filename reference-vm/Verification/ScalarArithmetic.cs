using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// What arithmetic makes of sets of numbers. Each result contains the concrete result for every pair of members; how much more
/// it contains follows Linux 6.18 where a refusal depends on it (division is wholly unknown there, for instance).
/// </summary>
internal static class ScalarArithmetic
{
    /// <summary>Applies a two-operand operation of 64 or 32 bits; a 32-bit result is zero-extended.</summary>
    public static Scalar Apply(AluOperation operation, in Scalar a, in Scalar b, bool is64)
    {
        if (a.IsConstant && b.IsConstant && OfConstants(operation, a.Bits.Value, b.Bits.Value) is { } result)
            return Scalar.Constant(is64 ? result : (uint)result);
        if (is64)
            return Apply64(operation, a, b);
        var (bits, low) = Apply32(operation, a.Bits.Truncate(4), a.Low, b.Bits.Truncate(4), b.Low);
        return Scalar.Reduce(bits.Truncate(4), Interval<long, ulong>.OfUnsigned(0, uint.MaxValue), low);
    }

    public static Scalar Negate(in Scalar value, bool is64) => Apply(AluOperation.Subtract, Scalar.Zero, value, is64);

    /// <summary>Reverses or merely truncates the low bytes; the rest becomes zero.</summary>
    public static Scalar SwapBytes(in Scalar value, int bytes, bool reverse) =>
        reverse
            ? Scalar.Reduce(value.Bits.SwapBytes(bytes), Interval<long, ulong>.Unbounded, Interval<int, uint>.Unbounded)
            : value.Truncate(bytes);

    // What follows would find the same, in more steps.
    private static ulong? OfConstants(AluOperation operation, ulong a, ulong b) =>
        operation switch
        {
            AluOperation.Add => a + b,
            AluOperation.Subtract => a - b,
            AluOperation.Multiply => a * b,
            AluOperation.And => a & b,
            AluOperation.Or => a | b,
            AluOperation.Xor => a ^ b,
            _ => null,
        };

    private static Scalar Apply64(AluOperation operation, in Scalar a, in Scalar b)
    {
        switch (operation)
        {
            case AluOperation.Add:
                return Scalar.Reduce(a.Bits + b.Bits, a.Wide + b.Wide, a.Low + b.Low);
            case AluOperation.Subtract:
                return Scalar.Reduce(a.Bits - b.Bits, a.Wide - b.Wide, a.Low - b.Low);
            case AluOperation.Multiply:
                return Scalar.Reduce(a.Bits * b.Bits, a.Wide * b.Wide, a.Low * b.Low);
            case AluOperation.And:
                var and = Interval<long, ulong>.OfUnsigned(0, Math.Min(a.Wide.UMax, b.Wide.UMax));
                return Scalar.Reduce(a.Bits & b.Bits, and, Interval<int, uint>.Unbounded);
            case AluOperation.Or:
                var or = Interval<long, ulong>.OfUnsigned(Math.Max(a.Wide.UMin, b.Wide.UMin), ulong.MaxValue);
                return Scalar.Reduce(a.Bits | b.Bits, or, Interval<int, uint>.Unbounded);
            case AluOperation.Xor:
                return Scalar.Reduce(a.Bits ^ b.Bits, Interval<long, ulong>.Unbounded, Interval<int, uint>.Unbounded);
            case AluOperation.ShiftLeft
            or AluOperation.ShiftRight
            or AluOperation.ArithmeticShiftRight when b.IsConstant && b.Bits.Value < 64:
                return Shift64(operation, a, (int)b.Bits.Value);
            default:
                return Scalar.Unknown;
        }
    }

    private static Scalar Shift64(AluOperation operation, in Scalar a, int distance)
    {
        switch (operation)
        {
            case AluOperation.ShiftLeft:
                // The idiom that sign-extends the low half begins so: its signed range moves up unchanged.
                var wide =
                    distance == 32
                        ? Interval<long, ulong>.OfSigned((long)a.Low.SMin << 32, (long)a.Low.SMax << 32)
                        : a.Wide.ShiftLeft(distance);
                if (distance == 32)
                    wide = wide.Intersect(a.Wide.ShiftLeft(distance));
                var low = distance < 32 ? a.Low.ShiftLeft(distance) : Interval<int, uint>.Constant(0);
                return Scalar.Reduce(a.Bits << distance, wide, low);
            case AluOperation.ShiftRight:
                return Scalar.Reduce(a.Bits >>> distance, a.Wide.ShiftRight(distance), Interval<int, uint>.Unbounded);
            default:
                return Scalar.Reduce(
                    a.Bits.ShiftRightArithmetic(distance, 64),
                    a.Wide.ShiftRightArithmetic(distance),
                    Interval<int, uint>.Unbounded
                );
        }
    }

    private static (Tnum Bits, Interval<int, uint> Low) Apply32(
        AluOperation operation,
        Tnum bits,
        Interval<int, uint> low,
        Tnum otherBits,
        Interval<int, uint> other
    )
    {
        switch (operation)
        {
            case AluOperation.Add:
                return (bits + otherBits, low + other);
            case AluOperation.Subtract:
                return (bits - otherBits, low - other);
            case AluOperation.Multiply:
                return (bits * otherBits, low * other);
            case AluOperation.And:
                return (bits & otherBits, Interval<int, uint>.OfUnsigned(0, Math.Min(low.UMax, other.UMax)));
            case AluOperation.Or:
                return (
                    bits | otherBits,
                    Interval<int, uint>.OfUnsigned(Math.Max(low.UMin, other.UMin), uint.MaxValue)
                );
            case AluOperation.Xor:
                return (bits ^ otherBits, Interval<int, uint>.Unbounded);
            case AluOperation.ShiftLeft
            or AluOperation.ShiftRight
            or AluOperation.ArithmeticShiftRight when otherBits.IsConstant && otherBits.Value < 32:
                var distance = (int)otherBits.Value;
                return operation switch
                {
                    AluOperation.ShiftLeft => (bits << distance, low.ShiftLeft(distance)),
                    AluOperation.ShiftRight => (bits >>> distance, low.ShiftRight(distance)),
                    _ => (bits.ShiftRightArithmetic(distance, 32), low.ShiftRightArithmetic(distance)),
                };
            default:
                return (Tnum.Unknown, Interval<int, uint>.Unbounded);
        }
    }
}
