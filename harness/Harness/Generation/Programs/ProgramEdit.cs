using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Harness.Generation.Programs;

/// <summary>Programs with instructions taken out or put in: jumps, calls and map references lead where they did.</summary>
internal static class ProgramEdit
{
    /// <summary>The program without some slots; what jumped into them jumps behind them. Null where half an instruction would be left.</summary>
    public static RandomProgram? Without(RandomProgram program, int at, int size)
    {
        var end = at + size;
        if (IsSecondHalf(program.Code, at) || IsSecondHalf(program.Code, end))
        {
            return null;
        }

        int Moved(int slot) =>
            slot < at ? slot
            : slot < end ? at
            : slot - size;
        return Rewrite(program, slot => slot < at || slot >= end, Moved, Moved, []);
    }

    /// <summary>
    /// The program with instructions put in before that at a slot; what jumped to that one jumps to them. Null where half an instruction would be left, or a jump
    /// would be too long.
    /// </summary>
    public static RandomProgram? With(RandomProgram program, int at, IReadOnlyList<Instruction> added) =>
        IsSecondHalf(program.Code, at)
            ? null
            : Rewrite(
                program,
                _ => true,
                slot => slot < at ? slot : slot + added.Count,
                target => target <= at ? target : target + added.Count,
                added.Select((instruction, index) => (Slot: at + index, instruction))
            );

    private static RandomProgram? Rewrite(
        RandomProgram program,
        Predicate<int> keeps,
        Func<int, int> place,
        Func<int, int> target,
        IEnumerable<(int Slot, Instruction Instruction)> added
    )
    {
        var code = new List<Instruction>(program.Code.Count);
        for (var slot = 0; slot < program.Code.Count; slot++)
        {
            if (keeps(slot))
            {
                if (Retarget(program.Code[slot], slot, place, target) is not { } instruction)
                {
                    return null;
                }

                code.Add(instruction);
            }
        }

        foreach (var (slot, instruction) in added)
        {
            code.Insert(slot, instruction);
        }

        return program with
        {
            Code = code,
            Maps =
            [
                .. program
                    .Maps.Where(map => keeps(map.Instruction))
                    .Select(map => new MapReference(place(map.Instruction), map.Map)),
            ],
        };
    }

    // Distances count from the slot behind the instruction.
    private static Instruction? Retarget(Instruction instruction, int slot, Func<int, int> place, Func<int, int> target)
    {
        var jumps = Opcode.IsJumpClass(instruction.Opcode);
        var isCall = instruction.Opcode == Opcode.Call;
        var isFunction = instruction is { Opcode: Opcode.LoadImmediate64, Src: 4 };
        if ((isCall && instruction.Src == 1) || instruction.Opcode == Opcode.GotoLong || isFunction)
        {
            var distance = (long)target(Clamp(slot + 1L + instruction.Imm)) - place(slot) - 1;
            return instruction with { Imm = (int)distance };
        }

        if (!jumps || isCall || instruction.Opcode == Opcode.Exit)
        {
            return instruction;
        }

        var offset = target(Clamp(slot + 1L + instruction.Offset)) - place(slot) - 1;
        return offset is < short.MinValue or > short.MaxValue ? null : instruction with { Offset = (short)offset };
    }

    // A mutated jump may lead anywhere.
    private static int Clamp(long slot) => (int)Math.Clamp(slot, -1_000_000, 2_000_000);

    private static bool IsSecondHalf(IReadOnlyList<Instruction> code, int slot) =>
        slot > 0 && slot < code.Count && code[slot].Opcode == 0 && code[slot - 1].Opcode == Opcode.LoadImmediate64;
}
