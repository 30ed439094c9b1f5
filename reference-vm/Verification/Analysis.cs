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

    private readonly Stack<(MachineState State, int Slot)> _pending = new();
    private readonly RegisterType[] _accessedTypes;
    private readonly Dictionary<int, int> _stackDepths = [];
    private int _ids;

    public Analysis(LoadRequest request, Subprograms subprograms, MapReferences maps, ControlFlow flow)
    {
        Request = request;
        Subprograms = subprograms;
        Maps = maps;
        Flow = flow;
        Code = request.Instructions;
        Resolved = (Instruction[])Code.Clone();
        Liveness = Liveness.Of(Code);
        Walked = new bool[Code.Length];
        _accessedTypes = new RegisterType[Code.Length];
        Log = new VerifierLog(request.LogLevel);
    }

    public LoadRequest Request { get; }

    public Subprograms Subprograms { get; }

    public MapReferences Maps { get; }

    public ControlFlow Flow { get; }

    public Liveness Liveness { get; }

    public VerifierLog Log { get; }

    public Instruction[] Code { get; }

    /// <summary>The slots as they will run.</summary>
    public Instruction[] Resolved { get; }

    /// <summary>Slots that some path reached. The others are dead code and were not verified.</summary>
    public bool[] Walked { get; }

    public MachineState State { get; private set; } = MachineState.Initial();

    /// <summary>The slot being walked.</summary>
    public int Slot { get; set; }

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

    /// <summary>Leaves a path for later. The state must not be shared.</summary>
    public void Push(MachineState state, int slot)
    {
        if (state.Parent is { } parent)
            parent.OpenPaths++;
        _pending.Push((state, slot));
    }

    /// <summary>Ends the path at hand and takes up the one left last; false where none is left.</summary>
    public bool EndPath()
    {
        var checkpoint = State.Parent;
        while (checkpoint is not null && --checkpoint.OpenPaths == 0)
            checkpoint = checkpoint.Parent;
        if (!_pending.TryPop(out var next))
            return false;
        (State, Slot) = next;
        return true;
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
