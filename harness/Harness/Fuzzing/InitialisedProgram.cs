using Conformance.Harness.Generation.Programs;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Harness.Fuzzing;

/// <summary>
/// The same program with zeros stored over the stack of each of its functions first. A machine on which that changes the result has shown what happened
/// to lie on the stack.
/// </summary>
internal static class InitialisedProgram
{
    // As deep as the generator's programs go, but for one object (r10 - 120) that nothing is read from.
    private const int Depth = 64;
    private const int Slot = 8;

    private static readonly IReadOnlyList<Instruction> Stores = Assembler
        .Assemble(
            string.Join('\n', Enumerable.Range(1, Depth / Slot).Select(slot => $"*(u64 *)(r10 - {slot * Slot}) = 0"))
        )
        .Instructions!;

    /// <summary>The program; null where a jump would be too long.</summary>
    public static RandomProgram? Of(RandomProgram program)
    {
        var starts = program
            .Code.Select((instruction, slot) => Target(instruction, slot))
            .OfType<int>()
            .Append(0)
            .Where(start => start >= 0 && start < program.Code.Count)
            .Distinct()
            .OrderDescending();
        RandomProgram? changed = program;
        foreach (var start in starts)
        {
            changed = changed is null ? null : ProgramEdit.With(changed, start, Stores);
        }

        return changed;
    }

    // Where a call or a reference to a function leads.
    private static int? Target(Instruction instruction, int slot) =>
        instruction is { Opcode: Opcode.Call, Src: 1 } or { Opcode: Opcode.LoadImmediate64, Src: 4 }
            ? slot + 1 + instruction.Imm
            : null;
}
