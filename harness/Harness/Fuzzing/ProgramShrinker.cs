using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;
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
                if (Without(program, at, size) is { } smaller)
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

    /// <summary>The program without some slots; what jumped into them jumps behind them. Null where half an instruction would be left.</summary>
    internal static RandomProgram? Without(RandomProgram program, int at, int size)
    {
        var end = at + size;
        if (IsSecondHalf(program.Code, at) || IsSecondHalf(program.Code, end))
        {
            return null;
        }

        var kept = new List<Instruction>(program.Code.Count - size);
        for (var slot = 0; slot < program.Code.Count; slot++)
        {
            if (slot < at || slot >= end)
            {
                if (Retarget(program.Code[slot], slot, Moved) is not { } instruction)
                {
                    return null;
                }

                kept.Add(instruction);
            }
        }

        return program with
        {
            Code = kept,
            Maps =
            [
                .. program
                    .Maps.Where(map => map.Instruction < at || map.Instruction >= end)
                    .Select(map => new MapReference(Moved(map.Instruction), map.Map)),
            ],
        };

        int Moved(int slot) =>
            slot < at ? slot
            : slot < end ? at
            : slot - size;
    }

    // Distances count from the slot behind the instruction.
    private static Instruction? Retarget(Instruction instruction, int slot, Func<int, int> moved)
    {
        const byte Call = 0x85;
        const byte LongJump = 0x06;
        var jumps = (instruction.Opcode & 7) is 5 or 6;
        var isCall = instruction.Opcode == Call;
        var isFunction = instruction is { Opcode: Opcode.LoadImmediate64, Src: 4 };
        if ((isCall && instruction.Src == 1) || instruction.Opcode == LongJump || isFunction)
        {
            var distance = (long)moved(Clamp(slot + 1L + instruction.Imm)) - moved(slot) - 1;
            return instruction with { Imm = (int)distance };
        }

        if (!jumps || isCall || instruction.Opcode == Opcode.Exit)
        {
            return instruction;
        }

        var offset = moved(Clamp(slot + 1L + instruction.Offset)) - moved(slot) - 1;
        return offset is < short.MinValue or > short.MaxValue ? null : instruction with { Offset = (short)offset };
    }

    // A mutated jump may lead anywhere.
    private static int Clamp(long slot) => (int)Math.Clamp(slot, -1_000_000, 2_000_000);

    private static bool IsSecondHalf(IReadOnlyList<Instruction> code, int slot) =>
        slot > 0 && slot < code.Count && code[slot].Opcode == 0 && code[slot - 1].Opcode == Opcode.LoadImmediate64;

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
