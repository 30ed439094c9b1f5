using Conformance.Harness.Fuzzing;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

namespace Conformance.Tests.Fuzzing;

public class LoadVerdictTests
{
    private const string Log = """
        0: R1=ctx() R10=fp0
        0: (bf) r6 = r1                       ; R1=ctx() R6_w=ctx()
        7: (85) call bpf_get_local_storage#81
        get_local_storage() doesn't support non-zero flags
        processed 8 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0

        """;

    [Fact]
    public void The_reason_of_a_refusal_is_the_last_line_before_the_counts()
    {
        var verdict = Refused(Errno.EINVAL, Log);

        verdict.Message.Should().Be("get_local_storage() doesn't support non-zero flags");
        verdict.Instruction.Should().Be(7);
        verdict.ToString().Should().Be("refused at 7, EINVAL: get_local_storage() doesn't support non-zero flags");
    }

    [Fact]
    public void A_log_without_instructions_names_none() =>
        Refused(Errno.EACCES, "!read_ok").Instruction.Should().Be(-1);

    [Fact]
    public void A_refusal_without_a_log_has_an_empty_reason() => Refused(Errno.EPERM, null).Message.Should().BeEmpty();

    [Fact]
    public void Causes_leave_numbers_out()
    {
        var one = Refused(Errno.EACCES, "R3 min value is outside of the allowed memory range off=-12 size=0x10");
        var other = Refused(Errno.EACCES, "R1 min value is outside of the allowed memory range off=4 size=0x8");

        one.Cause.Should().Be(other.Cause).And.Contain("RN min value");
    }

    [Fact]
    public void An_accepted_program_is_accepted() =>
        LoadVerdict
            .Of(Answer.Ok)
            .Should()
            .Match<LoadVerdict>(verdict => verdict.Accepted && verdict.Cause == "accepted");

    private static LoadVerdict Refused(Errno errno, string? log) =>
        LoadVerdict.Of(new Answer(AnswerKind.Refused) { Errno = errno, Message = log });
}
