using System.Numerics;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// A range of numbers of one width, bounded as signed and as unsigned at once. Operations yield an interval that contains the
/// result for every pair of members; what overflows is unbounded. Empty where a minimum exceeds its maximum.
/// </summary>
internal readonly record struct Interval<TSigned, TUnsigned>(TSigned SMin, TSigned SMax, TUnsigned UMin, TUnsigned UMax)
    where TSigned : struct, IBinaryInteger<TSigned>, IMinMaxValue<TSigned>
    where TUnsigned : struct, IBinaryInteger<TUnsigned>, IMinMaxValue<TUnsigned>
{
    public static Interval<TSigned, TUnsigned> Unbounded { get; } =
        new(TSigned.MinValue, TSigned.MaxValue, TUnsigned.MinValue, TUnsigned.MaxValue);

    public bool IsEmpty => SMin > SMax || UMin > UMax;

    public bool IsConstant => UMin == UMax;

    public bool IsSignedConstant => SMin == SMax;

    public static Interval<TSigned, TUnsigned> Constant(TUnsigned value) =>
        new(Signed(value), Signed(value), value, value);

    public static Interval<TSigned, TUnsigned> OfUnsigned(TUnsigned min, TUnsigned max) =>
        Unbounded with
        {
            UMin = min,
            UMax = max,
        };

    public static Interval<TSigned, TUnsigned> OfSigned(TSigned min, TSigned max) =>
        Unbounded with
        {
            SMin = min,
            SMax = max,
        };

    public bool Contains(TUnsigned value) =>
        value >= UMin && value <= UMax && Signed(value) >= SMin && Signed(value) <= SMax;

    public bool Contains(Interval<TSigned, TUnsigned> other) =>
        other.UMin >= UMin && other.UMax <= UMax && other.SMin >= SMin && other.SMax <= SMax;

    public Interval<TSigned, TUnsigned> Intersect(Interval<TSigned, TUnsigned> other) =>
        new(
            TSigned.Max(SMin, other.SMin),
            TSigned.Min(SMax, other.SMax),
            TUnsigned.Max(UMin, other.UMin),
            TUnsigned.Min(UMax, other.UMax)
        );

    public static Interval<TSigned, TUnsigned> operator +(
        Interval<TSigned, TUnsigned> a,
        Interval<TSigned, TUnsigned> b
    )
    {
        var result = Unbounded;
        var (smin, smax) = (a.SMin + b.SMin, a.SMax + b.SMax);
        if (!AddOverflows(a.SMin, b.SMin, smin) && !AddOverflows(a.SMax, b.SMax, smax))
            result = result with { SMin = smin, SMax = smax };
        var (umin, umax) = (a.UMin + b.UMin, a.UMax + b.UMax);
        // Both ends wrapping, or neither, keeps them in order.
        if (umin < a.UMin == umax < a.UMax)
            result = result with { UMin = umin, UMax = umax };
        return result;
    }

    public static Interval<TSigned, TUnsigned> operator -(
        Interval<TSigned, TUnsigned> a,
        Interval<TSigned, TUnsigned> b
    )
    {
        var result = Unbounded;
        var (smin, smax) = (a.SMin - b.SMax, a.SMax - b.SMin);
        if (!SubtractOverflows(a.SMin, b.SMax, smin) && !SubtractOverflows(a.SMax, b.SMin, smax))
            result = result with { SMin = smin, SMax = smax };
        if (a.UMin < b.UMax == a.UMax < b.UMin)
            result = result with { UMin = a.UMin - b.UMax, UMax = a.UMax - b.UMin };
        return result;
    }

    public static Interval<TSigned, TUnsigned> operator *(
        Interval<TSigned, TUnsigned> a,
        Interval<TSigned, TUnsigned> b
    )
    {
        var result = Unbounded;
        if (b.UMax == TUnsigned.Zero || a.UMax <= TUnsigned.MaxValue / b.UMax)
            result = result with { UMin = a.UMin * b.UMin, UMax = a.UMax * b.UMax };
        ReadOnlySpan<TSigned> corners = [a.SMin * b.SMin, a.SMin * b.SMax, a.SMax * b.SMin, a.SMax * b.SMax];
        if (
            MultiplyOverflows(a.SMin, b.SMin)
            || MultiplyOverflows(a.SMin, b.SMax)
            || MultiplyOverflows(a.SMax, b.SMin)
            || MultiplyOverflows(a.SMax, b.SMax)
        )
            return result;
        var (min, max) = (corners[0], corners[0]);
        foreach (var corner in corners)
            (min, max) = (TSigned.Min(min, corner), TSigned.Max(max, corner));
        return result with { SMin = min, SMax = max };
    }

    /// <summary>The range without a number that is one of its ends.</summary>
    public Interval<TSigned, TUnsigned> WithoutEnd(TUnsigned excluded) =>
        new(
            SMin == Signed(excluded) ? SMin + TSigned.One : SMin,
            SMax == Signed(excluded) ? SMax - TSigned.One : SMax,
            UMin == excluded ? UMin + TUnsigned.One : UMin,
            UMax == excluded ? UMax - TUnsigned.One : UMax
        );

    /// <summary>What each reading says about the other. Contains the same numbers.</summary>
    public Interval<TSigned, TUnsigned> Deduced()
    {
        var result = DeducedFromUnsigned();
        if (Unsigned(result.SMin) <= Unsigned(result.SMax))
            return result.Intersect(OfUnsigned(Unsigned(result.SMin), Unsigned(result.SMax)));
        // The signed range crosses zero, that is, it is two unsigned ranges. Where one of them is excluded, the other remains.
        if (result.UMax < Unsigned(result.SMin))
            return result with { SMin = Signed(result.UMin), UMax = TUnsigned.Min(result.UMax, Unsigned(result.SMax)) };
        if (Unsigned(result.SMax) < result.UMin)
            return result with { SMax = Signed(result.UMax), UMin = TUnsigned.Max(result.UMin, Unsigned(result.SMin)) };
        return result;
    }

    /// <summary>As <see cref="Deduced"/>, but a signed range that crosses zero says nothing.</summary>
    public Interval<TSigned, TUnsigned> DeducedWithinSign()
    {
        var result = DeducedFromUnsigned();
        return Unsigned(result.SMin) <= Unsigned(result.SMax)
            ? result.Intersect(OfUnsigned(Unsigned(result.SMin), Unsigned(result.SMax)))
            : result;
    }

    /// <summary>The signed reading of the unsigned range, where that is a range.</summary>
    public Interval<TSigned, TUnsigned> SignedAsUnsigned() =>
        Signed(UMin) <= Signed(UMax) ? this with { SMin = Signed(UMin), SMax = Signed(UMax) } : OfUnsigned(UMin, UMax);

    private Interval<TSigned, TUnsigned> DeducedFromUnsigned() =>
        Signed(UMin) <= Signed(UMax) ? Intersect(OfSigned(Signed(UMin), Signed(UMax))) : this;

    private static TSigned Signed(TUnsigned value) => TSigned.CreateTruncating(value);

    private static TUnsigned Unsigned(TSigned value) => TUnsigned.CreateTruncating(value);

    private static bool AddOverflows(TSigned a, TSigned b, TSigned sum) => TSigned.IsNegative((a ^ sum) & (b ^ sum));

    private static bool SubtractOverflows(TSigned a, TSigned b, TSigned difference) =>
        TSigned.IsNegative((a ^ b) & (a ^ difference));

    private static bool MultiplyOverflows(TSigned a, TSigned b)
    {
        if (a == TSigned.Zero || b == TSigned.Zero)
            return false;
        if (a == -TSigned.One)
            return b == TSigned.MinValue;
        if (b == -TSigned.One)
            return a == TSigned.MinValue;
        return a * b / b != a;
    }
}
