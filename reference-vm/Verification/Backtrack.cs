using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>One step backwards over an instruction: from what is wanted behind it to what is wanted before it.</summary>
/// <remarks>
/// It departs from Linux in one thing, where Linux is unsound (seen on 6.18.44, and in the source up to 7.3). How often bpf_loop calls back
/// is a conclusion from the caller's R1, drawn anew whenever the callback returns; Linux stops tracing R1 to R5 there, as if the helper set
/// the caller's registers and not the callback's. A checkpoint within the callback then lacks the mark, and covers a state with more
/// iterations to come: what they count is never seen, and may lead out of any object.
/// </remarks>
internal readonly struct Backtrack
{
    private const uint Arguments = 0b11_1110;

    private readonly Analysis _analysis;
    private readonly Wanted _wanted;

    public Backtrack(Analysis analysis, Wanted wanted)
    {
        _analysis = analysis;
        _wanted = wanted;
    }

    /// <summary>
    /// Steps over the instruction at a slot, which was followed by that at <paramref name="following"/>; false where that cannot be
    /// traced.
    /// </summary>
    public bool Step(int slot, int following, HistoryEntry? entry)
    {
        var instruction = _analysis.Code[slot];
        // The second slot of a 64-bit immediate.
        if (instruction.Opcode == 0)
            return true;
        AddLinked(entry);
        var traced = Opcode.ClassOf(instruction.Opcode) switch
        {
            InstructionClass.Alu or InstructionClass.Alu64 => Arithmetic(instruction),
            InstructionClass.Load => LoadImmediate(instruction),
            InstructionClass.LoadRegister => Fill(instruction.Dst, entry),
            InstructionClass.Store => Spill(instruction, entry),
            InstructionClass.StoreRegister => StoreRegister(instruction, entry),
            _ => Jump(instruction, slot, following, entry),
        };
        AddLinked(entry);
        return traced;
    }

    private bool Has(int register) => _wanted.HasRegister(_wanted.Frame, register);

    private void Add(int register)
    {
        if (register != Register.Frame)
            _wanted.AddRegister(_wanted.Frame, register);
    }

    private void Remove(int register) => _wanted.RemoveRegister(_wanted.Frame, register);

    // What one of several tied registers learned, the others learned from it.
    private void AddLinked(HistoryEntry? entry)
    {
        if (entry is not { Linked: { Count: > 0 } linked })
            return;
        var isWanted = false;
        for (var index = 0; index < linked.Count; index++)
        {
            var place = linked[index];
            isWanted |= place.IsSpilled
                ? _wanted.HasStackSlot(place.Frame, place.Index)
                : _wanted.HasRegister(place.Frame, place.Index);
        }
        for (var index = 0; isWanted && index < linked.Count; index++)
        {
            if (linked[index].IsSpilled)
                _wanted.AddStackSlot(linked[index].Frame, linked[index].Index);
            else
                _wanted.AddRegister(linked[index].Frame, linked[index].Index);
        }
    }

    private bool Arithmetic(Instruction instruction)
    {
        var operation = Opcode.AluOperationOf(instruction.Opcode);
        if (!Has(instruction.Dst) || operation is AluOperation.ByteSwap or AluOperation.Negate)
            return true;
        if (operation == AluOperation.Move)
            Remove(instruction.Dst);
        if (Opcode.SourceOf(instruction.Opcode) == OperandSource.Register)
            Add(instruction.Src);
        return true;
    }

    private bool LoadImmediate(Instruction instruction)
    {
        if (instruction.Opcode == Opcode.LoadImmediate64)
            Remove(instruction.Dst);
        else
            Remove(Register.Result);
        return true;
    }

    // Only the stack keeps what is known of a number.
    private bool Fill(int register, HistoryEntry? entry)
    {
        if (!Has(register))
            return true;
        Remove(register);
        if (entry is { MovesSpill: true } from)
            _wanted.AddStackSlot(from.Frame, from.StackSlot);
        return true;
    }

    private bool Spill(Instruction instruction, HistoryEntry? entry)
    {
        // An address that is a number comes of the difference of two pointers.
        if (Has(instruction.Dst))
            return false;
        if (entry is not { MovesSpill: true } to || !_wanted.HasStackSlot(to.Frame, to.StackSlot))
            return true;
        _wanted.RemoveStackSlot(to.Frame, to.StackSlot);
        if (Opcode.ClassOf(instruction.Opcode) == InstructionClass.StoreRegister)
            Add(instruction.Src);
        return true;
    }

    private bool StoreRegister(Instruction instruction, HistoryEntry? entry)
    {
        if (!Opcode.IsAtomic(instruction.Opcode))
            return Spill(instruction, entry);
        switch ((AtomicOperation)instruction.Imm)
        {
            case AtomicOperation.LoadAcquire:
                return Fill(instruction.Dst, entry);
            case AtomicOperation.StoreRelease:
                return Spill(instruction, entry);
            case AtomicOperation.CompareExchange:
                return Fetch(Register.Result, entry);
            default:
                return (instruction.Imm & (int)AtomicOperation.Fetch) != 0
                    ? Fetch(instruction.Src, entry)
                    : Spill(instruction, entry);
        }
    }

    // Where the fetch is not traced, what the register held before counts as well.
    private bool Fetch(int register, HistoryEntry? entry)
    {
        var wasWanted = Has(register);
        Fill(register, entry);
        if (wasWanted && !_analysis.Request.Behaviour.TracesAtomicFetches)
            Add(register);
        return true;
    }

    private bool Jump(Instruction instruction, int slot, int following, HistoryEntry? entry)
    {
        switch (Opcode.JumpOperationOf(instruction.Opcode))
        {
            case JumpOperation.Always:
                return true;
            case JumpOperation.Exit:
                return Return(following);
            case JumpOperation.Call
                when Subprograms.IsLocalCall(instruction)
                    && !_analysis.GlobalFunctions.Contains(Subprograms.Target(instruction, slot)):
                return LocalCall();
            case JumpOperation.Call when _analysis.Flow.CallsBack(slot) && following != slot + 1:
                return Callback();
            case JumpOperation.Call:
                Remove(Register.Result);
                if ((_wanted.Registers(_wanted.Frame) & Arguments) != 0)
                    return false;
                var leaves = instruction.Imm == (int)HelperId.TailCall && following != slot + 1;
                return !leaves || _wanted.Enter();
            default:
                Compare(instruction, entry);
                return true;
        }
    }

    // The way is the same if either side is what it was.
    private void Compare(Instruction instruction, HistoryEntry? entry)
    {
        if (Opcode.SourceOf(instruction.Opcode) != OperandSource.Register)
            return;
        if (!Has(instruction.Dst) && !Has(instruction.Src))
            return;
        if (entry is not { SourceIsStack: true })
            Add(instruction.Src);
        if (entry is not { DestinationIsStack: true })
            Add(instruction.Dst);
    }

    // Backwards over a call is out of the subprogram: its arguments are the caller's registers.
    private bool LocalCall()
    {
        var frame = _wanted.Frame;
        var registers = _wanted.Registers(frame);
        if ((registers & ~Arguments) != 0 || _wanted.StackSlots(frame) != 0 || !_wanted.Leave())
            return false;
        for (int register = Register.FirstArgument; register <= Register.LastArgument; register++)
        {
            if ((registers >> register & 1) == 0)
                continue;
            _wanted.RemoveRegister(frame, register);
            _wanted.AddRegister(frame - 1, register);
        }
        return true;
    }

    // A callback's arguments are the helper's, not the caller's.
    private bool Callback()
    {
        var frame = _wanted.Frame;
        if ((_wanted.Registers(frame) & ~Arguments) != 0 || _wanted.StackSlots(frame) != 0 || !_wanted.Leave())
            return false;
        RemoveArguments(frame);
        return true;
    }

    // Backwards over an exit is into the subprogram that returned. A callback's result is not its caller's R0, but what the helper was
    // called with is still in the caller's registers.
    private bool Return(int following)
    {
        var fromCallback = following >= 0 && _analysis.Flow.CallsBack(following);
        if (!fromCallback && (_wanted.Registers(_wanted.Frame) & Arguments) != 0)
            return false;
        var wantsResult =
            following > 0 && Subprograms.IsLocalCall(_analysis.Code[following - 1]) && Has(Register.Result);
        Remove(Register.Result);
        if (!_wanted.Enter())
            return false;
        if (wantsResult)
            Add(Register.Result);
        return true;
    }

    private void RemoveArguments(int frame)
    {
        for (int register = Register.FirstArgument; register <= Register.LastArgument; register++)
            _wanted.RemoveRegister(frame, register);
    }
}
