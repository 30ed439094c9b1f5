namespace Conformance.ReferenceVm.Verification;

/// <summary>Reads of the stack: what a fill restores, and what is merely a number.</summary>
internal static class StackRead
{
    /// <summary>
    /// Reads into a register, or, where <paramref name="target"/> is -1, checks that the bytes may be used as a number (the first
    /// half of an atomic operation).
    /// </summary>
    public static Refusal? Execute(
        Analysis analysis,
        in RegisterState pointer,
        int register,
        long offset,
        int size,
        int target
    )
    {
        if (StackBounds.Check(analysis, pointer, register, offset, size, write: false) is { } refusal)
            return refusal;
        var frame = analysis.State.Frames[pointer.Frame];
        if (!pointer.Value.IsConstant)
            return ReadVariable(analysis, pointer, register, frame, offset, size, target);
        var at = (int)(offset + (long)pointer.Value.Bits.Value);
        var index = Frame.SlotIndex(at);
        analysis.StackLiveness.MarkRead(pointer.Frame, index);
        ref var slot = ref frame.Slot(index);
        if (!slot.HoldsSpill)
            return ReadBytes(analysis, slot, at, size, target);
        if (ReadSpill(analysis, ref slot, at, size, target, out var isFill) is { } unreadable)
            return unreadable;
        if (isFill)
            analysis.RecordSpill(pointer.Frame, index);
        return null;
    }

    /// <summary>Whether a helper may read the bytes. They need not be aligned, and any frame of the chain will do.</summary>
    public static Refusal? CheckRange(
        Analysis analysis,
        in RegisterState pointer,
        int register,
        long offset,
        int size,
        bool zeroSizeAllowed
    )
    {
        if (size == 0 && !zeroSizeAllowed)
            return Refusal.Access("invalid zero-sized read");
        if (StackBounds.Check(analysis, pointer, register, offset, size, write: false) is { } refusal)
            return refusal;
        if (!pointer.Value.IsConstant && !analysis.CanLeakPointers)
            return Refusal.Access(
                $"R{register} variable offset stack access prohibited for !root, var_off={pointer.Value.Bits}"
            );
        var (first, behind) = StackBounds.Range(pointer, offset, size);
        var frame = analysis.State.Frames[pointer.Frame];
        for (var at = first; at < behind; at++)
        {
            var slot = frame.SlotOrUnwritten(Frame.SlotIndex(at));
            var kind = slot[Frame.ByteIndex(at)];
            var readable =
                analysis.CanLeakPointers
                || kind != StackByte.Unwritten && (kind != StackByte.Spilled || slot.Spill.IsScalar);
            if (readable)
            {
                analysis.StackLiveness.MarkRead(pointer.Frame, Frame.SlotIndex(at));
                continue;
            }
            var position = pointer.Value.IsConstant ? $"off {first}" : $"var_off {pointer.Value.Bits}";
            return Refusal.Access($"invalid read from stack R{register} {position}+{at - first} size {size}");
        }
        return null;
    }

    private static Refusal? ReadSpill(
        Analysis analysis,
        ref StackSlot slot,
        int at,
        int size,
        int target,
        out bool isFill
    )
    {
        isFill = true;
        var spillSize = slot.SpillSize;
        if (size == StackSlot.Size && spillSize == StackSlot.Size)
        {
            if (target >= 0)
            {
                Ties.Prepare(analysis, ref slot.Spill);
                analysis.State[target] = slot.Spill;
            }
            else if (!analysis.CanLeakPointers && slot.Spill.IsPointer)
            {
                return Refusal.Access($"leaking pointer from stack off {at}");
            }
            return null;
        }
        if (!slot.Spill.IsScalar)
            return Refusal.Access("invalid size of register fill");
        if (target < 0)
        {
            isFill = false;
            return null;
        }
        if (size <= spillSize && Frame.ByteIndex(at) == 0)
        {
            if (size == sizeof(uint) && spillSize == sizeof(uint) && slot.Spill.Value.Fits(sizeof(uint)))
                Ties.Prepare(analysis, ref slot.Spill);
            // A part of the register is tied to nothing; the load truncates it.
            analysis.State[target] = slot.Spill with
            {
                Id = slot.Spill.Value.Fits(size) ? slot.Spill.Id : 0,
            };
            return null;
        }
        var (spilled, zeros) = (0, 0);
        for (var index = 0; index < size; index++)
        {
            var kind = slot[(Frame.ByteIndex(at) + index) % StackSlot.Size];
            spilled += kind == StackByte.Spilled ? 1 : 0;
            zeros += kind == StackByte.Zero ? 1 : 0;
            if (kind == StackByte.Unwritten && !analysis.CanLeakPointers)
                return InvalidRead(at, index, size);
        }
        isFill = spilled == size && slot.Spill.IsZero;
        analysis.State[target] = isFill || zeros == size ? RegisterState.Constant(0) : RegisterState.UnknownScalar;
        return null;
    }

    private static Refusal? ReadBytes(Analysis analysis, in StackSlot slot, int at, int size, int target)
    {
        var zeros = 0;
        for (var index = 0; index < size; index++)
        {
            var kind = slot[(Frame.ByteIndex(at) + index) % StackSlot.Size];
            zeros += kind == StackByte.Zero ? 1 : 0;
            if (kind == StackByte.Unwritten && !analysis.CanLeakPointers)
                return InvalidRead(at, index, size);
        }
        if (target >= 0)
            analysis.State[target] = zeros == size ? RegisterState.Constant(0) : RegisterState.UnknownScalar;
        return null;
    }

    private static Refusal InvalidRead(int at, int index, int size) =>
        Refusal.Access($"invalid read from stack off {at}+{index} size {size}");

    private static Refusal? ReadVariable(
        Analysis analysis,
        in RegisterState pointer,
        int register,
        Frame frame,
        long offset,
        int size,
        int target
    )
    {
        if (target < 0)
            return Refusal.Access(
                $"variable offset stack pointer cannot be passed into helper function; var_off={pointer.Value.Bits} off={offset} size={size}"
            );
        if (CheckRange(analysis, pointer, register, offset, size, zeroSizeAllowed: false) is { } refusal)
            return refusal;
        var (first, behind) = StackBounds.Range(pointer, offset, size);
        var allZero = true;
        for (var at = first; at < behind; at++)
            allZero &= frame.SlotOrUnwritten(Frame.SlotIndex(at))[Frame.ByteIndex(at)] == StackByte.Zero;
        analysis.State[target] = allZero ? RegisterState.Constant(0) : RegisterState.UnknownScalar;
        return null;
    }
}
