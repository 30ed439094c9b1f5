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
        var index = Frame.SlotIndex(at);
        ref var slot = ref frame.Slot(index);
        if (!analysis.CanLeakPointers && slot.HoldsSpill && slot.Spill.IsPointer && size != StackSlot.Size)
            return Refusal.Access("attempt to corrupt spilled pointer on stack");
        if (size == StackSlot.Size)
            analysis.StackLiveness.MarkWrite(pointer.Frame, index);
        var stored = Stored(analysis, source);
        if (stored is { IsScalar: true } number && Frame.ByteIndex(at) == 0)
        {
            slot.Store(Tied(analysis, source, number, size), size, analysis.CanLeakPointers);
            analysis.RecordSpill(pointer.Frame, index);
            return null;
        }
        if (stored is { IsPointer: true } spilled)
        {
            if (size != StackSlot.Size)
                return Refusal.Access("invalid size of register spill");
            if (frame != state.Top && spilled.Type == RegisterType.Stack)
                return Refusal.Invalid("cannot spill pointers to stack into stack frame of the caller");
            slot.Store(spilled, size, unwrittenStaysUnwritten: false);
            analysis.RecordSpill(pointer.Frame, index);
            return null;
        }
        slot.DropSpill();
        var isZero = stored is { IsZero: true };
        // A zero byte is no spill that could be traced back, so the register is made precise here.
        if (isZero && source >= 0)
            analysis.Precision.Require(source);
        for (var position = 0; position < size; position++)
            slot.Set((Frame.ByteIndex(at) + position) % StackSlot.Size, isZero ? StackByte.Zero : StackByte.Misc);
        return null;
    }

    // A spill that loses nothing is a copy, and stays tied to the register.
    private static RegisterState Tied(Analysis analysis, int source, in RegisterState number, int size)
    {
        if (source < 0)
            return number;
        ref var register = ref analysis.State[source];
        if (!register.Value.Fits(size))
            return number with { Id = 0 };
        Ties.Prepare(analysis, ref register);
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
        var leavesZero = false;
        for (var at = first; at < behind; at++)
        {
            ref var slot = ref frame.Slot(Frame.SlotIndex(at));
            var index = Frame.ByteIndex(at);
            var kind = slot[index];
            if (!analysis.CanLeakPointers && kind is not (StackByte.Misc or StackByte.Zero))
                return Refusal.Invalid(
                    $"spilled ptr in range of var-offset stack write; insn {analysis.Slot}, ptr off: {at}"
                );
            if (writesZero && kind == StackByte.Spilled && slot is { HoldsSpill: true, Spill.IsZero: true })
            {
                leavesZero = true;
                continue;
            }
            slot.DropSpill();
            var staysZero = writesZero && slot[index] == StackByte.Zero;
            leavesZero |= staysZero;
            slot.Set(index, staysZero ? StackByte.Zero : StackByte.Misc);
        }
        if (leavesZero && source >= 0)
            analysis.Precision.Require(source);
        return null;
    }
}
