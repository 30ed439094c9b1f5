using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// One subprogram as called by one chain of calls, and what its instructions do to the stack slots of each frame of the chain. Sets of
/// stack slots are bit masks.
/// </summary>
internal sealed class FunctionInstance
{
    private readonly int _end;
    private readonly FunctionInstance? _outer;
    private readonly int _callSite;
    private readonly Dictionary<(int CallSite, int Start), FunctionInstance> _callees = [];
    private readonly Masks[]?[] _frames;
    private readonly bool[] _wasWritten;
    private bool _isStale;
    private bool _hasLostWrites;

    public FunctionInstance(int start, int end, FunctionInstance? outer, int callSite)
    {
        Start = start;
        _end = end;
        _outer = outer;
        _callSite = callSite;
        _frames = new Masks[]?[(outer?._frames.Length ?? 0) + 1];
        _wasWritten = new bool[end - start];
    }

    /// <summary>First slot.</summary>
    public int Start { get; }

    public FunctionInstance Callee(int callSite, int start, int end)
    {
        if (!_callees.TryGetValue((callSite, start), out var callee))
            _callees[(callSite, start)] = callee = new FunctionInstance(start, end, this, callSite);
        return callee;
    }

    public bool IsAlive(int frame, int slot, int stackSlot) =>
        _frames[frame] is { } masks && slot < _end && (masks[slot - Start].Live >> stackSlot & 1) != 0;

    public void AddRead(int frame, int slot, ulong mask)
    {
        ref var masks = ref MasksOf(frame, slot);
        if ((masks.Reads | mask) != masks.Reads && (masks.Reads | mask | masks.Live) != masks.Live)
            _isStale = true;
        masks.Reads |= mask;
    }

    /// <summary>Adds what one visit wrote, by frame: written for certain is what every visit wrote.</summary>
    public void AddWrites(int slot, ReadOnlySpan<ulong> written)
    {
        ref var seen = ref _wasWritten[slot - Start];
        for (var frame = 0; frame < _frames.Length; frame++)
        {
            var mask = written[frame];
            if (mask == 0 && !seen)
                continue;
            ref var masks = ref MasksOf(frame, slot);
            if (seen)
                mask &= masks.Writes;
            _isStale |= masks.Writes != mask;
            _hasLostWrites |= (masks.Writes & ~mask) != 0;
            masks.Writes = mask;
        }
        seen = true;
    }

    /// <summary>Computes anew what is live, and tells the caller what the subprogram does to its frames.</summary>
    public void Update(Instruction[] code, int depth)
    {
        if (!_isStale)
            return;
        if (_hasLostWrites)
            ForgetWritesToCome();
        bool changed;
        do
        {
            changed = false;
            for (var frame = 0; frame <= depth; frame++)
                if (_frames[frame] is { } masks)
                    for (var slot = _end - 1; slot >= Start; slot--)
                        changed |= Update(code, masks, slot);
        } while (changed);
        if (_outer is not null)
            TellCaller(_outer);
        _isStale = _hasLostWrites = false;
    }

    private void ForgetWritesToCome()
    {
        foreach (var masks in _frames)
            for (var index = 0; index < masks?.Length; index++)
                masks[index].WritesToCome = 0;
    }

    private bool Update(Instruction[] code, Masks[] all, int slot)
    {
        ulong live = 0;
        var toCome = ulong.MaxValue;
        var next = slot + EncodingRules.SlotsAt(code, slot);
        var (falls, jumps) = Ways(code[slot]);
        if (falls && next < _end)
        {
            live |= all[next - Start].Live;
            toCome &= all[next - Start].WritesToCome;
        }
        if (jumps)
        {
            ref var target = ref all[Subprograms.JumpTarget(code[slot], slot) - Start];
            live |= target.Live;
            toCome &= target.WritesToCome;
        }
        if (!falls && !jumps)
            return false;
        ref var masks = ref all[slot - Start];
        live = live & ~masks.Writes | masks.Reads;
        toCome |= masks.Writes;
        var changed = live != masks.Live || toCome != masks.WritesToCome;
        (masks.Live, masks.WritesToCome) = (live, toCome);
        return changed;
    }

    private static (bool Falls, bool Jumps) Ways(Instruction instruction)
    {
        if (!Opcode.IsJumpClass(instruction.Opcode))
            return (true, false);
        return Opcode.JumpOperationOf(instruction.Opcode) switch
        {
            JumpOperation.Exit => (false, false),
            JumpOperation.Call => (true, false),
            JumpOperation.Always => (false, true),
            _ => (true, true),
        };
    }

    private void TellCaller(FunctionInstance outer)
    {
        Span<ulong> written = stackalloc ulong[outer._frames.Length];
        for (var frame = 0; frame < outer._frames.Length; frame++)
        {
            if (_frames[frame] is not { } masks)
                continue;
            written[frame] = masks[0].WritesToCome;
            outer.AddRead(frame, _callSite, masks[0].Live);
        }
        outer.AddWrites(_callSite, written);
    }

    private ref Masks MasksOf(int frame, int slot)
    {
        var masks = _frames[frame] ??= new Masks[_end - Start];
        return ref masks[slot - Start];
    }

    private struct Masks
    {
        /// <summary>What some visit of the instruction reads.</summary>
        public ulong Reads;

        /// <summary>What every visit of it writes.</summary>
        public ulong Writes;

        /// <summary>What is written for certain by it and what follows.</summary>
        public ulong WritesToCome;

        /// <summary>What may be read by it or what follows.</summary>
        public ulong Live;
    }
}
