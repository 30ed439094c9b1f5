using System.Buffers.Binary;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Verification;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Conformance.Tests.ReferenceVm.Verification;

[Properties(Arbitrary = [typeof(AbstractValues)], MaxTest = 2000)]
public class ScalarSoundnessTests
{
    private static readonly AluOperation[] Operations =
    [
        AluOperation.Add,
        AluOperation.Subtract,
        AluOperation.Multiply,
        AluOperation.Divide,
        AluOperation.Modulo,
        AluOperation.And,
        AluOperation.Or,
        AluOperation.Xor,
        AluOperation.ShiftLeft,
        AluOperation.ShiftRight,
        AluOperation.ArithmeticShiftRight,
    ];

    private static readonly JumpOperation[] Comparisons =
    [
        JumpOperation.Equal,
        JumpOperation.NotEqual,
        JumpOperation.AnyBitSet,
        JumpOperation.GreaterThan,
        JumpOperation.GreaterOrEqual,
        JumpOperation.LessThan,
        JumpOperation.LessOrEqual,
        JumpOperation.SignedGreaterThan,
        JumpOperation.SignedGreaterOrEqual,
        JumpOperation.SignedLessThan,
        JumpOperation.SignedLessOrEqual,
    ];

    [Property]
    public bool A_set_contains_what_it_was_made_around(Sample sample) =>
        sample.Set.Contains(sample.Member) && sample.Bits.Contains(sample.Member);

    [Property]
    public Property Bits_of_a_result_contain_the_result_of_members(Sample a, Sample b)
    {
        var (x, y) = (a.Member, b.Member);
        var distance = (int)(y & 63);
        return Holds((a.Bits + b.Bits).Contains(x + y), "+")
            .And(Holds((a.Bits - b.Bits).Contains(x - y), "-"))
            .And(Holds((a.Bits * b.Bits).Contains(x * y), "*"))
            .And(Holds((a.Bits & b.Bits).Contains(x & y), "&"))
            .And(Holds((a.Bits | b.Bits).Contains(x | y), "|"))
            .And(Holds((a.Bits ^ b.Bits).Contains(x ^ y), "^"))
            .And(Holds((a.Bits << distance).Contains(x << distance), "<<"))
            .And(Holds((a.Bits >>> distance).Contains(x >> distance), ">>"))
            .And(Holds(a.Bits.ShiftRightArithmetic(distance, 64).Contains((ulong)((long)x >> distance)), "s>>"));
    }

    [Property]
    public bool Bits_of_a_range_contain_the_range(Sample a, Sample b, Sample between)
    {
        var (min, max) = (Math.Min(a.Member, b.Member), Math.Max(a.Member, b.Member));
        var member = max - min == ulong.MaxValue ? between.Member : min + between.Member % (max - min + 1);
        return Tnum.OfRange(min, max).Contains(member);
    }

    [Property]
    public bool The_next_member_is_the_least_that_is_greater(Sample a, byte mask, byte value, byte number)
    {
        var small = new Tnum((ulong)(value & ~mask), mask);
        var greater = Enumerable.Range(number + 1, 256).Select(each => (ulong)each).Where(small.Contains);
        var expected = greater.DefaultIfEmpty(small.Max).First();
        var next = a.Bits.Next(a.Member);
        return small.Next(number) == expected && a.Bits.Contains(next) && (next > a.Member || next == a.Bits.Max);
    }

    [Property]
    public bool An_intersection_contains_common_members(Sample a, ulong otherMask)
    {
        var other = new Tnum(a.Member & ~otherMask, otherMask);
        return !a.Bits.IsDisjointFrom(other) && a.Bits.Intersect(other).Contains(a.Member);
    }

    [Property]
    public Property Arithmetic_contains_the_result_of_members(Sample a, Sample b) =>
        Operations
            .SelectMany(operation => new[] { (operation, true), (operation, false) })
            .Select(pair =>
                Holds(
                    ScalarArithmetic
                        .Apply(pair.operation, a.Set, b.Set, pair.Item2)
                        .Contains(Concrete(pair.operation, a.Member, b.Member, pair.Item2)),
                    $"{pair.operation} 64={pair.Item2}: {a.Set} {b.Set}"
                )
            )
            .Aggregate((left, right) => left.And(right));

