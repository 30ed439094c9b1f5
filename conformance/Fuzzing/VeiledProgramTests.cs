using Conformance.Harness.Fuzzing;
using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

namespace Conformance.Tests.Fuzzing;

public sealed class VeiledProgramTests
{
    [Fact]
    public void A_veiled_program_computes_the_same()
    {
        using var machine = new ReferenceVirtualMachine(RepeatableBehaviour, Limits);
        using var other = new ReferenceVirtualMachine(RepeatableBehaviour, Limits);
        var (plain, veiled) = (new ProgramBench(machine), new ProgramBench(other));
        var compared = 0;
        for (var seed = 0; compared < 12; seed++)
        {
            var program = RandomProgram.Generate(seed, mutations: 0);
            if (
                plain.Renew(program).Kind == AnswerKind.Ok
                && VeiledProgram.Of(program, candidate => veiled.Renew(candidate).Kind == AnswerKind.Ok) is { } changed
            )
            {
                changed.Code.Count.Should().BeGreaterThan(program.Code.Count);
                plain.Renew(program);
                veiled.Renew(changed);
                veiled.Run(changed).Difference(plain.Run(program)).Should().BeNull($"of seed {seed}");
                compared++;
            }
        }
    }

    [Fact]
    public void Both_sides_of_a_comparison_are_veiled_and_what_jumps_to_it_jumps_before_the_veil()
    {
        var program = TestProgram.Of("r1 = 1", "r2 = 2", "again:", "if r1 > r2 goto again", "r0 = 1", "exit");

        var lines = ProgramReproduction.Lines(VeiledProgram.Of(program, _ => true)!).Select(line => line.Trim());

        lines
            .Should()
            .Equal(["r1 = 1", "r2 = 2", "L2:", .. Veil("r2"), .. Veil("r1"), "if r1 > r2 goto L2", "r0 = 1", "exit"]);
    }

    [Fact]
    public void A_program_without_a_comparison_that_may_be_veiled_has_no_veiled_form()
    {
        VeiledProgram.Of(TestProgram.Of("r0 = 1", "exit"), _ => true).Should().BeNull();
        VeiledProgram.Of(TestProgram.Of("r0 = 1", "if r0 == 1 goto +0", "exit"), _ => false).Should().BeNull();
    }

    // A loop that is veiled may be walked for ever.
    private static Limits Limits => new() { VerifiedInstructions = 5_000, ArenaSize = 64 << 20 };

    private static Behaviour RepeatableBehaviour =>
        Behaviour.Latest with
        {
            Open = new OpenChoices { ClockStep = 1_000 },
        };

    private static string[] Veil(string register) =>
        [
            $"{register} ^= 1515870810",
            $"*(u32 *)(r10 - 72) = {register}",
            $"{register} >>= 32",
            $"*(u32 *)(r10 - 68) = {register}",
            $"{register} = *(u64 *)(r10 - 72)",
            $"{register} ^= 1515870810",
        ];
}
