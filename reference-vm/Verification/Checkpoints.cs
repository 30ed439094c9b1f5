using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// States kept where paths meet, so that what was proved once is not walked again, and a loop that goes nowhere is found. When
/// states are kept follows Linux's rule of thumb, because it shows in how far the walk of a loop gets.
/// </summary>
internal sealed class Checkpoints
{
    private const int JumpsBetween = 2;
    private const int InstructionsBetween = 8;
    private const int JumpsWithinLoop = 20;
    private const int InstructionsWithinLoop = 100;
    private const int LongHistory = 40;
    private const int MissesPerHit = 3;
    private const int MissesPerHitInCallback = 64;

    // Linux gives up closed states of calls that call back as soon as others, but it tells fewer apart (see Backtrack): here a loop
    // of such calls comes by in as many states as there are iterations and counts, and nearly all are needed again.
    private const int MissesPerHitBehindCallback = 1024;

    private readonly Analysis _analysis;
    private readonly StateComparison _comparison;
    private readonly Dictionary<int, List<Checkpoint>> _bySlot = [];
    private readonly Dictionary<int, int> _idCounts = [];
    private int _jumpsAtLast;
    private int _instructionsAtLast;

    public Checkpoints(Analysis analysis)
    {
        _analysis = analysis;
        _comparison = new StateComparison(analysis);
    }

    /// <summary>Jumps walked so far.</summary>
    public int Jumps { get; set; }

    public int Total { get; private set; }

    public int MostAtOneSlot { get; private set; }

    /// <summary>Compares the state at hand with earlier ones; says whether the path may end here.</summary>
    public (Refusal? Refusal, bool IsCovered) Visit(int instructions)
    {
        var (slot, state) = (_analysis.Slot, _analysis.State);
        var callsBack = _analysis.Flow.CallsBack(slot);
        var forced = callsBack || _analysis.TestStateFrequency || state.History.Count > LongHistory;
        var (jumps, walked) = (Jumps - _jumpsAtLast, instructions - _instructionsAtLast);
        var keeps = forced || jumps >= JumpsBetween && walked >= InstructionsBetween;
        if (!_bySlot.TryGetValue(slot, out var earlier))
            _bySlot[slot] = earlier = [];
        foreach (var checkpoint in earlier)
            Clean(checkpoint);
        MostAtOneSlot = Math.Max(MostAtOneSlot, earlier.Count);
        for (var index = earlier.Count - 1; index >= 0; index--)
        {
            var checkpoint = earlier[index];
            if (checkpoint.OpenPaths > 0)
            {
                if (callsBack)
                {
                    // The helper ends the loop, so whatever follows is being walked already.
                    if (_comparison.Compare(checkpoint.State, state, Likeness.WithinRanges))
                        return Cover(checkpoint, isLoop: true);
                }
                else if (Repeats(checkpoint.State, state))
                {
                    return (Refusal.Invalid($"infinite loop detected at insn {slot}"), false);
                }
                if (!forced && jumps < JumpsWithinLoop && walked < InstructionsWithinLoop)
                    keeps = false;
            }
            else
            {
                var isLoop = _analysis.Loops.IsOpen(checkpoint.State);
                if (_comparison.Compare(checkpoint.State, state, isLoop ? Likeness.WithinRanges : Likeness.Safe))
                    return Cover(checkpoint, isLoop);
            }
            Miss(earlier, index, callsBack, keeps);
        }
        if (keeps)
            Keep(earlier, instructions);
        return (null, false);
    }

    /// <summary>The state in which the path at hand came by a slot before, where it was kept.</summary>
    public MachineState? EarlierAt(int slot)
    {
        var state = _analysis.State;
        if (!_bySlot.TryGetValue(slot, out var earlier))
            return null;
        for (var index = earlier.Count - 1; index >= 0; index--)
        {
            var checkpoint = earlier[index];
            if (checkpoint.OpenPaths > 0 && checkpoint.State.Depth < state.Depth && SameCalls(checkpoint.State, state))
                return checkpoint.State;
        }
        return null;
    }

    private static bool SameCalls(MachineState old, MachineState state)
    {
        if (old.Frames.Count != state.Frames.Count)
            return false;
        for (var index = 0; index < old.Frames.Count; index++)
            if (old.Frames[index].CallSite != state.Frames[index].CallSite)
                return false;
        return true;
    }

    private bool Repeats(MachineState old, MachineState state) =>
        SameRegisters(old, state)
        && _comparison.Compare(old, state, Likeness.Same)
        && old.Iterations == state.Iterations;

    private static bool SameRegisters(MachineState old, MachineState state)
    {
        if (old.Frames.Count != state.Frames.Count)
            return false;
        for (var register = 0; register < Register.Count; register++)
        {
            var (before, after) = (old[register], state[register]);
            if (before.Id != after.Id || !StateComparison.SameValue(before, after))
                return false;
        }
        return true;
    }

    private (Refusal? Refusal, bool IsCovered) Cover(Checkpoint checkpoint, bool isLoop)
    {
        checkpoint.Hits++;
        _analysis.RecordJump();
        _analysis.Precision.Propagate(checkpoint.State, _analysis.State);
        if (isLoop)
            _analysis.Loops.Add(_analysis.State, checkpoint.State);
        return (null, true);
    }

    // What nothing that follows reads does not matter. This is known once every path is walked.
    private void Clean(Checkpoint checkpoint)
    {
        if (checkpoint.OpenPaths > 0 || checkpoint.IsCleaned || _analysis.Loops.IsOpen(checkpoint.State))
            return;
        checkpoint.IsCleaned = true;
        var state = checkpoint.State;
        for (var index = 0; index < state.Frames.Count; index++)
        {
            var frame = state.Frames[index];
            var live = _analysis.Liveness.Before(state.SlotOf(index));
            for (var register = 0; register < Register.Frame; register++)
                if ((live >> register & 1) == 0)
                    frame.Registers[register] = RegisterState.Uninitialised;
            for (var slot = 0; slot < frame.StackSlots; slot++)
                if (!_analysis.StackLiveness.IsAlive(state, index, slot))
                    frame.Slot(slot) = default;
        }
    }

    // States that never help only cost comparisons.
    private static void Miss(List<Checkpoint> earlier, int index, bool callsBack, bool counts)
    {
        var checkpoint = earlier[index];
        if (counts)
            checkpoint.Misses++;
        var perHit = (callsBack, checkpoint.OpenPaths > 0) switch
        {
            (true, true) => MissesPerHitInCallback,
            (true, false) => MissesPerHitBehindCallback,
            _ => MissesPerHit,
        };
        if (checkpoint.Misses > checkpoint.Hits * perHit + perHit)
            earlier.RemoveAt(index);
    }

    private void Keep(List<Checkpoint> earlier, int instructions)
    {
        var state = _analysis.State;
        // What was precise before need not be so from here on; what is will be marked again.
        state.Rewrite(register => register.IsPrecise ? register with { IsPrecise = false } : register);
        if (_analysis.Request.Behaviour.UntiesSingleNumbers)
            Ties.DropSingle(state, _idCounts);
        var checkpoint = new Checkpoint(state.Clone());
        _analysis.Loops.Enter(checkpoint);
        state.Parent = checkpoint;
        state.FirstSlot = _analysis.Slot;
        state.Depth++;
        state.History.Clear();
        earlier.Add(checkpoint);
        Total++;
        _jumpsAtLast = Jumps;
        _instructionsAtLast = instructions;
    }
}
