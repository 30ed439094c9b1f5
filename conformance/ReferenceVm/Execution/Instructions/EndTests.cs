using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Tests.ReferenceVm.Execution.Instructions;

/// <summary>How a run ends: by returning, by a trap, by its budget.</summary>
public sealed class EndTests
{
    [Theory]
    [InlineData("loop: goto loop")]
    [InlineData("loop: gotol loop")]
    [InlineData("loop: r0 += 1\nif r0 != -1 goto loop\nexit")]
    public void An_endless_loop_is_exhausted_and_not_trapped(string text) =>
        Interpreted.Run(text).Status.Should().Be(RunStatus.Exhausted);

    [Fact]
    public void The_budget_counts_instructions()
    {
        const string Text = "r0 = 1\nr1 = 0x2 ll\nr0 += r1\nexit";
        Interpreted.Run(Text, budget: 4).Should().Be(new RunResult(RunStatus.Returned, 3));
        Interpreted.Run(Text, budget: 3).Should().Be(new RunResult(RunStatus.Exhausted, 0, null, 4));
    }

    [Theory]
    [InlineData("r10 = 0\nexit", "frame pointer is read only")]
    [InlineData("r0 = 0", "runs off the end")]
    [InlineData("goto +5\nexit", "jump out of the program")]
    [InlineData("goto +1\nr0 = 0x0 ll\nexit", "second slot")]
    [InlineData(".raw 8d 00 00 00 00 00 00 00", "unknown opcode 8d")]
    [InlineData("r1 = map[fd:1] ll\nexit", "reference")]
    [InlineData("r0 = *(u8 *)skb[0]\nexit", "legacy packet loads")]
    public void What_cannot_be_executed_traps(string text, string reason) =>
        Interpreted.Trap(text).Should().Contain(reason);

    [Fact]
    public void An_unreached_illegal_instruction_does_no_harm() =>
        Interpreted.Value("r0 = 1\nexit\n.raw 8d 00 00 00 00 00 00 00").Should().Be(1);

    [Fact]
    public void No_instructions_at_all_trap() =>
        UnverifiedRun.Run([], default, 10).Status.Should().Be(RunStatus.Trapped);

    [Fact]
    public void A_program_can_be_checked_before_it_is_run()
    {
        UnverifiedRun.Violation([]).Should().NotBeNull();
        UnverifiedRun.Violation([new Instruction(0x8d, 0, 0, 0, 0)])!.Value.Reason.Should().Be("unknown opcode 8d");
        UnverifiedRun.Violation(Assembler.Assemble("exit").Instructions).Should().BeNull();
    }
}
