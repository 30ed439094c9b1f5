using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Verification;

namespace Conformance.Tests.ReferenceVm.Verification;

public class ControlFlowTests
{
    private const int ProcessedLimit = 1_000_000;

    private static VerifierWorld World => VerifierWorld.WithStorage();

    // With time in the square of its length this would take minutes.
    [Fact]
    public void A_long_chain_of_jumps_backwards_is_no_harder_than_a_straight_line()
    {
        const int links = 40_000;
        var source = new System.Text.StringBuilder($"r0 = 1\nr1 = 1\ngotol L{links}\nL0:\nexit\n");
        for (var link = 1; link <= links; link++)
            source.Append(System.Globalization.CultureInfo.InvariantCulture, $"L{link}:\nr1 += 1\ngoto L{link - 1}\n");

        World.Accepts(source.ToString());
    }

    [Theory]
    [InlineData("goto +5\nr0 = 1\nexit", "jump out of range from insn 0 to 6")]
    [InlineData("r0 = 1\nif r0 == 0 goto -3\nexit", "jump out of range from insn 1 to -1")]
    [InlineData("r0 = 1", "last insn is not an exit or jmp")]
    [InlineData("r0 = 1\ngoto +1\nr0 = 2\nexit", "unreachable insn 2")]
    [InlineData("r0 = 1\nif r0 == 0 goto +1\nr1 = 0 ll\nexit", "jump into the middle of ldimm64 insn 2")]
    [InlineData("r0 = 1\nexit\n.raw 8d 00 00 00 51 00 00 00\nexit", "unknown opcode 8d")]
    [InlineData(".raw 86 00 00 00 51 00 00 00\nr0 = 1\nexit", "unknown opcode 86")]
    [InlineData(".raw ff 00 00 00 00 00 00 00\nr0 = 1\nexit", "unknown opcode ff")]
    [InlineData(".raw 85 01 00 00 51 00 00 00\nr0 = 1\nexit", "BPF_CALL uses reserved fields")]
    [InlineData(".raw 85 00 01 00 51 00 00 00\nr0 = 1\nexit", "BPF_CALL uses reserved fields")]
    [InlineData(".raw 85 10 00 00 51 00 00 00\nr0 = 1\nexit", "call to invalid destination")]
    [InlineData(".raw 18 01 00 00 00 00 00 00\nexit", "invalid bpf_ld_imm64 insn")]
    [InlineData(".raw bf f1 00 00 00 00 00 00\nr0 = 1\nexit", "R15 is invalid")]
    [InlineData(".raw 95 00 00 00 01 00 00 00", "BPF_EXIT uses reserved fields")]
    [InlineData(".raw b7 10 00 00 01 00 00 00\nexit", "BPF_MOV uses reserved fields")]
    [InlineData("r0 = 1\nr0 /= 0\nexit", "div by zero")]
    [InlineData("r0 = 1\nr0 <<= 64\nexit", "invalid shift 64")]
    [InlineData("r0 = 1\nw0 <<= 32\nexit", "invalid shift 32")]
    [InlineData("call 9999\nexit", "invalid func unknown#9999")]
    public void Malformed_programs_are_refused(string source, string message) =>
        World.Refuses(source, Errno.EINVAL, message);

    [Fact]
    public void The_frame_pointer_is_read_only() =>
        World.Refuses("r10 = 1\nr0 = 1\nexit", Errno.EACCES, "frame pointer is read only");

    [Theory]
    [InlineData("goto -1", 0)]
    [InlineData("r1 = 0\nloop:\ngoto loop", 1)]
    [InlineData("loop:\ncall 5\nif r0 != 0 goto loop\nr0 = 1\nexit", 0)]
    public void A_loop_that_goes_nowhere_is_refused(string source, int slot) =>
        World
            .Refuses(source, Errno.EINVAL, $"infinite loop detected at insn {slot}")
            .InstructionIndex.Should()
            .Be(slot);

