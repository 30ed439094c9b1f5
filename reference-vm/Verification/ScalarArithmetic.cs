using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// What arithmetic makes of sets of numbers. Each result contains the concrete result for every pair of members; how much more
/// it contains is Linux 6.18's (division is wholly unknown there, for instance).
/// </summary>
internal static class ScalarArithmetic
{
    /// <summary>Applies a two-operand operation of 64 or 32 bits; a 32-bit result is zero-extended.</summary>
    public static Scalar Apply(AluOperation operation, in Scalar a, in Scalar b, bool is64)
    {
        if (!IsTracked(operation, b, is64))
            return Scalar.Unknown;
        var result = operation switch
        {
            AluOperation.Add => Add(a, b),
            AluOperation.Subtract => new(a.Bits - b.Bits, a.Wide - b.Wide, a.Low - b.Low),
            AluOperation.Multiply => new(a.Bits * b.Bits, a.Wide * b.Wide, a.Low * b.Low),
            AluOperation.And => And(a, b),
            AluOperation.Or => Or(a, b),
            AluOperation.Xor => Xor(a, b),
            _ when is64 => ScalarShift.Apply64(operation, a, (int)b.Wide.UMin),
            _ => ScalarShift.Apply32(operation, a, (int)b.Low.UMin),
        };
        if (!is64)
            result = result.ZeroExtended();
        return result.Synchronised().OrUnbounded();
    }

    /// <summary>The sum, not synchronised: what Linux makes of a number tied to another at a distance.</summary>
    public static Scalar Add(in Scalar a, in Scalar b) => new(a.Bits + b.Bits, a.Wide + b.Wide, a.Low + b.Low);

    public static Scalar Negate(in Scalar value, bool is64) => Apply(AluOperation.Subtract, Scalar.Zero, value, is64);

    /// <summary>Reverses or merely truncates the low bytes; the rest becomes zero.</summary>
    public static Scalar SwapBytes(in Scalar value, int bytes, bool reverse)
    {
        var bits = reverse ? value.Bits.SwapBytes(bytes) : value.Bits.Truncate(bytes);
        return new Scalar(bits, Interval<long, ulong>.Unbounded, Interval<int, uint>.Unbounded).Synchronised();
    }

    // Shifts are understood where the distance is known.
    private static bool IsTracked(AluOperation operation, in Scalar b, bool is64)
    {
        switch (operation)
        {
            case AluOperation.Add
            or AluOperation.Subtract
            or AluOperation.Multiply
            or AluOperation.And
            or AluOperation.Or
            or AluOperation.Xor:
                return true;
            case AluOperation.ShiftLeft or AluOperation.ShiftRight or AluOperation.ArithmeticShiftRight:
                var isKnown = is64
                    ? b.IsConstant && b.Wide.IsConstant
                    : b.IsLowConstant && b.Low is { IsConstant: true, IsSignedConstant: true };
                return isKnown && b.Wide.UMax < (is64 ? 64UL : 32UL);
            default:
                return false;
        }
    }

    private static Scalar And(in Scalar a, in Scalar b)
    {
        var bits = a.Bits & b.Bits;
        var wide = Wide(a, b, bits, bits.Value, Math.Min(a.Wide.UMax, b.Wide.UMax));
        var low = Low(a, b, bits, (uint)bits.Value, Math.Min(a.Low.UMax, b.Low.UMax));
        return Learned(a, b, new(bits, wide, low));
    }

    private static Scalar Or(in Scalar a, in Scalar b)
    {
        var bits = a.Bits | b.Bits;
        var wide = Wide(a, b, bits, Math.Max(a.Wide.UMin, b.Wide.UMin), bits.Max);
        var low = Low(a, b, bits, Math.Max(a.Low.UMin, b.Low.UMin), (uint)bits.Max);
        return Learned(a, b, new(bits, wide, low));
    }

    private static Scalar Xor(in Scalar a, in Scalar b)
    {
        var bits = a.Bits ^ b.Bits;
        var wide = Wide(a, b, bits, bits.Value, bits.Max);
        var low = Low(a, b, bits, (uint)bits.Value, (uint)bits.Max);
        return Learned(a, b, new(bits, wide, low));
    }

    private static Interval<long, ulong> Wide(in Scalar a, in Scalar b, Tnum bits, ulong min, ulong max) =>
        a.IsConstant && b.IsConstant
            ? Interval<long, ulong>.Constant(bits.Value)
            : Interval<long, ulong>.OfUnsigned(min, max).SignedAsUnsigned();

    private static Interval<int, uint> Low(in Scalar a, in Scalar b, Tnum bits, uint min, uint max) =>
        a.IsLowConstant && b.IsLowConstant
            ? Interval<int, uint>.Constant((uint)bits.Value)
            : Interval<int, uint>.OfUnsigned(min, max).SignedAsUnsigned();

    private static Scalar Learned(in Scalar a, in Scalar b, in Scalar result) =>
        a.IsConstant && b.IsConstant ? Scalar.Constant(result.Bits.Value) : result.LearnFromBits();
}
