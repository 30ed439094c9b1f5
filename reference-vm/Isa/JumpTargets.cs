namespace Conformance.ReferenceVm.Isa;

/// <summary>Where the jumps, local calls and function references of a program go.</summary>
public static class JumpTargets
{
    /// <summary>
    /// The slot that an instruction may continue at besides the next one (or, for a function reference, names); null where it does not go
    /// anywhere by distance. The slot may lie outside the program, and is a long so that no distance overflows.
    /// </summary>
    public static long? Of(Instruction instruction, int slot) =>
        instruction.Opcode switch
        {
            Opcode.GotoLong => slot + 1L + instruction.Imm,
            Opcode.Call => instruction.Src == (byte)CallTarget.Local ? slot + 1L + instruction.Imm : null,
            Opcode.LoadImmediate64 => instruction.Src == (byte)ImmediateKind.Function
                ? slot + 1L + instruction.Imm
                : null,
            Opcode.Goto => slot + 1L + instruction.Offset,
            var opcode => Opcode.IsConditionalJump(opcode) ? slot + 1L + instruction.Offset : null,
        };

    /// <summary>The first jump of a legally encoded program that leaves it or lands inside a 64-bit immediate load, or null.</summary>
    public static IllegalEncoding? FirstViolation(ReadOnlySpan<Instruction> program)
    {
        var starts = Starts(program);
        for (var slot = 0; slot < program.Length; slot += LegalSlotsAt(program, slot))
        {
            if (Of(program[slot], slot) is not { } target)
                continue;
            if (target < 0 || target >= program.Length)
                return new IllegalEncoding(slot, $"jump out of range from insn {slot} to {target}");
            if (!starts[(int)target])
                return new IllegalEncoding(slot, $"jump into the middle of ldimm64 insn {target - 1} from insn {slot}");
        }
        return null;
    }

    /// <summary>All targets of legal instructions that are starts of instructions.</summary>
    internal static HashSet<int> In(ReadOnlySpan<Instruction> program)
    {
        var starts = Starts(program);
        var targets = new HashSet<int>();
        for (var slot = 0; slot < program.Length; slot += LegalSlotsAt(program, slot))
            if (
                EncodingRules.Violation(program, slot) is null
                && Of(program[slot], slot) is { } target
                && target >= 0
                && target < program.Length
                && starts[(int)target]
            )
                targets.Add((int)target);
        return targets;
    }

    /// <summary>Slots to pass over: an illegal one stands alone, whatever its opcode.</summary>
    internal static int LegalSlotsAt(ReadOnlySpan<Instruction> program, int slot) =>
        EncodingRules.Violation(program, slot) is null ? EncodingRules.SlotsAt(program, slot) : 1;

    private static bool[] Starts(ReadOnlySpan<Instruction> program)
    {
        var starts = new bool[program.Length];
        for (var slot = 0; slot < program.Length; slot += LegalSlotsAt(program, slot))
            starts[slot] = true;
        return starts;
    }
}
