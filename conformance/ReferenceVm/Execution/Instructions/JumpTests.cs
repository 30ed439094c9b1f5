using FsCheck.Xunit;

namespace Conformance.Tests.ReferenceVm.Execution.Instructions;

/// <summary>RFC 9669 section 4.3: every comparison, both widths, both sources; long jumps; where control goes.</summary>
[Properties(Arbitrary = [typeof(Operands)], MaxTest = 100)]
public sealed class JumpTests
{
    private static readonly Dictionary<string, Func<ulong, ulong, bool>> Wide = new()
    {
        ["=="] = (a, b) => a == b,
        ["!="] = (a, b) => a != b,
        ["&"] = (a, b) => (a & b) != 0,
        [">"] = (a, b) => a > b,
        [">="] = (a, b) => a >= b,
        ["<"] = (a, b) => a < b,
        ["<="] = (a, b) => a <= b,
        ["s>"] = (a, b) => (long)a > (long)b,
        ["s>="] = (a, b) => (long)a >= (long)b,
        ["s<"] = (a, b) => (long)a < (long)b,
        ["s<="] = (a, b) => (long)a <= (long)b,
    };

    private static readonly Dictionary<string, Func<uint, uint, bool>> Narrow = new()
    {
        ["=="] = (a, b) => a == b,
        ["!="] = (a, b) => a != b,
        ["&"] = (a, b) => (a & b) != 0,
        [">"] = (a, b) => a > b,
        [">="] = (a, b) => a >= b,
        ["<"] = (a, b) => a < b,
        ["<="] = (a, b) => a <= b,
        ["s>"] = (a, b) => (int)a > (int)b,
        ["s>="] = (a, b) => (int)a >= (int)b,
        ["s<"] = (a, b) => (int)a < (int)b,
        ["s<="] = (a, b) => (int)a <= (int)b,
    };

    [Property]
    public void Comparisons_of_64_bits_equal_dotnets(ulong a, ulong b, int immediate)
    {
        foreach (var (symbol, expected) in Wide)
        {
            Taken($"r3 {symbol} r4", a, b).Should().Be(expected(a, b), $"{a:x} {symbol} {b:x}");
            Taken($"r3 {symbol} r4", a, a).Should().Be(expected(a, a), $"{a:x} {symbol} itself");
            Taken($"r3 {symbol} {immediate}", a, b)
                .Should()
                .Be(expected(a, (ulong)immediate), $"{a:x} {symbol} {immediate}");
        }
    }

    [Property]
    public void Comparisons_of_32_bits_equal_dotnets_and_ignore_the_upper_half(ulong a, ulong b, int immediate)
    {
        foreach (var (symbol, expected) in Narrow)
        {
            Taken($"w3 {symbol} w4", a, b).Should().Be(expected((uint)a, (uint)b), $"{a:x} {symbol} {b:x}");
            Taken($"w3 {symbol} w4", a, (uint)a).Should().Be(expected((uint)a, (uint)a), $"{a:x} {symbol} itself");
            Taken($"w3 {symbol} {immediate}", a, b)
                .Should()
                .Be(expected((uint)a, (uint)immediate), $"{a:x} {symbol} {immediate}");
        }
    }

    [Theory]
    [InlineData("goto")]
    [InlineData("gotol")]
    public void An_unconditional_jump_goes_forwards_and_backwards(string jump) =>
        Interpreted
            .Value($"r0 = 0\n{jump} forward\nback: r0 += 2\nexit\nforward: r0 += 40\n{jump} back")
            .Should()
            .Be(42);

    [Fact]
    public void A_long_jump_reaches_where_a_short_one_does_not()
    {
        var filling = string.Concat(Enumerable.Repeat("r0 += 1\n", 40_000));
        Interpreted.Value($"r0 = 7\ngotol far\n{filling}far: exit").Should().Be(7);
    }

    [Fact]
    public void A_jump_passes_over_both_slots_of_a_64_bit_immediate() =>
        Interpreted.Value("r0 = 1\nif r0 == 1 goto +2\nr0 = 0x200000002 ll\nexit").Should().Be(1);

    [Fact]
    public void A_loop_runs_as_often_as_it_says() =>
        Interpreted.Value("r0 = 0\nr1 = 100\nnext: r0 += r1\nr1 -= 1\nif r1 != 0 goto next\nexit").Should().Be(5050);

    private static bool Taken(string condition, ulong a, ulong b) =>
        Interpreted.Value(
            $"""
                r3 = *(u64 *)(r1 + 0)
                r4 = *(u64 *)(r1 + 8)
                r0 = 1
                if {condition} goto taken
                r0 = 0
            taken:
                exit
            """,
            a,
            b
        ) == 1;
}
