using Conformance.Harness.Generation.Programs;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Harness.Fuzzing;

/// <summary>Smaller programs in the place of one that shows something.</summary>
public static class ProgramShrinker
{
    /// <summary>The smallest program found that still shows it.</summary>
    /// <param name="program">A program that shows it.</param>
    /// <param name="shows">Whether a program does.</param>
    public static RandomProgram Shrink(RandomProgram program, Func<RandomProgram, bool> shows)
    {
        while (Smaller(program).FirstOrDefault(shows) is { } found)
        {
            program = found;
        }

        return program;
    }

    private static IEnumerable<RandomProgram> Smaller(RandomProgram program)
    {
        for (var size = program.Code.Count / 2; size > 0; size /= 2)
        {
            for (var at = program.Code.Count - size; at >= 0; at -= size)
            {
                if (ProgramEdit.Without(program, at, size) is { } smaller)
                {
                    yield return smaller;
                }
            }
        }

        for (var at = 0; at < program.Code.Count; at++)
        {
            foreach (var simpler in Simpler(program.Code[at]))
            {
                var code = program.Code.ToArray();
                code[at] = simpler;
                yield return program with
                {
                    Code = code,
                };
            }
        }
    }

    private static IEnumerable<Instruction> Simpler(Instruction instruction)
    {
        const byte Arithmetic = 4;
        if ((instruction.Opcode & 3) == Arithmetic - 4 || instruction.Imm is 0 or 1 || instruction.Opcode == 0x85)
        {
            yield break;
        }

        yield return instruction with
        {
            Imm = 0,
        };
        yield return instruction with
        {
            Imm = 1,
        };
    }
}
