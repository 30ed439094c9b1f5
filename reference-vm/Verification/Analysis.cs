using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// What all steps of one verification share: the program, where the walk stands, and what was found out on the way.
/// </summary>
internal sealed class Analysis
{
    // BPF_F_STRICT_ALIGNMENT and BPF_F_TEST_STATE_FREQ.
    private const uint StrictAlignmentFlag = 1;
    private const uint TestStateFrequencyFlag = 8;

    private readonly Stack<MachineState> _pending = new();
    private readonly RegisterType[] _accessedTypes;
    private readonly Dictionary<int, int> _stackDepths = [];
    private int _ids;
    private bool _isRecorded;

    public Analysis(LoadRequest request, Subprograms subprograms, MapReferences maps, ControlFlow flow)
    {
        Request = request;
        Subprograms = subprograms;
        Maps = maps;
        Flow = flow;
        Code = request.Instructions;
        Resolved = (Instruction[])Code.Clone();
        Liveness = Liveness.Of(Code);
        StackLiveness = new StackLiveness(this);
        Precision = new Precision(this);
        Loops = new Loops(this);
        GlobalFunctions = new GlobalFunctions(this);
        Checkpoints = new Checkpoints(this);
        State = MachineState.Initial(StackLiveness.Main);
        Walked = new bool[Code.Length];
        _accessedTypes = new RegisterType[Code.Length];
        Log = new VerifierLog(request.LogLevel);
    }

    public LoadRequest Request { get; }

    public Subprograms Subprograms { get; }

    public MapReferences Maps { get; }

    public ControlFlow Flow { get; }

    public Liveness Liveness { get; }

    public StackLiveness StackLiveness { get; }

    public Precision Precision { get; }

    public Loops Loops { get; }

    public GlobalFunctions GlobalFunctions { get; }

    public Checkpoints Checkpoints { get; }

    public VerifierLog Log { get; }

    public Instruction[] Code { get; }

    /// <summary>The slots as they will run.</summary>
    public Instruction[] Resolved { get; }

    /// <summary>Slots that some path reached. The others are dead code and were not verified.</summary>
    public bool[] Walked { get; }

    /// <summary>The callback of each bpf_loop by the call's slot; -1 where its flags are not known to be zero, or its callback is not always the same.</summary>
    public Dictionary<int, int> LoopCallbacks { get; } = [];

    public MachineState State { get; private set; }

    /// <summary>The slot being walked.</summary>
    public int Slot { get; private set; }

    /// <summary>The slot walked before it on this path; -1 at the start.</summary>
    public int PreviousSlot { get; private set; } = -1;

    /// <summary>Whether some path returns a value that ties the program to its expected attach type.</summary>
    public bool TiedToExpected { get; set; }

    public Instruction Instruction => Code[Slot];

    public bool CanLeakPointers => Request.CanLeakPointers;

    public bool StrictAlignment => (Request.Flags & StrictAlignmentFlag) != 0;

    public bool TestStateFrequency => (Request.Flags & TestStateFrequencyFlag) != 0;

    /// <summary>Calls that paths went through: from which subprogram into which, both by their first slots.</summary>
    public HashSet<(int From, int To)> Calls { get; } = [];

    public int PendingPaths => _pending.Count;

    public int NewId() => ++_ids;

    /// <summary>Stack bytes a subprogram, named by its first slot, was seen to use.</summary>
    public int StackDepth(int subprogram) => _stackDepths.GetValueOrDefault(subprogram);

    public void UseStack(int subprogram, int depth) =>
        _stackDepths[subprogram] = Math.Max(depth, StackDepth(subprogram));

    /// <summary>Leaves a path that goes on from the slot at hand to another for later. The state must not be shared.</summary>
    public void Push(MachineState state, int slot)
    {
        if (state.Parent is { } parent)
            parent.OpenPaths++;
        (state.LastSlot, state.Slot) = (Slot, slot);
        _pending.Push(state);
    }

