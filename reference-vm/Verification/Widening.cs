using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Gives up numbers that differ from one iteration of a callback to the next, so that the walk of a long loop ends. What is
/// given up becomes unknown, which contains everything it could have been.
/// </summary>
internal static class Widening
{
    /// <summary>Compares with an earlier state of the same path at the call that is returned to.</summary>
    public static void Apply(MachineState previous, MachineState state)
    {
        for (var index = 0; index < state.Frames.Count; index++)
            Apply(previous.Frames[index], state.Frames[index]);
    }

    private static void Apply(Frame previous, Frame frame)
    {
        for (var register = 0; register < Register.Count; register++)
            Widen(previous.Registers[register], ref frame.Registers[register]);
        for (var slot = 0; slot < Math.Min(previous.StackSlots, frame.StackSlots); slot++)
            if (previous.Slot(slot).HoldsSpill && frame.Slot(slot).HoldsSpill)
                Widen(previous.Spill(slot), ref frame.Spill(slot));
    }

    // What something was concluded from is kept: whoever relies on it may well be right.
    private static void Widen(in RegisterState previous, ref RegisterState current)
    {
        if (!previous.IsScalar || !current.IsScalar || previous.IsPrecise || current.IsPrecise)
            return;
        if (!StateComparison.SameValue(previous, current))
            current = RegisterState.UnknownScalar;
    }
}
