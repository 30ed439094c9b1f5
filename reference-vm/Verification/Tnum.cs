using System.Buffers.Binary;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// What is known of each bit of a 64-bit number (a "tristate number"): a bit set in <paramref name="Mask"/> is unknown, any
/// other is as in <paramref name="Value"/>. No bit is set in both. Every operation yields a tnum that contains the result for
/// every pair of members of its operands.
/// </summary>
/// <param name="Value">The known ones.</param>
/// <param name="Mask">The unknown bits.</param>
internal readonly record struct Tnum(ulong Value, ulong Mask)
{
    private const ulong LowHalf = uint.MaxValue;

    public static Tnum Unknown => new(0, ulong.MaxValue);

    public bool IsConstant => Mask == 0;

    public ulong Max => Value | Mask;

    public static Tnum Constant(ulong value) => new(value, 0);

    /// <summary>The smallest tnum that contains a range: the common leading bits are known.</summary>
    public static Tnum OfRange(ulong min, ulong max)
    {
        var differing = 64 - System.Numerics.BitOperations.LeadingZeroCount(min ^ max);
        var mask = differing == 64 ? ulong.MaxValue : (1UL << differing) - 1;
        return new Tnum(min & ~mask, mask);
    }

    public bool Contains(ulong value) => (value & ~Mask) == Value;

    /// <summary>The least member greater than a number; the greatest member where there is none.</summary>
    public ulong Next(ulong number)
    {
        if (number >= Max)
            return Max;
        if (number < Value)
            return Value;
        // Counted in unknown bits only: the least selection of them that is worth more than the distance.
        var distance = number - Value + 1;
        var known = distance & ~Mask;
        if (known == 0)
            return Value + distance;
        var below = ulong.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(known);
        return Value + ((distance | ~Mask | below) + 1 & Mask);
    }

    /// <summary>Whether every member of the other is a member of this.</summary>
    public bool Contains(Tnum other) => (other.Mask & ~Mask) == 0 && (other.Value & ~Mask) == Value;

    /// <summary>Whether no number is a member of both.</summary>
    public bool IsDisjointFrom(Tnum other) => ((Value ^ other.Value) & ~(Mask | other.Mask)) != 0;

    public bool IsAligned(int size) => (Max & (ulong)(size - 1)) == 0;

    /// <summary>The members of both; the operands must not be disjoint.</summary>
    public Tnum Intersect(Tnum other)
    {
        var mask = Mask & other.Mask;
        return new Tnum((Value | other.Value) & ~mask, mask);
    }

    /// <summary>The low <paramref name="bytes"/> bytes, zero-extended.</summary>
    public Tnum Truncate(int bytes) =>
        bytes >= 8 ? this : new Tnum(Value & (1UL << 8 * bytes) - 1, Mask & (1UL << 8 * bytes) - 1);

    public Tnum WithLowHalf(Tnum low) =>
        new(Value & ~LowHalf | low.Value & LowHalf, Mask & ~LowHalf | low.Mask & LowHalf);

    // Carries run furthest when all unknown bits are ones and not at all when they are zeros; where the two sums agree, and no
    // operand's bit is unknown, the bit is known.
    public static Tnum operator +(Tnum a, Tnum b)
    {
        var least = a.Value + b.Value;
        var most = least + a.Mask + b.Mask;
        var mask = (least ^ most) | a.Mask | b.Mask;
        return new Tnum(least & ~mask, mask);
    }

    public static Tnum operator -(Tnum a, Tnum b)
    {
        var middle = a.Value - b.Value;
        var mask = ((middle + a.Mask) ^ (middle - b.Mask)) | a.Mask | b.Mask;
        return new Tnum(middle & ~mask, mask);
    }

    public static Tnum operator &(Tnum a, Tnum b)
    {
        var ones = a.Value & b.Value;
        return new Tnum(ones, a.Max & b.Max & ~ones);
    }

    public static Tnum operator |(Tnum a, Tnum b)
    {
        var ones = a.Value | b.Value;
        return new Tnum(ones, (a.Mask | b.Mask) & ~ones);
    }

    public static Tnum operator ^(Tnum a, Tnum b)
    {
        var mask = a.Mask | b.Mask;
        return new Tnum((a.Value ^ b.Value) & ~mask, mask);
    }

    // Long multiplication, bit by bit of the first factor: a known one adds the shifted second factor, an unknown bit adds
    // it or nothing, that is, makes unknown every bit it may have.
    public static Tnum operator *(Tnum a, Tnum b)
    {
        var sum = Constant(0);
        for (var bit = 0; bit < 64 && (a.Max >> bit) != 0; bit++)
        {
            var shifted = b << bit;
            if ((a.Value >> bit & 1) != 0)
                sum += shifted;
            else if ((a.Mask >> bit & 1) != 0)
                sum += new Tnum(0, shifted.Max);
        }
        return sum;
    }

    public static Tnum operator <<(Tnum a, int distance) => new(a.Value << distance, a.Mask << distance);

    public static Tnum operator >>>(Tnum a, int distance) => new(a.Value >> distance, a.Mask >> distance);

    /// <summary>The arithmetic shift of the low <paramref name="width"/> (32 or 64) bits; the result is zero-extended.</summary>
    public Tnum ShiftRightArithmetic(int distance, int width) =>
        width == 32
            ? new Tnum((uint)((int)Value >> distance), (uint)((int)Mask >> distance))
            : new Tnum((ulong)((long)Value >> distance), (ulong)((long)Mask >> distance));

    /// <summary>The low bytes with their top bit, known or not, copied into all bits above.</summary>
    public Tnum SignExtend(int bytes)
    {
        var distance = 64 - 8 * bytes;
        return new Tnum((ulong)((long)(Value << distance) >> distance), (ulong)((long)(Mask << distance) >> distance));
    }

    /// <summary>The low bytes in reverse order, zero-extended.</summary>
    public Tnum SwapBytes(int bytes)
    {
        var distance = 64 - 8 * bytes;
        return new Tnum(
            BinaryPrimitives.ReverseEndianness(Value) >> distance,
            BinaryPrimitives.ReverseEndianness(Mask) >> distance
        );
    }

    /// <summary>As Linux prints it: a constant plainly, else value and mask.</summary>
    public override string ToString() =>
        !IsConstant ? $"(0x{Value:x}; 0x{Mask:x})"
        : Value <= ushort.MaxValue ? $"{Value}"
        : $"0x{Value:x}";
}
