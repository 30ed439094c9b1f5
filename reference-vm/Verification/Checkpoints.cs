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
    private const int MissesPerHit = 3;
    private const int MissesPerHitInCallback = 64;

    private readonly Analysis _analysis;
    private readonly Dictionary<int, List<Checkpoint>> _bySlot = [];
    private int _jumpsAtLast;
    private int _instructionsAtLast;

    public Checkpoints(Analysis analysis) => _analysis = analysis;

    /// <summary>Jumps walked so far.</summary>
    public int Jumps { get; set; }

    public int Total { get; private set; }

    public int MostAtOneSlot { get; private set; }

    /// <summary>Compares the state at hand with earlier ones; says whether the path may end here.</summary>
    public (Refusal? Refusal, bool IsCovered) Visit(int instructions)
    {
        var (slot, state) = (_analysis.Slot, _analysis.State);
        var callsBack = _analysis.Flow.CallsBack(slot);
        var forced = callsBack || _analysis.TestStateFrequency;
        var (jumps, walked) = (Jumps - _jumpsAtLast, instructions - _instructionsAtLast);
        var keeps = forced || jumps >= JumpsBetween && walked >= InstructionsBetween;
        if (!_bySlot.TryGetValue(slot, out var earlier))
            _bySlot[slot] = earlier = [];
        for (var index = earlier.Count - 1; index >= 0; index--)
        {
            var checkpoint = earlier[index];
            if (checkpoint.OpenPaths > 0)
            {
                if (CoversIteration(checkpoint, callsBack))
                    return (null, true);
                if (Repeats(checkpoint, callsBack))
                    return (Refusal.Invalid($"infinite loop detected at insn {slot}"), false);
                if (!forced && jumps < JumpsWithinLoop && walked < InstructionsWithinLoop)
                    keeps = false;
            }
            else if (StateComparison.Covers(checkpoint.State, state, slot, _analysis))
            {
                checkpoint.Hits++;
                return (null, true);
            }
            Miss(earlier, index, callsBack, keeps);
        }
        if (keeps)
            Keep(earlier, instructions);
        return (null, false);
    }

    // The callback came back to a state that its own loop was entered with: whatever follows is being walked already, and the
    // helper ends the loop.
    private bool CoversIteration(Checkpoint checkpoint, bool callsBack) =>
        callsBack
        && _analysis.State.ReturnedFromCallback
        && checkpoint.State.Top.Invocation == _analysis.State.Top.Invocation
        && StateComparison.Covers(checkpoint.State, _analysis.State, _analysis.Slot, _analysis);

    private bool Repeats(Checkpoint checkpoint, bool callsBack) =>
        !(callsBack && _analysis.State.ReturnedFromCallback)
        && checkpoint.State.CallbackReturns == _analysis.State.CallbackReturns
        && StateComparison.Same(checkpoint.State, _analysis.State, _analysis.Slot, _analysis);

    // States that never help only cost comparisons.
    private static void Miss(List<Checkpoint> earlier, int index, bool callsBack, bool counts)
    {
        var checkpoint = earlier[index];
        if (counts)
            checkpoint.Misses++;
        var perHit = callsBack && checkpoint.OpenPaths > 0 ? MissesPerHitInCallback : MissesPerHit;
        if (checkpoint.Misses > checkpoint.Hits * perHit + perHit)
            earlier.RemoveAt(index);
    }

    private void Keep(List<Checkpoint> earlier, int instructions)
    {
        var state = _analysis.State;
        var checkpoint = new Checkpoint(state.Clone(), _analysis.Slot, state.Parent);
        state.Parent = checkpoint;
        earlier.Add(checkpoint);
        Total++;
        MostAtOneSlot = Math.Max(MostAtOneSlot, earlier.Count);
        _jumpsAtLast = Jumps;
        _instructionsAtLast = instructions;
    }
}
