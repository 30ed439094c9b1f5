using Conformance.Harness.Fuzzing;
using Conformance.Harness.Generation.Programs;

namespace Conformance.Tests.Fuzzing;

public class ProgramShrinkerTests
{
    [Fact]
    public void What_is_left_jumps_and_calls_where_it_did()
    {
        var program = TestProgram.Of(
            "r6 = r1",
            "r1 = 1",
            "if r1 == 1 goto end",
            "r7 = 2",
            "r2 = func[callback] ll",
            "call helper",
            "r1 = map[storage] ll",
            "end:",
            "r0 = 1",
            "exit",
            "helper:",
            "r0 = 3",
            "exit",
            "callback:",
            "r0 = 0",
            "exit"
        );

        // Without r7 = 2, in the middle of every jump.
        var smaller = ProgramEdit.Without(program, at: 3, size: 1);

        ProgramReproduction
            .Lines(smaller!)
            .Select(line => line.Trim())
            .Should()
            .Equal(
                "r6 = r1",
                "r1 = 1",
                "if r1 == 1 goto L8",
                "r2 = func[L12] ll",
                "call L10",
                "r1 = map[storage] ll",
                "L8:",
                "r0 = 1",
                "exit",
                "L10:",
                "r0 = 3",
                "exit",
                "L12:",
                "r0 = 0",
                "exit"
            );
    }

    [Fact]
    public void A_jump_to_what_is_gone_leads_behind_it()
    {
        var program = TestProgram.Of("r0 = 1", "if r0 == 1 goto gone", "r0 = 2", "gone:", "r0 = 3", "exit");

        Lines(at: 3, size: 1).Should().Equal("r0 = 1", "if r0 == 1 goto L3", "r0 = 2", "L3:", "exit");
        Lines(at: 2, size: 2).Should().Equal("r0 = 1", "if r0 == 1 goto L2", "L2:", "exit");

        IEnumerable<string> Lines(int at, int size) =>
            ProgramReproduction.Lines(ProgramEdit.Without(program, at, size)!).Select(line => line.Trim());
    }

    [Fact]
    public void Half_of_a_64_bit_load_is_never_taken_away()
    {
        var program = TestProgram.Of("r1 = map[storage] ll", "r0 = 1", "exit");

        ProgramEdit.Without(program, at: 0, size: 1).Should().BeNull();
        ProgramEdit.Without(program, at: 1, size: 1).Should().BeNull();
        ProgramEdit.Without(program, at: 0, size: 2)!.Maps.Should().BeEmpty();
    }

    [Fact]
    public void Shrinking_keeps_what_the_program_shows_and_little_else()
    {
        var program = TestProgram.Of("r6 = r1", "r7 = 4", "r8 = 99", "r7 += r8", "r9 = 5", "r0 = 1", "exit");

        var smallest = ProgramShrinker.Shrink(
            program,
            candidate => candidate.Code.Any(instruction => instruction.Imm == 99)
        );

        smallest.Code.Should().ContainSingle().Which.Imm.Should().Be(99);
    }
}
