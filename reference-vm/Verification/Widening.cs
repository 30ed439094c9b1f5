using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Gives up numbers that differ from one iteration of a callback to the next, so that the walk of a long loop ends. What is
/// given up becomes unknown, which contains everything it could have been.
/// </summary>
internal static class Widening
{
    /// <summary>Compares with the last time the walk came by the call for the same loop.</summary>
    public static void Apply(MachineState state, int callSite)
    {
        var invocation = state.Top.Invocation;
        var previous = state.Parent;
        while (previous is not null && !(previous.Slot == callSite && previous.State.Top.Invocation == invocation))
            previous = previous.Parent;
        if (previous is null)
            return;
        for (var index = 0; index < state.Frames.Count; index++)
            Apply(previous.State.Frames[index], state.Frames[index]);
    }

    private static void Apply(Frame previous, Frame frame)
    {
        for (var register = 0; register < Register.Count; register++)
            frame.Registers[register] = Widened(previous.Registers[register], frame.Registers[register]);
        for (var index = 0; index < Math.Min(previous.StackSlots, frame.StackSlots); index++)
        {
            ref var slot = ref frame.Slot(index);
            var before = previous.Slot(index);
            if (slot.HoldsSpill && before.HoldsSpill)
                slot = slot with { Spill = Widened(before.Spill, slot.Spill) };
        }
    }

    private static RegisterState Widened(in RegisterState previous, in RegisterState current) =>
        previous.IsScalar && current.IsScalar && previous.Value != current.Value
            ? RegisterState.UnknownScalar
            : current;
}
