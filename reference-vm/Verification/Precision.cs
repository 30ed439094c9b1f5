using System.Numerics;
using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Where something is concluded from a number's exact range, every number it was computed from is marked precise in the
/// checkpoints the path came by, so that a later state only counts as covered where its numbers lie in the same ranges. Numbers
/// without the mark are not compared at all, which is what lets most paths end early. What cannot be traced makes every number
/// precise.
/// </summary>
internal sealed class Precision
{
    private readonly Analysis _analysis;
    private readonly Wanted _wanted;

    public Precision(Analysis analysis)
    {
        _analysis = analysis;
        _wanted = new Wanted(analysis.Request.Limits.CallFrames);
    }

    /// <summary>Marks what a register of the state at hand was computed from. Pointers are exact as they are.</summary>
    public void Require(int register)
    {
        var state = _analysis.State;
        if (!state[register].IsScalar)
            return;
        _wanted.Start(state.Frames.Count - 1);
        _wanted.AddRegister(_wanted.Frame, register);
        Trace(state);
    }

    /// <summary>The same of a number spilled on the stack.</summary>
    public void RequireSlot(int frame, int stackSlot)
    {
        var state = _analysis.State;
        _wanted.Start(state.Frames.Count - 1);
        _wanted.AddStackSlot(frame, stackSlot);
        Trace(state);
    }

    /// <summary>
    /// Marks for a state what is precise in the one that covers it, since what follows was concluded from that. Says whether a mark
    /// was new.
    /// </summary>
    public bool Propagate(MachineState old, MachineState state)
    {
        _wanted.Start(state.Frames.Count - 1);
        for (var index = 0; index < old.Frames.Count; index++)
        {
            var frame = old.Frames[index];
            for (var register = 0; register < Register.Frame; register++)
                if (frame.Registers[register] is { IsScalar: true, IsPrecise: true })
                    _wanted.AddRegister(index, register);
            for (var slot = 0; slot < frame.StackSlots; slot++)
                if (frame.Slot(slot).HoldsNumber && frame.Spill(slot).IsPrecise)
                    _wanted.AddStackSlot(index, slot);
        }
        return Trace(state);
    }

    /// <summary>Marks every number in the checkpoints before a state.</summary>
    public static void ForceAll(MachineState state)
    {
        for (var checkpoint = state.Parent; checkpoint is not null; checkpoint = checkpoint.State.Parent)
            checkpoint.State.Rewrite(register => register.IsScalar ? register with { IsPrecise = true } : register);
    }

    private bool Trace(MachineState start)
    {
        var changed = false;
        var state = start;
        var (first, last, following) = (start.FirstSlot, start.Slot, -1);
        var backtrack = new Backtrack(_analysis, _wanted);
        var isFirst = true;
        while (!_wanted.IsEmpty)
        {
            var count = state.History.Count;
            for (var slot = last; slot >= 0; )
            {
                // The instruction at hand is what demands precision; it is not traced itself.
                if (!isFirst && !backtrack.Step(slot, following, state.History.LastOf(count, slot)))
                {
                    ForceAll(start);
                    _wanted.Clear();
                    return true;
                }
                isFirst = false;
                if (_wanted.IsEmpty)
                    return changed;
                following = slot;
                slot = state.History.Before(slot, first, ref count);
            }
            if (state.Parent is not { } parent)
            {
                // The arguments of a global function, of which nothing is known that could be marked.
                for (int register = Register.FirstArgument; register <= Register.LastArgument; register++)
                    _wanted.RemoveRegister(0, register);
                if (_wanted.IsEmpty)
                    return changed;
                ForceAll(start);
                _wanted.Clear();
                return true;
            }
            state = parent.State;
            changed |= Mark(state);
            (following, last, first) = (first, state.LastSlot, state.FirstSlot);
        }
        return changed;
    }

    // What is marked already was traced from there, and what is no number there has no exact value to be traced.
    private bool Mark(MachineState state)
    {
        var changed = false;
        for (var index = _wanted.Frame; index >= 0; index--)
        {
            var frame = index < state.Frames.Count ? state.Frames[index] : null;
            for (uint left = _wanted.Registers(index); left != 0; left &= left - 1)
            {
                var register = BitOperations.TrailingZeroCount(left);
                if (frame is not null && Mark(ref frame.Registers[register]))
                    changed = true;
                else
                    _wanted.RemoveRegister(index, register);
            }
            for (var left = _wanted.StackSlots(index); left != 0; left &= left - 1)
            {
                var slot = BitOperations.TrailingZeroCount(left);
                if (slot < frame?.StackSlots && frame.Slot(slot).HoldsNumber && Mark(ref frame.Spill(slot)))
                    changed = true;
                else
                    _wanted.RemoveStackSlot(index, slot);
            }
        }
        return changed;
    }

    private static bool Mark(ref RegisterState register)
    {
        if (!register.IsScalar || register.IsPrecise)
            return false;
        register = register with { IsPrecise = true };
        return true;
    }
}
