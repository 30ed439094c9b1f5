namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// A set of 64-bit numbers, known by its bits, by its range and by the range of its low half. The three are kept in step by
/// <see cref="Synchronised"/>, whose deductions are Linux's, in Linux's order: knowing more would be sound, and would accept
/// what Linux refuses.
/// </summary>
/// <param name="Bits">What is known of each bit.</param>
/// <param name="Wide">The range of the whole number.</param>
/// <param name="Low">The range of its low 32 bits.</param>
internal readonly record struct Scalar(Tnum Bits, Interval<long, ulong> Wide, Interval<int, uint> Low)
{
    private const ulong HighHalf = 0xffff_ffff_0000_0000;

    public static Scalar Unknown { get; } =
        new(Tnum.Unknown, Interval<long, ulong>.Unbounded, Interval<int, uint>.Unbounded);

    public static Scalar Zero { get; } = Constant(0);

    public bool IsConstant => Bits.IsConstant;

    /// <summary>Whether the low half is a known number.</summary>
    public bool IsLowConstant => Bits.Truncate(sizeof(uint)).IsConstant;

    /// <summary>Whether every member fits in so many low bytes.</summary>
    public bool Fits(int bytes) => bytes >= sizeof(ulong) || Wide.UMax >> 8 * bytes == 0;

    /// <summary>Whether the parts agree. Parts that do not come of a way that no number can go.</summary>
    public bool IsConsistent =>
        !Wide.IsEmpty
        && !Low.IsEmpty
        && (!Bits.IsConstant || Wide == Interval<long, ulong>.Constant(Bits.Value))
        && (!IsLowConstant || Low == Interval<int, uint>.Constant((uint)Bits.Value));

    public static Scalar Constant(ulong value) =>
        new(Tnum.Constant(value), Interval<long, ulong>.Constant(value), Interval<int, uint>.Constant((uint)value));

    public bool IsExactly(ulong value) => Bits.IsConstant && Bits.Value == value;

    public bool Contains(ulong value) => Bits.Contains(value) && Wide.Contains(value) && Low.Contains((uint)value);

    /// <summary>Whether every member of the other is known to be a member of this.</summary>
    public bool Contains(in Scalar other) =>
        Bits.Contains(other.Bits) && Wide.Contains(other.Wide) && Low.Contains(other.Low);

    public static Scalar OfUnsigned(ulong min, ulong max) =>
        (Unknown with { Wide = Interval<long, ulong>.OfUnsigned(min, max) }).Synchronised();

    /// <summary>The same numbers, with what each part says about the others.</summary>
    public Scalar Synchronised() => LearnFromBits().Deduced().Deduced().Deduced().LearnBits().LearnFromBits();

    /// <summary>This where its parts agree, else the same bits without any range.</summary>
    public Scalar OrUnbounded() => IsConsistent ? this : WithoutRanges();

    public Scalar WithoutRanges() => Unknown with { Bits = Bits };

    /// <summary>What the bits say about the ranges; where both leave one number, that is what it is.</summary>
    public Scalar LearnFromBits()
    {
        var learned = this with
        {
            Wide = Wide.Intersect(FromBits(Bits)),
            Low = Low.Intersect(FromLowBits(Bits.Truncate(sizeof(uint)))),
        };
        return learned.Bits.IsConstant || learned.TheOnlyMember() is not { } member ? learned : Constant(member);
    }

    // Of a set that is empty, which is not always seen, it may be any number.
    private ulong? TheOnlyMember()
    {
        var (min, max) = (Wide.UMin, Wide.UMax);
        var next = Bits.Next(min);
        if (Bits.Contains(min))
            return next > max ? min : null;
        var isOnly = next == Bits.Max || next <= max && Bits.Next(next) > max;
        return isOnly ? next : null;
    }

    /// <summary>What the bits say about the range of the low half.</summary>
    public Scalar LearnLowFromBits() => this with { Low = Low.Intersect(FromLowBits(Bits.Truncate(sizeof(uint)))) };

    /// <summary>The low half, zero-extended; the range of the whole is taken from the low half's.</summary>
    public Scalar ZeroExtended()
    {
        var isPositive = Low is { SMin: >= 0, SMax: >= 0 };
        var (smin, smax) = isPositive ? ((long)Low.SMin, (long)Low.SMax) : (0, uint.MaxValue);
        return this with { Bits = Bits.Truncate(sizeof(uint)), Wide = new(smin, smax, Low.UMin, Low.UMax) };
    }

    /// <summary>The low bytes, zero-extended: what a load leaves.</summary>
    public Scalar Truncate(int bytes)
    {
        if (bytes >= sizeof(ulong))
            return this;
        var mask = (1UL << 8 * bytes) - 1;
        var (min, max) =
            (Wide.UMin & ~mask) == (Wide.UMax & ~mask) ? (Wide.UMin & mask, Wide.UMax & mask) : (0UL, mask);
        var low = bytes < sizeof(uint) ? Interval<int, uint>.Unbounded : Low;
        return new Scalar(Bits.Truncate(bytes), new((long)min, (long)max, min, max), low).Synchronised();
    }

    /// <summary>The low bytes, sign-extended to 64 bits.</summary>
    public Scalar SignExtend(int bytes)
    {
        if (bytes >= sizeof(ulong))
            return this;
        if (IsConstant)
            return Constant((ulong)SignExtended((long)Bits.Value, bytes));
        var width = 8 * bytes;
        var (end, other) = (SignExtended(Wide.SMax, bytes), SignExtended(Wide.SMin, bytes));
        var sameAbove = (ulong)Wide.SMax >> width == (ulong)Wide.SMin >> width;
        if (sameAbove && end >= 0 == other >= 0)
        {
            var (min, max) = (Math.Min(end, other), Math.Max(end, other));
            return new Scalar(
                Tnum.OfRange((ulong)min, (ulong)max),
                new(min, max, (ulong)min, (ulong)max),
                new((int)min, (int)max, (uint)min, (uint)max)
            );
        }
        var (least, greatest) = (-1L << width - 1, (1L << width - 1) - 1);
        return new Scalar(
            Tnum.Unknown,
            Interval<long, ulong>.OfSigned(least, greatest),
            Interval<int, uint>.OfSigned((int)least, (int)greatest)
        );
    }

    /// <summary>The low bytes (1 or 2), sign-extended to 32 bits; the high half is left for <see cref="ZeroExtended"/>.</summary>
    public Scalar SignExtendLow(int bytes)
    {
        if (IsConstant)
            return Constant((ulong)SignExtended((long)Bits.Value, bytes));
        var width = 8 * bytes;
        var (end, other) = ((int)SignExtended(Low.SMax, bytes), (int)SignExtended(Low.SMin, bytes));
        var sameAbove = (uint)Low.SMax >> width == (uint)Low.SMin >> width;
        if (sameAbove && end >= 0 == other >= 0)
        {
            var (min, max) = (Math.Min(end, other), Math.Max(end, other));
            return this with
            {
                Bits = Tnum.OfRange((ulong)min, (ulong)max).Truncate(sizeof(uint)),
                Low = new(min, max, (uint)min, (uint)max),
            };
        }
        var (least, greatest) = (-1 << width - 1, (1 << width - 1) - 1);
        return this with
        {
            Bits = Tnum.Unknown.Truncate(sizeof(uint)),
            Low = Interval<int, uint>.OfSigned(least, greatest),
        };
    }

    private static long SignExtended(long value, int bytes) => value << 64 - 8 * bytes >> 64 - 8 * bytes;

    private Scalar Deduced()
    {
        var result = this with { Low = Low.Intersect(LowOf(Wide)).DeducedWithinSign() };
        result = result with { Wide = Wide.Deduced() };
        return result.LearnWideFromLow();
    }

    private Scalar LearnBits()
    {
        var bits = Bits.Intersect(Tnum.OfRange(Wide.UMin, Wide.UMax));
        var low = bits.Truncate(sizeof(uint)).Intersect(Tnum.OfRange(Low.UMin, Low.UMax));
        return this with { Bits = bits.WithLowHalf(low) };
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

    // Numbers with the same high half are ordered as their low halves are. Where the high halves are neighbours, the low half
    // may run from negative over zero to positive.
    private static Interval<int, uint> LowOf(Interval<long, ulong> wide)
    {
        var low = Interval<int, uint>.Unbounded;
        var (umin, umax) = (wide.UMin, wide.UMax);
        if (umin >> 32 == umax >> 32)
        {
            low = low.Intersect(Interval<int, uint>.OfUnsigned((uint)umin, (uint)umax));
            if ((int)umin <= (int)umax)
                low = low.Intersect(Interval<int, uint>.OfSigned((int)umin, (int)umax));
        }
        var (smin, smax) = ((ulong)wide.SMin, (ulong)wide.SMax);
        if (smin >> 32 == smax >> 32)
        {
            if ((uint)smin <= (uint)smax)
                low = low.Intersect(Interval<int, uint>.OfUnsigned((uint)smin, (uint)smax));
            if ((int)smin <= (int)smax)
                low = low.Intersect(Interval<int, uint>.OfSigned((int)smin, (int)smax));
        }
        if (CrossesZero(umin, umax))
            low = low.Intersect(Interval<int, uint>.OfSigned((int)umin, (int)umax));
        if (CrossesZero(smin, smax))
            low = low.Intersect(Interval<int, uint>.OfSigned((int)smin, (int)smax));
        return low;
    }

    private static bool CrossesZero(ulong min, ulong max) =>
        unchecked((uint)(min >> 32) + 1) == (uint)(max >> 32) && (int)min < 0 && (int)max >= 0;

    // A number at least the minimum has its high half, and then at least the least low half, or a greater one. Likewise above.
    private Scalar LearnWideFromLow()
    {
        var wide = Wide.Intersect(
            new(
                (long)((ulong)Wide.SMin & HighHalf | Low.UMin),
                (long)((ulong)Wide.SMax & HighHalf | Low.UMax),
                Wide.UMin & HighHalf | Low.UMin,
                Wide.UMax & HighHalf | Low.UMax
            )
        );
        if (Low.SMin < 0 || wide.SMin < int.MinValue || wide.SMax > int.MaxValue)
            return this with { Wide = wide };
        // Were the high half all ones, the number would be below the signed minimum.
        var positive = new Interval<long, ulong>(Low.SMin, Low.SMax, (ulong)Low.SMin, (ulong)Low.SMax);
        return this with { Bits = Bits.Intersect(Tnum.OfRange(positive.UMin, positive.UMax)), Wide = positive };
    }
}
