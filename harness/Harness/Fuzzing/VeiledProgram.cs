using Conformance.Harness.Generation.Programs;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Harness.Fuzzing;

/// <summary>
/// The same program, written so that a verifier knows less. A machine that shows another result for it contradicts itself: its verifier believed
/// something wrong about a number, took one side of a branch for dead and left it out.
/// </summary>
/// <remarks>
/// In front of a conditional jump each number that it compares goes over the stack in two halves, which changes nothing; verifiers follow numbers that
/// are stored whole. Bits are turned over on the way, since zeros are known even in halves.
/// </remarks>
internal static class VeiledProgram
{
    // Deeper than what the generator writes.
    private const int Depth = 72;

    private static readonly IReadOnlyList<Instruction>[] Ways =
    [
        .. Enumerable.Range(0, Register.Frame).Select(register => Assembler.Assemble(Way(register)).Instructions!),
    ];

    /// <summary>The program with as many comparisons veiled as may be; null where none may.</summary>
    /// <param name="program">The program.</param>
    /// <param name="isAccepted">Whether all machines still accept a program: a pointer must not be veiled, nor what a check was for.</param>
    public static RandomProgram? Of(RandomProgram program, Predicate<RandomProgram> isAccepted)
    {
        var veiled = program;
        // From the end: what is put in moves what comes behind.
        for (var slot = program.Code.Count - 1; slot >= 0; slot--)
        {
            var jump = program.Code[slot];
            if (!Opcode.IsConditionalJump(jump.Opcode))
            {
                continue;
            }

            foreach (var register in Compared(jump))
            {
                if (ProgramEdit.With(veiled, slot, Ways[register]) is { } candidate && isAccepted(candidate))
                {
                    veiled = candidate;
                }
            }
        }

        return ReferenceEquals(veiled, program) ? null : veiled;
    }

    private static IEnumerable<int> Compared(Instruction jump)
    {
        int[] registers = Opcode.SourceOf(jump.Opcode) == OperandSource.Register ? [jump.Dst, jump.Src] : [jump.Dst];
        return registers.Distinct().Where(register => register < Ways.Length);
    }

    private static string Way(int register) =>
        $"""
            r{register} ^= 0x5a5a5a5a
            *(u32 *)(r10 - {Depth}) = r{register}
            r{register} >>= 32
            *(u32 *)(r10 - {Depth - 4}) = r{register}
            r{register} = *(u64 *)(r10 - {Depth})
            r{register} ^= 0x5a5a5a5a
            """;
}
