using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>In what sense a state is compared with an earlier one.</summary>
internal enum Likeness
{
    /// <summary>Nothing that was concluded from the earlier state fails for the new one.</summary>
    Safe,

    /// <summary>The same, where it is not known yet what will be concluded: every number lies in the earlier one's range.</summary>
    WithinRanges,

    /// <summary>Nothing has changed.</summary>
    Same,
}

/// <summary>Compares a state with one that was walked before at the same slot.</summary>
internal sealed class StateComparison
{
    private readonly Analysis _analysis;
    private readonly List<(int Old, int New)> _ids = [];
    private int _nextId;
    private Likeness _likeness;

    public StateComparison(Analysis analysis) => _analysis = analysis;

    public bool Compare(MachineState old, MachineState @new, Likeness likeness)
    {
        _likeness = likeness;
        _ids.Clear();
        _nextId = Ties.AtLowDistance;
        if (old.Frames.Count != @new.Frames.Count || !SameLock(old.Lock, @new.Lock))
            return false;
        for (var index = 0; index < old.Frames.Count; index++)
        {
            var live = _analysis.Liveness.Before(old.SlotOf(index));
            if (!Compare(old.Frames[index], @new.Frames[index], live))
                return false;
        }
        return true;
    }

    /// <summary>Whether two registers hold the same but for ids and the stack frame pointed into.</summary>
    public static bool SameValue(in RegisterState old, in RegisterState @new) =>
        old.Type == @new.Type
        && old.Offset == @new.Offset
        && old.Map == @new.Map
        && old.Range == @new.Range
        && old.Subprogram == @new.Subprogram
        && old.Value == @new.Value;

    private bool SameLock(HeldLock? old, HeldLock? @new) =>
        (old, @new) switch
        {
            (null, null) => true,
            ({ } before, { } after) => before.Map == after.Map && SameId(before.Id, after.Id),
            _ => false,
        };

    private bool Compare(Frame old, Frame @new, ushort live)
    {
        if (
            old.CallSite != @new.CallSite
            || old.Subprogram != @new.Subprogram
            || old.IsCallback != @new.IsCallback
            || old.CallbackDepth > @new.CallbackDepth
        )
            return false;
        for (var register = 0; register < Register.Count; register++)
            if ((live >> register & 1) != 0 && !Compare(old.Registers[register], @new.Registers[register]))
                return false;
        for (var slot = 0; slot < old.StackSlots; slot++)
            if (!CompareSlot(old.Slot(slot), @new, slot))
                return false;
        return true;
    }

    private bool CompareSlot(in StackSlot old, Frame frame, int index)
    {
        var isThere = index < frame.StackSlots;
        var @new = frame.SlotOrUnwritten(index);
        if (_likeness == Likeness.Same && (!isThere || old.Bytes != @new.Bytes))
            return false;
        // Bytes are looked at from the highest down.
        for (var position = StackSlot.Size - 1; position >= 0; position--)
        {
            var (before, after) = (old[position], @new[position]);
            if (before == StackByte.Unwritten || before == StackByte.Misc && _analysis.CanLeakPointers)
                continue;
            if (!isThere)
                return false;
            if (Number(old) is { } oldNumber && Number(@new) is { } newNumber)
                return Compare(oldNumber, newNumber);
            // Something unknown was safe; then so is zero.
            if (before == StackByte.Misc && after == StackByte.Zero)
                continue;
            if (before != after)
                return false;
        }
        return !old.HoldsSpill || Compare(old.Spill, @new.Spill);
    }

    // What eight bytes of stack hold as a number, where they do.
    private RegisterState? Number(in StackSlot slot)
    {
        if (slot.HoldsWholeNumber)
            return slot.Spill;
        for (var position = 0; position < StackSlot.Size; position++)
            if (
                slot[position] != StackByte.Misc
                && !(slot[position] == StackByte.Unwritten && _analysis.CanLeakPointers)
            )
                return null;
        return RegisterState.UnknownScalar;
    }

    private bool Compare(in RegisterState old, in RegisterState @new)
    {
        if (_likeness == Likeness.Same)
            return SameValue(old, @new) && SameId(old.Id, @new.Id) && old.Frame == @new.Frame;
        if (!old.IsInitialised)
            return true;
        if (old.Type != @new.Type)
            return false;
        switch (old.Type)
        {
            case RegisterType.Scalar:
                return CompareNumber(old, @new);
            case RegisterType.MapKey or RegisterType.MapValue or RegisterType.MapValueOrNull:
                return old.Offset == @new.Offset
                    && old.Map == @new.Map
                    && old.Value.Contains(@new.Value)
                    && SameId(old.Id, @new.Id);
            case RegisterType.Packet:
                // At least as many bytes must be known to exist.
                var exists = old.Range < 0 || @new.Range < 0 ? old.Range == @new.Range : old.Range <= @new.Range;
                return exists && old.Offset == @new.Offset && SameId(old.Id, @new.Id) && old.Value.Contains(@new.Value);
            default:
                return SameValue(old, @new) && SameId(old.Id, @new.Id) && old.Frame == @new.Frame;
        }
    }

    private bool CompareNumber(in RegisterState old, in RegisterState @new)
    {
        if (!old.IsPrecise && _likeness == Likeness.Safe)
            return true;
        var mark = Ties.Mark(old.Id);
        if (mark != Ties.Mark(@new.Id) || mark != 0 && old.Offset != @new.Offset)
            return false;
        // An id of nothing is like one that nothing else has.
        return old.Value.Contains(@new.Value)
            && SameId(OrNew(old.Id), OrNew(@new.Id))
            && (mark == 0 || SameId(Ties.Origin(old.Id), Ties.Origin(@new.Id)));
    }

    private int OrNew(int id) => id != 0 ? id : --_nextId;

    // What was tied before must be tied now, and what was not must not be.
    private bool SameId(int old, int @new)
    {
        if (old == 0 || @new == 0)
            return old == @new;
        foreach (var (before, after) in _ids)
        {
            if (before == old)
                return after == @new;
            if (after == @new)
                return false;
        }
        _ids.Add((old, @new));
        return true;
    }
}
