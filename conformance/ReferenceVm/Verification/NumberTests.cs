using Conformance.ReferenceVm;

namespace Conformance.Tests.ReferenceVm.Verification;

/// <summary>What is known of numbers, seen in where a pointer may go.</summary>
public class NumberTests
{
    private static readonly VerifierWorld World = VerifierWorld.WithStorage();

    private static readonly VerifierWorld Older = new VerifierWorld { Behaviour = Behaviour.V6_18_44 }.WithStorages(64);

    [Theory]
    [InlineData("r8 = r7\nr8 += 40\nif r7 > 16 goto out")]
    [InlineData("r8 = r7\nr8 += 40\nif r8 > 56 goto out")]
    [InlineData("r8 = r7\nr8 += 40\nif r7 > 16 goto out\nr8 -= 8")]
    [InlineData("r8 = r7\nr8 -= 20\nif r7 > 76 goto out\nif r7 < 20 goto out")]
    [InlineData("w7 = w7\nr8 = r7\nw8 += 40\nif r7 > 16 goto out")]
    [InlineData(
        "*(u64 *)(r10 - 8) = r7\nr8 = r7\nr8 += 40\nif r8 > 56 goto out\nif r8 < 40 goto out\nr8 = *(u64 *)(r10 - 8)"
    )]
    public void A_number_is_known_by_its_distance_from_another(string source) => World.Accepts(Store(source));

    [Theory]
    [InlineData("w8 += 40")]
    [InlineData("r8 += 20\nr8 += 20")]
    [InlineData("r8 *= 2")]
    public void Not_where_the_high_half_may_be_lost_nor_after_a_second_step(string source) =>
        World
            .Verify(Store($"r8 = r7\n{source}\nif r7 > 2 goto out"))
            .Should()
            .BeOfType<Conformance.ReferenceVm.Verification.Refused>();

    [Theory]
    [InlineData("if r7 < r7 goto bad")]
    [InlineData("if r7 != r7 goto bad")]
    [InlineData("if w7 s> w7 goto bad")]
    public void A_number_compared_with_itself_goes_one_way(string comparison)
    {
        var source = $"call 7\nr7 = r0\n{comparison}\nr0 = 1\nexit\nbad:\nr0 = *(u64 *)(r9 + 0)\nexit";
        World.Accepts(source);
        Older.Refuses(source, Errno.EACCES, "R9 !read_ok");
    }

    [Theory]
    [InlineData("r8 = r7\nr8 &= 7\nr8 = be64 r8\nr8 >>= 56")]
    [InlineData("r8 = r7\nr8 &= 7\nr8 *= 7")]
    [InlineData("r8 = r7\nr8 <<= 61\nr8 >>= 61")]
    [InlineData("r8 = r7\nw8 &= 15\nw8 ^= 3\nw8 |= 16")]
    [InlineData("r8 = r7\nr8 &= 63\nr8 = (s8)r8\nif r8 > 56 goto out")]
    [InlineData("if w7 > 30 goto out\nw8 = w7")]
    [InlineData("if r7 s> 30 goto out\nif r7 s< 0 goto out\nr8 = r7")]
    [InlineData("r8 = r7\nr8 &= 56\nif r8 & 32 goto out")]
    public void Ranges_and_bits_bound_an_offset(string source) => World.Accepts(Store(source));

    [Theory]
    [InlineData("r8 = r7\nr8 &= 7\nr8 /= 2")]
    [InlineData("r8 = r7\nw8 %= 8")]
    public void Nothing_is_known_of_a_quotient(string source) =>
        World.Refuses(
            Store(source),
            Errno.EINVAL,
            "math between map_value pointer and register with unbounded min value is not allowed"
        );

    [Fact]
    public void A_range_is_forgotten_for_bits_known_to_be_clear() =>
        World.Refuses(
            Store("r8 = r7\nif r8 > 50 goto out\nif r8 & 1 goto out"),
            Errno.EACCES,
            "invalid access to map value, value_size=64 off=62 size=8\nR0 max value is outside of the allowed memory range"
        );

    [Fact]
    public void A_pointer_that_equals_one_that_is_not_null_is_not_null_either() =>
        World.Accepts(
            "r1 = map[storage] ll\nr2 = 0\ncall 81\nr6 = r0\n*(u32 *)(r10 - 4) = 9\nr2 = r10\nr2 += -4\nr1 = map[hash] ll\ncall 1\n"
                + "if r0 != r6 goto out\nr0 = *(u64 *)(r0 + 0)\nout:\nr0 = 1\nexit"
        );

    [Fact]
    public void On_a_way_that_no_number_goes_nothing_is_known() =>
        // Of the numbers with only bits 0, 5 and up, none is 6 to 8. That is not seen, and any number will do.
        World.Accepts(
            "call 7\nr7 = r0\nr7 &= 225\nif r7 < 6 goto out\nif r7 > 8 goto out\nr1 = map[storage] ll\nr2 = 0\ncall 81\nr0 += r7\nout:\nr0 = 1\nexit"
        );

    [Theory]
    [InlineData(0, "addr_space_cast insn can only convert between address space 1 and 0")]
    [InlineData(1, "addr_space_cast insn can only be used in a program that has an associated arena")]
    public void There_are_no_address_spaces_to_move_between(int imm, string message)
    {
        var request = World.Request("r2 = r1\nr0 = 1\nexit");
        request.Instructions[0] = request.Instructions[0] with { Offset = 1, Imm = imm };
        var verdict = Conformance.ReferenceVm.Verification.Verifier.Verify(request);
        verdict.Should().BeOfType<Conformance.ReferenceVm.Verification.Refused>().Which.Message.Should().Be(message);
    }

    private static string Store(string source) =>
        $"call 7\nr7 = r0\nr8 = 0\n{source}\nr1 = map[storage] ll\nr2 = 0\ncall 81\nr0 += r8\n*(u64 *)(r0 + 0) = 1\nout:\nr0 = 1\nexit";
}
