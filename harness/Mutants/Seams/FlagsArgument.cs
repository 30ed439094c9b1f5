using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Mutants.Seams;

/// <summary>How programs set the flags argument (R2), read from the instructions before a call of the helper.</summary>
internal static class FlagsArgument
{
    private const byte R2 = 2;
    private const byte MoveImmediate = 0xb7;
    private const byte MoveRegister = 0xbf;

    /// <summary>Makes of a constant that is loaded into R2 right before a call what <paramref name="seen"/> takes it for.</summary>
    public static Operation SeenAs(Operation operation, Func<long, long> seen)
    {
        if (operation is not ProgLoad load || load.Instructions.Length % 8 != 0)
        {
            return operation;
        }

        var slots = Slots.Of(load);
        for (var call = 0; call < slots.Length; call++)
        {
            if (!Slots.IsHelperCall(slots[call]) || Setter(slots, call) is not { } setter)
            {
                continue;
            }

            var slot = slots[setter];
            if (slot.Opcode is not (MoveImmediate or Opcode.LoadImmediate64) || slot.Src != 0)
            {
                continue;
            }

            var value = seen(Verdict.Immediate(slots, setter));
            slots[setter] = slot with { Imm = (int)value };
            if (slot.Opcode == Opcode.LoadImmediate64)
            {
                slots[setter + 1] = slots[setter + 1] with { Imm = (int)(value >> 32) };
            }
        }

        return Slots.With(load, slots);
    }

    /// <summary>Whether R2 is set otherwise than by a constant 0 before some call.</summary>
    public static bool IsNoLiteral(ProgLoad load) => Any(load, slot => slot is not { Opcode: MoveImmediate, Imm: 0 });

    /// <summary>Whether R2 is loaded from memory before some call.</summary>
    public static bool IsLoaded(ProgLoad load) =>
        Any(load, slot => Opcode.ClassOf(slot.Opcode) == InstructionClass.LoadRegister);

    /// <summary>Whether R2 is copied from another register before some call.</summary>
    public static bool IsCopied(ProgLoad load) => Any(load, slot => slot.Opcode == MoveRegister);

    private static bool Any(ProgLoad load, Func<Slot, bool> condition) =>
        Slots.AnyCall(load, (slots, call) => Setter(slots, call) is { } setter && condition(slots[setter]));

    // The nearest instruction before the call that writes R2, in the order of the text.
    private static int? Setter(Slot[] slots, int call)
    {
        for (var index = call - 1; index >= 0; index--)
        {
            if (slots[index].Dst == R2 && Writes(slots, index))
            {
                return index;
            }
        }

        return null;
    }

    private static bool Writes(Slot[] slots, int index) =>
        slots[index].Opcode != 0
        && Opcode.ClassOf(slots[index].Opcode)
            is InstructionClass.Alu
                or InstructionClass.Alu64
                or InstructionClass.LoadRegister
                or InstructionClass.Load;
}
