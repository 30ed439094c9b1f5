using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Which stack slots may still be read, found from what the walk reads and writes. A slot that is dead need not be compared when
/// states are. It is known by call chain, because a subprogram that works on its caller's stack does so differently for each caller.
/// </summary>
internal sealed class StackLiveness
{
    private readonly Analysis _analysis;
    private readonly ulong[] _written;

    public StackLiveness(Analysis analysis)
    {
        _analysis = analysis;
        _written = new ulong[analysis.Request.Limits.CallFrames];
        Main = new FunctionInstance(0, analysis.Subprograms.EndOf(0), outer: null, callSite: -1);
    }

    /// <summary>The main program.</summary>
    public FunctionInstance Main { get; }

    /// <summary>A subprogram that is walked as if nobody called it.</summary>
    public FunctionInstance Alone(int subprogram) =>
        new(subprogram, _analysis.Subprograms.EndOf(subprogram), outer: null, callSite: -1);

    /// <summary>The instance a call leads to.</summary>
    public FunctionInstance Enter(FunctionInstance caller, int callSite, int subprogram) =>
        caller.Callee(callSite, subprogram, _analysis.Subprograms.EndOf(subprogram));

    /// <summary>Forgets what the last instruction wrote.</summary>
    public void Begin() => Array.Clear(_written);

    public void MarkWrite(int frame, int stackSlot) => _written[frame] |= 1UL << stackSlot;

    public void MarkRead(int frame, int stackSlot)
    {
        var state = _analysis.State;
        state.Top.Instance.AddRead(frame, _analysis.Slot, 1UL << stackSlot);
    }

    /// <summary>Records what the instruction wrote for certain: what every visit of it wrote.</summary>
    public void Commit(FunctionInstance instance, int slot) => instance.AddWrites(slot, _written);

    /// <summary>Brings the instances of a state's call chain up to date. Must be done before a path, or a subprogram, ends.</summary>
    public void Update(MachineState state)
    {
        for (var frame = state.Frames.Count - 1; frame >= 0; frame--)
            state.Frames[frame].Instance.Update(_analysis.Code, frame);
    }

    /// <summary>Whether a stack slot may be read from a state on.</summary>
    public bool IsAlive(MachineState state, int frame, int stackSlot)
    {
        var top = state.Frames.Count - 1;
        if (state.Frames[top].Instance.IsAlive(frame, state.Slot, stackSlot))
            return true;
        for (var outer = frame; outer < top; outer++)
        {
            var callSite = state.SlotOf(outer);
            // A helper that calls back may do so again.
            var from = _analysis.Flow.CallsBack(callSite) ? callSite : callSite + 1;
            if (state.Frames[outer].Instance.IsAlive(frame, from, stackSlot))
                return true;
        }
        return false;
    }
}