    [Fact]
    public void An_endless_loop_that_counts_is_too_large() =>
        World.Refuses(
            "r1 = 0\nloop:\nr1 += 1\ngoto loop",
            Errno.E2BIG,
            $"BPF program is too large. Processed {ProcessedLimit + 1} insn"
        );

    [Fact]
    public void A_loop_of_known_length_is_walked() =>
        World.Accepts("r1 = 0\nr0 = 1\nloop:\nr1 += 1\nif r1 < 1000 goto loop\nexit");

    [Fact]
    public void A_loop_of_bounded_length_is_walked() =>
        World.Accepts("call 5\nr0 &= 63\nr1 = 0\nloop:\nr1 += 1\nif r1 < r0 goto loop\nr0 = 1\nexit");

    [Fact]
    public void Branches_without_loops_do_not_explode()
    {
        var diamonds = string.Join(
            '\n',
            Enumerable.Range(0, 200).Select(_ => "call 7\nif r0 == 3 goto +1\nr6 = r0\nr6 = 0")
        );
        World.Accepts($"r6 = 0\n{diamonds}\nr0 = 1\nexit");
    }

    [Theory]
    [InlineData("r0 = 2\nexit", " smin=2 smax=2")]
    [InlineData("r0 = -1\nexit", " smin=-1 smax=-1")]
    [InlineData("call 5\nexit", " unknown scalar value")]
    [InlineData("call 5\nr0 &= 3\nexit", " smin=0 smax=3")]
    [InlineData("call 5\nr0 s>>= 1\nif r0 s> 1 goto +1\nexit\nr0 = 1\nexit", " smin=-4611686018427387904 smax=1")]
    public void The_return_value_must_lie_in_the_range(string source, string has) =>
        World.Refuses(source, Errno.EINVAL, $"At program exit the register R0 has{has} should have been in [0, 1]");

    [Fact]
    public void The_storage_cannot_be_returned() =>
        World.Refuses(
            "r1 = map[storage] ll\nr2 = 0\ncall 81\nexit",
            Errno.EINVAL,
            "At program exit the register R0 is not a known value (map_value)"
        );

    [Fact]
    public void R0_must_be_written() => World.Refuses("exit", Errno.EACCES, "R0 !read_ok");

    [Fact]
    public void An_empty_program_is_refused() =>
        Verifier
            .Verify(World.Request(Array.Empty<Instruction>()))
            .Should()
            .BeOfType<Refused>()
            .Which.Errno.Should()
            .Be(Errno.E2BIG);

    [Fact]
    public void Too_many_instructions_are_refused()
    {
        var code = Enumerable.Repeat(new Instruction(0xb7, 0, 0, 0, 1), ProcessedLimit + 1).ToArray();
        Verifier.Verify(World.Request(code)).Should().BeOfType<Refused>().Which.Errno.Should().Be(Errno.E2BIG);
    }

    [Fact]
    public void The_log_ends_with_statistics()
    {
        var verdict = new VerifierWorld { LogLevel = 1 }
            .WithStorages(64)
            .Verify("r0 = 1\nexit");
        verdict
            .Log.Should()
            .Be(
                "0: (b7) r0 = 1 ; R0=1\n1: (95) exit\n"
                    + "processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n"
            );
    }

    [Fact]
    public void Dead_code_cannot_run()
    {
        var program = World.Accepts("r0 = 1\nif r0 == 1 goto +1\nr1 = *(u64 *)(r9 + 0)\nexit").Program;
        program.Instructions[2].Should().Be(new Instruction(Opcode.Goto, 0, 0, -1, 0));
    }

    [Fact]
    public void So_many_ways_may_be_left_for_later()
    {
        var branches = string.Concat(Enumerable.Range(0, 8300).Select(_ => "if r0 == r2 goto +0\n"));
        World.Refuses(
            $"call 7\nr2 = 5\n{branches}r0 = 1\nexit",
            Errno.EFAULT,
            "The sequence of 8193 jumps is too complex."
        );
    }
}