    /// <summary>The state in which the path at hand came by a slot before, where it was kept.</summary>
    public MachineState? EarlierAt(int slot) => Checkpoints.EarlierAt(slot);

    /// <summary>Begins anew at a slot, all paths so far having ended.</summary>
    public void Begin(MachineState state, int slot)
    {
        State = state;
        (PreviousSlot, Slot) = (-1, slot);
    }

    /// <summary>Begins a step of the path at hand.</summary>
    public void BeginStep()
    {
        (State.LastSlot, State.Slot) = (PreviousSlot, Slot);
        _isRecorded = false;
        StackLiveness.Begin();
    }

    /// <summary>Goes on to another slot.</summary>
    public void GoTo(int slot) => (PreviousSlot, Slot) = (Slot, slot);

    /// <summary>Ends the path at hand and takes up the one left last; false where none is left.</summary>
    public bool EndPath()
    {
        StackLiveness.Update(State);
        var checkpoint = State.Parent;
        while (checkpoint is not null && --checkpoint.OpenPaths == 0)
        {
            Loops.Leave(checkpoint);
            checkpoint = checkpoint.State.Parent;
        }
        if (!_pending.TryPop(out var next))
            return false;
        State = next;
        (PreviousSlot, Slot) = (next.LastSlot, next.Slot);
        return true;
    }

    /// <summary>Remembers how the slot was reached, where that is not simply from the one before it.</summary>
    public void RecordJump()
    {
        if (Flow.IsJumpTarget(Slot))
            Entry();
    }

    /// <summary>Remembers that the instruction spills or fills a stack slot.</summary>
    public void RecordSpill(int frame, int stackSlot)
    {
        ref var entry = ref Entry();
        entry = entry with { MovesSpill = true, Frame = frame, StackSlot = stackSlot };
    }

    /// <summary>Remembers which sides of the comparison at hand are stack pointers.</summary>
    public void RecordStackPointers(bool source, bool destination)
    {
        if (!source && !destination)
            return;
        ref var entry = ref Entry();
        entry = entry with { SourceIsStack = source, DestinationIsStack = destination };
    }

    /// <summary>Remembers which registers learn from the comparison at hand.</summary>
    public void RecordLinked(LinkedRegisters linked)
    {
        if (linked.Count <= 1)
            return;
        ref var entry = ref Entry();
        entry = entry with { Linked = linked };
    }

    private ref HistoryEntry Entry()
    {
        var history = State.History;
        if (!_isRecorded)
            history.Add(new HistoryEntry(Slot, PreviousSlot));
        _isRecorded = true;
        return ref history[history.Count - 1];
    }

    /// <summary>Notes through what type of pointer the instruction at hand goes; some types bear no other beside them.</summary>
    public Refusal? NoteAccess(RegisterType type)
    {
        ref var noted = ref _accessedTypes[Slot];
        if (noted == RegisterType.Uninitialised)
            noted = type;
        return noted != type && (noted.MustBeAlone() || type.MustBeAlone())
            ? Refusal.Invalid("same insn cannot be used with different pointers")
            : null;
    }

    /// <summary>Whether a register's pointer would become visible as a number, and may not.</summary>
    public bool WouldLeak(int register) => !CanLeakPointers && State[register].IsPointer;

    /// <summary>Demands that a register exists and was written.</summary>
    public Refusal? Read(int register)
    {
        if (register >= Register.Count)
            return Refusal.Invalid($"R{register} is invalid");
        return State[register].IsInitialised ? null : Refusal.Access($"R{register} !read_ok");
    }

    /// <summary>Demands that a register exists and may be written.</summary>
    public static Refusal? Write(int register)
    {
        if (register >= Register.Count)
            return Refusal.Invalid($"R{register} is invalid");
        return register == Register.Frame ? Refusal.Access("frame pointer is read only") : null;
    }
}
