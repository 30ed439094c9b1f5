using FsCheck;
using FsCheck.Xunit;

namespace Conformance.Tests.ReferenceVm.Execution.Instructions;

/// <summary>RFC 9669 section 4.1: every operation, both widths, both sources, against .NET's own arithmetic.</summary>
[Properties(Arbitrary = [typeof(Operands)], MaxTest = 100)]
public sealed class ArithmeticTests
{
    // What the standard says, in .NET's operators: division by zero is 0, modulo zero is the dividend, and the overflow of the
    // signed division wraps.
    private static readonly Dictionary<string, Func<ulong, ulong, ulong>> Wide = new()
    {
        ["+="] = (a, b) => a + b,
        ["-="] = (a, b) => a - b,
        ["*="] = (a, b) => a * b,
        ["/="] = (a, b) => b == 0 ? 0 : a / b,
        ["s/="] = (a, b) =>
            b == 0 ? 0
            : b == ulong.MaxValue ? 0 - a
            : (ulong)((long)a / (long)b),
        ["%="] = (a, b) => b == 0 ? a : a % b,
        ["s%="] = (a, b) =>
            b == 0 ? a
            : b == ulong.MaxValue ? 0
            : (ulong)((long)a % (long)b),
        ["|="] = (a, b) => a | b,
        ["&="] = (a, b) => a & b,
        ["^="] = (a, b) => a ^ b,
        ["<<="] = (a, b) => a << (int)(b % 64),
        [">>="] = (a, b) => a >> (int)(b % 64),
        ["s>>="] = (a, b) => (ulong)((long)a >> (int)(b % 64)),
    };

    private static readonly Dictionary<string, Func<uint, uint, uint>> Narrow = new()
    {
        ["+="] = (a, b) => a + b,
        ["-="] = (a, b) => a - b,
        ["*="] = (a, b) => a * b,
        ["/="] = (a, b) => b == 0 ? 0 : a / b,
        ["s/="] = (a, b) =>
            b == 0 ? 0
            : b == uint.MaxValue ? 0 - a
            : (uint)((int)a / (int)b),
        ["%="] = (a, b) => b == 0 ? a : a % b,
        ["s%="] = (a, b) =>
            b == 0 ? a
            : b == uint.MaxValue ? 0
            : (uint)((int)a % (int)b),
        ["|="] = (a, b) => a | b,
        ["&="] = (a, b) => a & b,
        ["^="] = (a, b) => a ^ b,
        ["<<="] = (a, b) => a << (int)(b % 32),
        [">>="] = (a, b) => a >> (int)(b % 32),
        ["s>>="] = (a, b) => (uint)((int)a >> (int)(b % 32)),
    };

    [Property]
    public void Arithmetic_on_64_bit_registers_equals_dotnets(ulong a, ulong b)
    {
        foreach (var (symbol, expected) in Wide)
            Computed($"r3 {symbol} r4", a, b).Should().Be(expected(a, b), $"{a:x} {symbol} {b:x}");
    }

    [Property]
    public void Arithmetic_on_32_bit_registers_equals_dotnets_and_clears_the_upper_half(ulong a, ulong b)
    {
        foreach (var (symbol, expected) in Narrow)
            Computed($"w3 {symbol} w4", a, b).Should().Be(expected((uint)a, (uint)b), $"{a:x} {symbol} {b:x}");
    }

    [Property]
    public void An_immediate_is_sign_extended_to_64_bits(ulong a, int immediate)
    {
        foreach (var (symbol, expected) in Wide)
            Computed($"r3 {symbol} {immediate}", a, 0)
                .Should()
                .Be(expected(a, (ulong)immediate), $"{a:x} {symbol} {immediate}");
    }

    [Property]
    public void An_immediate_is_a_plain_number_for_32_bits(ulong a, int immediate)
    {
        foreach (var (symbol, expected) in Narrow)
            Computed($"w3 {symbol} {immediate}", a, 0)
                .Should()
                .Be(expected((uint)a, (uint)immediate), $"{a:x} {symbol} {immediate}");
    }

    [Property]
    public void Negation_wraps(ulong a)
    {
        Computed("r3 = -r3", a, 0).Should().Be(0 - a);
        Computed("w3 = -w3", a, 0).Should().Be((uint)(0 - a));
    }

    [Property]
    public void Moves_copy_and_extend(ulong b, int immediate)
    {
        Computed("r3 = r4", 5, b).Should().Be(b);
        Computed("w3 = w4", ulong.MaxValue, b).Should().Be((uint)b);
        Computed($"r3 = {immediate}", 5, b).Should().Be((ulong)immediate);
        Computed($"w3 = {immediate}", ulong.MaxValue, b).Should().Be((uint)immediate);
        Computed($"r3 = 0x{b:x} ll", 5, 0).Should().Be(b);
        Computed("r3 = (s8)r4", 5, b).Should().Be((ulong)(sbyte)b);
        Computed("r3 = (s16)r4", 5, b).Should().Be((ulong)(short)b);
        Computed("r3 = (s32)r4", 5, b).Should().Be((ulong)(int)b);
        Computed("w3 = (s8)w4", 5, b).Should().Be((uint)(sbyte)b);
        Computed("w3 = (s16)w4", 5, b).Should().Be((uint)(short)b);
    }

    [Theory]
    [InlineData("r3 /= r4", 7, 0, 0)]
    [InlineData("r3 s/= r4", 7, 0, 0)]
    [InlineData("r3 %= r4", 0x1_0000_0007, 0, 0x1_0000_0007)]
    [InlineData("r3 s%= r4", 0x1_0000_0007, 0, 0x1_0000_0007)]
    [InlineData("w3 /= w4", 7, 0, 0)]
    [InlineData("w3 %= w4", 0x1_0000_0007, 0, 7)]
    [InlineData("w3 s%= w4", 0x1_0000_0007, 0, 7)]
    [InlineData("r3 /= 0", 7, 0, 0)]
    [InlineData("r3 %= 0", 7, 0, 7)]
    [InlineData("w3 /= w4", 7, 0x1_0000_0000, 0)]
    [InlineData("r3 s/= r4", long.MinValue, -1, long.MinValue)]
    [InlineData("r3 s%= r4", long.MinValue, -1, 0)]
    [InlineData("w3 s/= w4", int.MinValue, -1, 0x8000_0000)]
    [InlineData("w3 s%= w4", int.MinValue, -1, 0)]
    [InlineData("r3 s/= r4", -13, 3, -4)]
    [InlineData("r3 s%= r4", -13, 3, -1)]
    [InlineData("r3 s%= r4", 13, -3, 1)]
    [InlineData("r3 /= -3", 13, 0, 0)]
    public void Division_by_zero_and_overflow_are_defined(string instruction, long a, long b, long expected) =>
        Computed(instruction, (ulong)a, (ulong)b).Should().Be((ulong)expected);

    private static ulong Computed(string instruction, ulong a, ulong b) =>
        Interpreted.Value(
            $"""
            r3 = *(u64 *)(r1 + 0)
            r4 = *(u64 *)(r1 + 8)
            {instruction}
            r0 = r3
            exit
            """,
            a,
            b
        );
}
