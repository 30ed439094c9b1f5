using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Loops that end because a state was reached again: those of callbacks. While such a loop is being walked, not all that is read
/// in it, or concluded from, is known for its states; once its every path is walked, the marks go round until none is new.
/// </summary>
internal sealed class Loops
{
    // MAX_BACKEDGE_ITERS.
    private const int MaxRounds = 64;

    private readonly Precision _precision;
    private readonly int[] _loops;
    private readonly Dictionary<(FunctionInstance Instance, int Loop), Visit> _visits = [];

    public Loops(Analysis analysis)
    {
        _precision = analysis.Precision;
        _loops = LoopFinder.Find(analysis.Code, analysis.Flow);
    }

    /// <summary>Whether marks in a state's loop are still missing.</summary>
    public bool IsOpen(MachineState state) => Find(state) is { BackEdges.Count: > 0 };

    /// <summary>Notes a new checkpoint: the first of its loop is the loop's entry.</summary>
    public void Enter(Checkpoint checkpoint)
    {
        if (Key(checkpoint.State) is not { } key)
            return;
        if (!_visits.TryGetValue(key, out var visit))
            _visits[key] = visit = new Visit();
        visit.Entry ??= checkpoint;
    }

    /// <summary>Notes that a state ends its path, being covered by one whose paths are still being walked.</summary>
    public void Add(MachineState state, MachineState covers) => Find(covers)?.BackEdges.Add((state.Clone(), covers));

    /// <summary>Completes the marks once the paths from a loop's entry are walked.</summary>
    public void Leave(Checkpoint checkpoint)
    {
        if (Find(checkpoint.State) is not { } visit || visit.Entry != checkpoint)
            return;
        visit.Entry = null;
        var changed = true;
        for (var round = 0; changed; round++)
        {
            changed = false;
            foreach (var (state, covers) in visit.BackEdges)
            {
                if (round > MaxRounds)
                    Precision.ForceAll(state);
                else
                    changed |= _precision.Propagate(covers, state);
            }
        }
        visit.BackEdges.Clear();
    }

    private Visit? Find(MachineState state) => Key(state) is { } key ? _visits.GetValueOrDefault(key) : null;

    // The outermost loop that the state, or the call it stands in, is in.
    private (FunctionInstance, int)? Key(MachineState state)
    {
        for (var frame = 0; frame < state.Frames.Count; frame++)
            if (_loops[state.SlotOf(frame)] is var loop and not 0)
                return (state.Frames[frame].Instance, loop);
        return null;
    }

    private sealed class Visit
    {
        public Checkpoint? Entry { get; set; }

        public List<(MachineState State, MachineState Covers)> BackEdges { get; } = [];
    }
}
