using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Writes to the stack: spills of registers, and plain bytes.</summary>
internal static class StackWrite
{
    /// <summary>
    /// Writes the low bytes of a register, or, where <paramref name="source"/> is -1, an immediate or something unknown (an atomic
    /// operation's result).
    /// </summary>
    public static Refusal? Execute(
        Analysis analysis,
        in RegisterState pointer,
        int register,
        long offset,
        int size,
        int source
    )
    {
        if (StackBounds.Check(analysis, pointer, register, offset, size, write: true) is { } refusal)
            return refusal;
        return pointer.Value.IsConstant
            ? WriteFixed(analysis, pointer, (int)(offset + (long)pointer.Value.Bits.Value), size, source)
            : WriteVariable(analysis, pointer, offset, size, source);
    }

    // The number stored, where it is one that can be known: a register's, or the immediate of a store.
    private static RegisterState? Stored(Analysis analysis, int source)
    {
        if (source >= 0)
            return analysis.State[source];
        var instruction = analysis.Instruction;
        return Opcode.ClassOf(instruction.Opcode) == InstructionClass.Store
            ? RegisterState.Constant((ulong)instruction.Imm)
            : null;
    }

    private static Refusal? WriteFixed(Analysis analysis, in RegisterState pointer, int at, int size, int source)
    {
        var state = analysis.State;
        var frame = state.Frames[pointer.Frame];
        ref var slot = ref frame.Slot(Frame.SlotIndex(at));
        if (!analysis.CanLeakPointers && slot.HoldsSpill && slot.Spill.IsPointer && size != StackSlot.Size)
            return Refusal.Access("attempt to corrupt spilled pointer on stack");
        var stored = Stored(analysis, source);
        if (stored is { IsScalar: true } number && Frame.ByteIndex(at) == 0)
        {
            slot = slot.WithSpill(Tied(analysis, source, number, size), size, analysis.CanLeakPointers);
            return null;
        }
        if (stored is { IsPointer: true } spilled)
        {
            if (size != StackSlot.Size)
                return Refusal.Access("invalid size of register spill");
            if (frame != state.Top && spilled.Type == RegisterType.Stack)
                return Refusal.Invalid("cannot spill pointers to stack into stack frame of the caller");
            slot = slot.WithSpill(spilled, size, unwrittenStaysUnwritten: false);
            return null;
        }
        slot = slot.WithoutSpill();
        var kind = stored is { IsZero: true } ? StackByte.Zero : StackByte.Misc;
        for (var index = 0; index < size; index++)
            slot = slot.With((Frame.ByteIndex(at) + index) % StackSlot.Size, kind);
        return null;
    }

    // A spill that loses nothing is a copy, and stays tied to the register.
    private static RegisterState Tied(Analysis analysis, int source, in RegisterState number, int size)
    {
        var losesNothing = size >= StackSlot.Size || number.Value.Wide.UMax < 1UL << 8 * size;
        if (source < 0 || number.Value.IsConstant || !losesNothing)
            return number with { Id = 0 };
        ref var register = ref analysis.State[source];
        if (register.Id == 0)
            register = register with { Id = analysis.NewId() };
        return register;
    }

    private static Refusal? WriteVariable(
        Analysis analysis,
        in RegisterState pointer,
        long offset,
        int size,
        int source
    )
    {
        var (first, behind) = StackBounds.Range(pointer, offset, size);
        var frame = analysis.State.Frames[pointer.Frame];
        var writesZero = Stored(analysis, source) is { IsZero: true };
        for (var at = first; at < behind; at++)
        {
            ref var slot = ref frame.Slot(Frame.SlotIndex(at));
            var index = Frame.ByteIndex(at);
            if (!analysis.CanLeakPointers && slot.HoldsSpill && slot.Spill.IsPointer)
                return Refusal.Access(
                    $"spilled ptr in range of var-offset stack write; insn {analysis.Slot}, ptr off: {at}"
                );
            if (writesZero && slot.HoldsSpill && slot.Spill.IsZero)
                continue;
            if (slot[index] == StackByte.Unwritten && !analysis.CanLeakPointers)
                return Refusal.Invalid(
                    $"uninit stack in range of var-offset write prohibited for !root; insn {analysis.Slot}, off: {at}"
                );
            var staysZero = writesZero && slot[index] == StackByte.Zero;
            slot = slot.WithoutSpill();
            slot = slot.With(index, staysZero ? StackByte.Zero : StackByte.Misc);
        }
        return null;
    }
}
