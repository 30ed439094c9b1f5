using Conformance.Harness.Generation.Programs;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Verification;
using Xunit.Abstractions;

namespace Conformance.Tests.ReferenceVm.Verification;

public class RandomProgramTests(ITestOutputHelper output)
{
    private const int Programs = 1200;
    private const int RunsPerProgram = 6;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    public void What_is_accepted_runs_without_a_trap(int seed, int mutations)
    {
        var random = new Random(seed);
        using var world = new RunnableWorld();
        var (accepted, returned) = (0, 0);
        for (var number = 0; number < Programs; number++)
        {
            var program = RandomProgram.Generate(random.Next(), ProgramType.CgroupSkb, mutations);
            var code = world.Code(program);
            if (world.Verify(code, program.AttachType) is not Accepted verdict)
                continue;
            accepted++;
            for (var run = 0; run < RunsPerProgram; run++)
            {
                var result = world.Run(verdict.Program, random);
                result
                    .Status.Should()
                    .NotBe(
                        RunStatus.Trapped,
                        "program {0} of seed {1} was accepted, but {2} at {3}:\n{4}",
                        program.Seed,
                        seed,
                        result.Message,
                        result.InstructionIndex,
                        Disassembler.ToText(code)
                    );
                if (result.Status != RunStatus.Returned)
                    continue;
                returned++;
                result.Value.Should().BeLessThanOrEqualTo(3, "egress programs return 0 to 3");
            }
        }
        output.WriteLine($"{accepted} of {Programs} accepted, {returned} of {accepted * RunsPerProgram} runs returned");
        // A generator whose programs are all refused would test nothing.
        accepted.Should().BeGreaterThan(Programs / 20);
        returned.Should().BeGreaterThan(accepted * RunsPerProgram * 9 / 10);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_slots_whatever_get_a_verdict(int seed)
    {
        const int attempts = 20_000;
        var random = new Random(seed);
        using var world = new RunnableWorld();
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            var code = new Instruction[random.Next(1, 12)];
            for (var slot = 0; slot < code.Length; slot++)
                code[slot] = new Instruction(
                    (byte)random.Next(256),
                    (byte)random.Next(16),
                    (byte)random.Next(random.Next(2) == 0 ? 16 : 1),
                    (short)random.Next(random.Next(2) == 0 ? short.MaxValue : 4),
                    random.Next(random.Next(2) == 0 ? int.MaxValue : 4)
                );
            code[^1] = new Instruction(Opcode.Exit, 0, 0, 0, 0);
            var verify = () => world.Verify(code, AttachType.CgroupInetEgress);
            verify.Should().NotThrow(Disassembly(code));
        }
    }

    private static string Disassembly(Instruction[] code) => Convert.ToHexString(Bytecode.Encode(code));
}
