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

    public Interval<TSigned, TUnsigned> ShiftLeft(int distance)
    {
        var result = Unbounded;
        if (UMax <= TUnsigned.MaxValue >>> distance)
            result = result with { UMin = UMin << distance, UMax = UMax << distance };
        if (SMin << distance >> distance == SMin && SMax << distance >> distance == SMax)
            result = result with { SMin = SMin << distance, SMax = SMax << distance };
        return result;
    }

    public Interval<TSigned, TUnsigned> ShiftRight(int distance) => OfUnsigned(UMin >>> distance, UMax >>> distance);

    public Interval<TSigned, TUnsigned> ShiftRightArithmetic(int distance) =>
        OfSigned(SMin >> distance, SMax >> distance);

    /// <summary>What each reading says about the other. Contains the same numbers.</summary>
    public Interval<TSigned, TUnsigned> Deduced()
    {
        var result = this;
        if (Signed(UMin) <= Signed(UMax))
            result = result.Intersect(OfSigned(Signed(UMin), Signed(UMax)));
        if (Unsigned(SMin) <= Unsigned(SMax))
            return result.Intersect(OfUnsigned(Unsigned(SMin), Unsigned(SMax)));
        // The signed range crosses zero, that is, it is two unsigned ranges. Where one of them is excluded, the other remains.
        if (UMax < Unsigned(SMin))
            result = result.Intersect(OfSigned(TSigned.Zero, SMax));
        if (UMin > Unsigned(SMax))
            result = result.Intersect(OfSigned(SMin, -TSigned.One));
        return result;
    }

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
