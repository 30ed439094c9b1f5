namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// A set of 64-bit numbers, known by its bits, by its range and by the range of its low half. Never empty: what would be is
/// null instead.
/// </summary>
/// <param name="Bits">What is known of each bit.</param>
/// <param name="Wide">The range of the whole number.</param>
/// <param name="Low">The range of its low 32 bits.</param>
internal readonly record struct Scalar(Tnum Bits, Interval<long, ulong> Wide, Interval<int, uint> Low)
{
    private const ulong HighHalf = 0xffff_ffff_0000_0000;

    // Each round passes knowledge one step on between the three; four suffice for every chain of deductions there is.
    private const int DeductionRounds = 4;

    public static Scalar Unknown { get; } =
        new(Tnum.Unknown, Interval<long, ulong>.Unbounded, Interval<int, uint>.Unbounded);

    public static Scalar Zero { get; } = Constant(0);

    public bool IsConstant => Bits.IsConstant;

    public bool IsUnknown => this == Unknown;

    /// <summary>Whether the high half is known to be zero.</summary>
    public bool FitsLowHalf => Wide.UMax <= uint.MaxValue;

    public static Scalar Constant(ulong value) =>
        new(Tnum.Constant(value), Interval<long, ulong>.Constant(value), Interval<int, uint>.Constant((uint)value));

    public bool IsExactly(ulong value) => Bits.IsConstant && Bits.Value == value;

    public bool Contains(ulong value) => Bits.Contains(value) && Wide.Contains(value) && Low.Contains((uint)value);

    /// <summary>Whether every member of the other is known to be a member of this.</summary>
    public bool Contains(in Scalar other) =>
        Bits.Contains(other.Bits) && Wide.Contains(other.Wide) && Low.Contains(other.Low);

    /// <summary>The same numbers, with everything each part says about the others; null where nothing is left.</summary>
    public static Scalar? TryReduce(Tnum bits, Interval<long, ulong> wide, Interval<int, uint> low)
    {
        for (var round = 0; round < DeductionRounds; round++)
        {
            var before = (bits, wide, low);
            var lowBits = bits.Truncate(4);
            wide = wide.Intersect(FromBits(bits)).Deduced();
            low = low.Intersect(FromLowBits(lowBits)).Intersect(LowOf(wide)).Deduced();
            wide = Widen(wide, low).Deduced();
            if (wide.IsEmpty || low.IsEmpty)
                return null;
            var range = Tnum.OfRange(wide.UMin, wide.UMax);
            var lowRange = Tnum.OfRange(low.UMin, low.UMax);
            if (bits.IsDisjointFrom(range))
                return null;
            bits = bits.Intersect(range);
            if (bits.Truncate(4).IsDisjointFrom(lowRange))
                return null;
            bits = bits.WithLowHalf(bits.Truncate(4).Intersect(lowRange));
            if (before == (bits, wide, low))
                break;
        }
        return new Scalar(bits, wide, low);
    }

    /// <summary>As <see cref="TryReduce"/>, for parts that are known to have a common member.</summary>
    public static Scalar Reduce(Tnum bits, Interval<long, ulong> wide, Interval<int, uint> low) =>
        TryReduce(bits, wide, low) ?? Unknown;

    public static Scalar OfUnsigned(ulong min, ulong max) =>
        Reduce(Tnum.Unknown, Interval<long, ulong>.OfUnsigned(min, max), Interval<int, uint>.Unbounded);

    /// <summary>The low bytes, zero-extended: what a load or a 32-bit operation leaves.</summary>
    public Scalar Truncate(int bytes)
    {
        if (bytes >= 8)
            return this;
        var mask = (1UL << 8 * bytes) - 1;
        var wide =
            (Wide.UMin & ~mask) == (Wide.UMax & ~mask)
                ? Interval<long, ulong>.OfUnsigned(Wide.UMin & mask, Wide.UMax & mask)
                : Interval<long, ulong>.OfUnsigned(0, mask);
        return Reduce(Bits.Truncate(bytes), wide, bytes == 4 ? Low : Interval<int, uint>.Unbounded);
    }

    /// <summary>The low bytes, sign-extended to 64 bits.</summary>
    public Scalar SignExtend(int bytes)
    {
        if (bytes >= 8)
            return this;
        var (min, max) = (-1L << 8 * bytes - 1, (1L << 8 * bytes - 1) - 1);
        if (Wide.SMin >= min && Wide.SMax <= max)
            return this;
        var wide =
            bytes == 4 ? Interval<long, ulong>.OfSigned(Low.SMin, Low.SMax) : Interval<long, ulong>.OfSigned(min, max);
        return Reduce(Bits.SignExtend(bytes), wide, bytes == 4 ? Low : Interval<int, uint>.Unbounded);
    }

    private static Interval<long, ulong> FromBits(Tnum bits) =>
        new(
            (long)(bits.Value | bits.Mask & 1UL << 63),
            (long)(bits.Value | bits.Mask & ~(1UL << 63)),
            bits.Value,
            bits.Max
        );

    private static Interval<int, uint> FromLowBits(Tnum bits) =>
        new(
            (int)(uint)(bits.Value | bits.Mask & 1UL << 31),
            (int)(uint)(bits.Value | bits.Mask & ~(1UL << 31)),
            (uint)bits.Value,
            (uint)bits.Max
        );

    // Numbers with the same high half are ordered as their low halves are.
    private static Interval<int, uint> LowOf(Interval<long, ulong> wide)
    {
        var low = Interval<int, uint>.Unbounded;
        if ((wide.UMin & HighHalf) == (wide.UMax & HighHalf))
            low = Interval<int, uint>.OfUnsigned((uint)wide.UMin, (uint)wide.UMax);
        if (((ulong)wide.SMin & HighHalf) == ((ulong)wide.SMax & HighHalf))
            low = low.Intersect(Interval<int, uint>.OfUnsigned((uint)wide.SMin, (uint)wide.SMax));
        if (wide.SMin >= int.MinValue && wide.SMax <= int.MaxValue)
            low = low.Intersect(Interval<int, uint>.OfSigned((int)wide.SMin, (int)wide.SMax));
        return low;
    }

    // A number at least the minimum has its high half, and then at least the least low half, or a greater one. Likewise above.
    private static Interval<long, ulong> Widen(Interval<long, ulong> wide, Interval<int, uint> low)
    {
        var bounds = new Interval<long, ulong>(
            (long)((ulong)wide.SMin & HighHalf | low.UMin),
            (long)((ulong)wide.SMax & HighHalf | low.UMax),
            wide.UMin & HighHalf | low.UMin,
            wide.UMax & HighHalf | low.UMax
        );
        if (wide.SMin >= int.MinValue && wide.SMax <= int.MaxValue)
            bounds = bounds.Intersect(Interval<long, ulong>.OfSigned(low.SMin, low.SMax));
        return wide.Intersect(bounds);
    }
}
