namespace Conformance.ReferenceVm.Verification;

/// <summary>Whether an access lies in the 512 bytes below a frame pointer, and how much of them a frame uses.</summary>
internal static class StackBounds
{
    /// <summary>
    /// Demands that every byte the access may touch lies in the frame; makes room for them. <paramref name="offset"/> includes the
    /// pointer's own.
    /// </summary>
    public static Refusal? Check(
        Analysis analysis,
        in RegisterState pointer,
        int register,
        long offset,
        int size,
        bool write
    )
    {
        var what = write ? " write to" : " read from";
        var value = pointer.Value;
        if (
            !value.IsConstant
            && (value.Wide.SMax >= PointerArithmetic.MaxOffset || value.Wide.SMin <= -PointerArithmetic.MaxOffset)
        )
            return Refusal.Access($"invalid unbounded variable-offset{what} stack R{register}");
        var least = value.Wide.SMin + offset;
        var behind = value.Wide.SMax + offset + size;
        var stackSize = analysis.Request.Limits.StackSize;
        var frame = analysis.State.Frames[pointer.Frame];
        var bottom = write || analysis.CanLeakPointers ? -stackSize : -frame.StackSlots * StackSlot.Size;
        var isBelow = least < bottom || least > -1;
        if (isBelow || behind > 0)
            return new Refusal(
                isBelow ? Errno.EACCES : Errno.EINVAL,
                value.IsConstant
                    ? $"invalid{what} stack R{register} off={least} size={size}"
                    : $"invalid variable-offset{what} stack R{register} var_off={value.Bits} off={offset} size={size}"
            );
        frame.Grow((int)(-least + StackSlot.Size - 1) / StackSlot.Size);
        analysis.UseStack(frame.Subprogram, (int)-least);
        return null;
    }

    /// <summary>Offsets from the frame pointer of the first byte an access may touch, and of the one behind the last.</summary>
    public static (int First, int Behind) Range(in RegisterState pointer, long offset, int size) =>
        ((int)(pointer.Value.Wide.SMin + offset), (int)(pointer.Value.Wide.SMax + offset + size));
}