    [Property]
    public Property Unary_operations_contain_the_result_of_members(Sample a)
    {
        var x = a.Member;
        return Holds(ScalarArithmetic.Negate(a.Set, is64: true).Contains(0 - x), "neg")
            .And(Holds(ScalarArithmetic.Negate(a.Set, is64: false).Contains((uint)(0 - x)), "neg32"))
            .And(Holds(a.Set.Truncate(1).Contains((byte)x), "u8"))
            .And(Holds(a.Set.Truncate(2).Contains((ushort)x), "u16"))
            .And(Holds(a.Set.Truncate(4).Contains((uint)x), "u32"))
            .And(Holds(a.Set.SignExtend(1).Contains((ulong)(sbyte)x), "s8"))
            .And(Holds(a.Set.SignExtend(2).Contains((ulong)(short)x), "s16"))
            .And(Holds(a.Set.SignExtend(4).Contains((ulong)(int)x), "s32"))
            .And(
                Holds(
                    ScalarArithmetic.SwapBytes(a.Set, 8, reverse: true).Contains(BinaryPrimitives.ReverseEndianness(x)),
                    "bswap64"
                )
            )
            .And(
                Holds(
                    ScalarArithmetic
                        .SwapBytes(a.Set, 4, reverse: true)
                        .Contains(BinaryPrimitives.ReverseEndianness((uint)x)),
                    "bswap32"
                )
            )
            .And(
                Holds(
                    ScalarArithmetic
                        .SwapBytes(a.Set, 2, reverse: true)
                        .Contains(BinaryPrimitives.ReverseEndianness((ushort)x)),
                    "bswap16"
                )
            );
    }

    [Property]
    public Property A_prediction_holds_for_members(Sample a, Sample b) =>
        Comparisons
            .SelectMany(operation => new[] { (operation, true), (operation, false) })
            .Select(pair =>
                Holds(
                    ScalarComparison.Predict(pair.operation, a.Set, b.Set, pair.Item2) is not { } predicted
                        || predicted == Concrete(pair.operation, a.Member, b.Member, pair.Item2),
                    $"{pair.operation} 64={pair.Item2}: {a.Set} {b.Set}"
                )
            )
            .Aggregate((left, right) => left.And(right));

    [Property]
    public Property A_branch_keeps_the_members_that_take_it(Sample a, Sample b) =>
        Comparisons
            .SelectMany(operation => new[] { (operation, true), (operation, false) })
            .Select(pair =>
            {
                var taken = Concrete(pair.operation, a.Member, b.Member, pair.Item2);
                var (left, right) = ScalarRefinement.Refine(pair.operation, a.Set, b.Set, pair.Item2, taken);
                return Holds(
                    left.Contains(a.Member) && right.Contains(b.Member),
                    $"{pair.operation} 64={pair.Item2} taken={taken}: {a.Set} {b.Set} -> {left} {right}"
                );
            })
            .Aggregate((left, right) => left.And(right));

    [Property]
    public Property A_branch_of_a_comparison_with_itself_keeps_the_members_that_take_it(Sample a) =>
        Comparisons
            .SelectMany(operation => new[] { (operation, true), (operation, false) })
            .Select(pair =>
            {
                var taken = Concrete(pair.operation, a.Member, a.Member, pair.Item2);
                var refined = ScalarRefinement.RefineSame(pair.operation, a.Set, pair.Item2, taken);
                return Holds(
                    refined.Contains(a.Member),
                    $"{pair.operation} 64={pair.Item2} taken={taken}: {a.Set} -> {refined}"
                );
            })
            .Aggregate((left, right) => left.And(right));

    private static Property Holds(bool holds, string label) => holds.Label(label);

    private static ulong Concrete(AluOperation operation, ulong x, ulong y, bool is64)
    {
        if (!is64)
            return operation switch
            {
                AluOperation.Divide => (uint)y == 0 ? 0 : (uint)x / (uint)y,
                AluOperation.Modulo => (uint)y == 0 ? (uint)x : (uint)x % (uint)y,
                AluOperation.ShiftLeft => (uint)x << (int)(y & 31),
                AluOperation.ShiftRight => (uint)x >> (int)(y & 31),
                AluOperation.ArithmeticShiftRight => (uint)((int)(uint)x >> (int)(y & 31)),
                _ => (uint)Concrete(operation, x, y, is64: true),
            };
        return operation switch
        {
            AluOperation.Add => x + y,
            AluOperation.Subtract => x - y,
            AluOperation.Multiply => x * y,
            AluOperation.Divide => y == 0 ? 0 : x / y,
            AluOperation.Modulo => y == 0 ? x : x % y,
            AluOperation.And => x & y,
            AluOperation.Or => x | y,
            AluOperation.Xor => x ^ y,
            AluOperation.ShiftLeft => x << (int)(y & 63),
            AluOperation.ShiftRight => x >> (int)(y & 63),
            _ => (ulong)((long)x >> (int)(y & 63)),
        };
    }

    private static bool Concrete(JumpOperation operation, ulong x, ulong y, bool is64)
    {
        var (left, right) = is64 ? ((long)x, (long)y) : ((int)x, (int)y);
        (x, y) = is64 ? (x, y) : ((uint)x, (uint)y);
        return operation switch
        {
            JumpOperation.Equal => x == y,
            JumpOperation.NotEqual => x != y,
            JumpOperation.AnyBitSet => (x & y) != 0,
            JumpOperation.GreaterThan => x > y,
            JumpOperation.GreaterOrEqual => x >= y,
            JumpOperation.LessThan => x < y,
            JumpOperation.LessOrEqual => x <= y,
            JumpOperation.SignedGreaterThan => left > right,
            JumpOperation.SignedGreaterOrEqual => left >= right,
            JumpOperation.SignedLessThan => left < right,
            _ => left <= right,
        };
    }
}
