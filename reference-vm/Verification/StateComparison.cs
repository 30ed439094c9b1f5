using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Compares a state with one that was walked before at the same slot. Every number is compared by its range, whether or not
/// anything depended on it, so nothing that was proved on one path is taken for granted on another.
/// </summary>
internal sealed class StateComparison
{
    private readonly MachineState _old;
    private readonly MachineState _new;
    private readonly bool _exact;
    private Dictionary<int, int>? _ids;

    private StateComparison(MachineState old, MachineState @new, bool exact)
    {
        _old = old;
        _new = @new;
        _exact = exact;
    }

    /// <summary>Whether everything that may happen from the new state may happen from the old one, too.</summary>
    public static bool Covers(MachineState old, MachineState @new, int slot, Analysis analysis) =>
        new StateComparison(old, @new, exact: false).Compare(slot, analysis);

    /// <summary>Whether the two are the same in everything that still matters.</summary>
    public static bool Same(MachineState old, MachineState @new, int slot, Analysis analysis) =>
        new StateComparison(old, @new, exact: true).Compare(slot, analysis);

    private bool Compare(int slot, Analysis analysis)
    {
        if (_old.Frames.Count != _new.Frames.Count || !SameLock())
            return false;
        for (var index = 0; index < _old.Frames.Count; index++)
        {
            var isTop = index == _old.Frames.Count - 1;
            var callsBack = !isTop && _old.Frames[index + 1].IsCallback;
            if (!SameCall(_old.Frames[index], _new.Frames[index], callsBack))
                return false;
            var live = isTop ? analysis.Liveness.Before(slot) : LiveInCaller(index, analysis);
            if (!CompareRegisters(_old.Frames[index], _new.Frames[index], live))
                return false;
        }
        for (var index = 0; index < _old.Frames.Count; index++)
            if (!CompareStack(_old.Frames[index], _new.Frames[index], analysis))
                return false;
        return true;
    }

    private bool SameLock() =>
        (_old.Lock, _new.Lock) switch
        {
            (null, null) => true,
            ({ } old, { } @new) => old.Map == @new.Map && SameId(old.Id, @new.Id),
            _ => false,
        };

    // The interior of a callback belongs to one arrival at the helper's call: only there is it known that the loop ends.
    private bool SameCall(Frame old, Frame @new, bool callsBack) =>
        old.CallSite == @new.CallSite
        && old.Subprogram == @new.Subprogram
        && old.IsCallback == @new.IsCallback
        && old.CallbackDepth <= @new.CallbackDepth
        && (!callsBack || _exact || old.Invocation == @new.Invocation);

    private ushort LiveInCaller(int index, Analysis analysis)
    {
        var callee = _old.Frames[index + 1];
        return callee.IsCallback
            ? analysis.Liveness.Before(callee.CallSite)
            : (ushort)(analysis.Liveness.Before(callee.CallSite + 1) & ~1);
    }

    private bool CompareRegisters(Frame old, Frame @new, ushort live)
    {
        for (var register = 0; register < Register.Count; register++)
            if ((live >> register & 1) != 0 && !Compare(old.Registers[register], @new.Registers[register]))
                return false;
        return true;
    }

    private bool CompareStack(Frame old, Frame @new, Analysis analysis)
    {
        if (_exact && old.StackSlots != @new.StackSlots)
            return false;
        for (var index = 0; index < old.StackSlots; index++)
            if (!CompareSlot(old.Slot(index), @new.SlotOrUnwritten(index), analysis))
                return false;
        return true;
    }

    private bool CompareSlot(in StackSlot old, in StackSlot @new, Analysis analysis)
    {
        if (_exact && old.Bytes != @new.Bytes)
            return false;
        for (var index = 0; index < StackSlot.Size; index++)
        {
            var (before, after) = (old[index], @new[index]);
            if (before == after || before == StackByte.Unwritten)
                continue;
            // Something unknown was safe; then so is zero, and, where pointers may be read as numbers, whatever there is.
            if (before == StackByte.Misc && (after == StackByte.Zero || analysis.CanLeakPointers))
                continue;
            if (before == StackByte.Misc && after == StackByte.Spilled && @new.Spill.IsScalar)
                continue;
            return false;
        }
        return !old.HoldsSpill || Compare(old.Spill, @new.Spill);
    }

    private bool Compare(in RegisterState old, in RegisterState @new)
    {
        if (!old.IsInitialised)
            return true;
        if (
            old.Type != @new.Type
            || old.Map != @new.Map
            || old.Offset != @new.Offset
            || old.Frame != @new.Frame
            || old.Subprogram != @new.Subprogram
            || old.Range > @new.Range
            || !old.Value.Contains(@new.Value)
        )
            return false;
        if (_exact && (old.Value != @new.Value || old.Range != @new.Range))
            return false;
        // The packet's own start is an origin like any other, with id 0.
        if (old.Type == RegisterType.Packet && old.Id == 0)
            return @new.Id == 0;
        return SameId(old.Id, @new.Id);
    }

    // What was tied before must be tied now, and to the same. What was not may be tied or not.
    private bool SameId(int old, int @new)
    {
        if (old == 0)
            return true;
        _ids ??= [];
        if (_ids.TryGetValue(old, out var mapped))
            return mapped == @new && @new != 0;
        _ids.Add(old, @new == 0 ? -old : @new);
        return true;
    }
}
