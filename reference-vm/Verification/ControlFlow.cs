using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// The graph of a program: that every slot is reachable by some path, and where paths meet, which is where the walk compares
/// states.
/// </summary>
internal sealed class ControlFlow
{
    private readonly Instruction[] _code;
    private readonly bool[] _reached;
    private readonly bool[] _prunePoints;
    private readonly bool[] _jumpTargets;
    private readonly bool[] _callbackCalls;

    private ControlFlow(Instruction[] code)
    {
        _code = code;
        _reached = new bool[code.Length];
        _prunePoints = new bool[code.Length];
        _jumpTargets = new bool[code.Length];
        _callbackCalls = new bool[code.Length];
    }

    /// <summary>Whether states are compared at a slot.</summary>
    public bool IsPrunePoint(int slot) => _prunePoints[slot];

    /// <summary>Whether a slot may be reached other than from the one before it.</summary>
    public bool IsJumpTarget(int slot) => _jumpTargets[slot];

    /// <summary>Whether the helper called at a slot calls back, so that the walk comes by again.</summary>
    public bool CallsBack(int slot) => _callbackCalls[slot];

    public static Refusal? Build(Instruction[] code, out ControlFlow flow)
    {
        flow = new ControlFlow(code);
        return flow.Walk() ?? flow.CheckReached();
    }

    private Refusal? Walk()
    {
        var pending = new Stack<int>();
        _reached[0] = true;
        pending.Push(0);
        while (pending.TryPop(out var slot))
        {
            foreach (var (next, isBranch) in Successors(slot))
            {
                if (next < 0 || next >= _code.Length)
                    return Refusal.Invalid($"jump out of range from insn {slot} to {next}", slot);
                if (isBranch)
                    _prunePoints[next] = _jumpTargets[next] = true;
                if (_reached[next])
                    continue;
                _reached[next] = true;
                pending.Push(next);
            }
        }
        return null;
    }

    private IEnumerable<(int Slot, bool IsBranch)> Successors(int slot)
    {
        var instruction = _code[slot];
        var next = slot + EncodingRules.SlotsAt(_code, slot);
        if (!Opcode.IsJumpClass(instruction.Opcode))
        {
            var refers = Subprograms.IsFunctionReference(instruction);
            if (refers)
            {
                _prunePoints[slot] = true;
                yield return (Subprograms.Target(instruction, slot), true);
            }
            yield return (next, refers);
            yield break;
        }
        switch (Opcode.JumpOperationOf(instruction.Opcode))
        {
            case JumpOperation.Exit:
                yield break;
            case JumpOperation.Call:
                if (Subprograms.IsLocalCall(instruction))
                {
                    _prunePoints[slot] = true;
                    yield return (Subprograms.Target(instruction, slot), true);
                }
                else if (instruction.Imm is (int)HelperId.Loop or (int)HelperId.ForEachMapElem)
                {
                    _prunePoints[slot] = _jumpTargets[slot] = true;
                    _callbackCalls[slot] = true;
                }
                // A call may return from elsewhere.
                yield return (next, true);
                yield break;
            case JumpOperation.Always:
                yield return (Subprograms.JumpTarget(instruction, slot), true);
                yield break;
            default:
                _prunePoints[slot] = true;
                yield return (next, false);
                yield return (Subprograms.JumpTarget(instruction, slot), true);
                yield break;
        }
    }

    private Refusal? CheckReached()
    {
        for (var slot = 0; slot < _code.Length; slot++)
        {
            if (!_reached[slot])
                return Refusal.Invalid($"unreachable insn {slot}", slot);
            if (_code[slot].Opcode != Opcode.LoadImmediate64)
                continue;
            if (_reached[slot + 1])
                return Refusal.Invalid($"jump into the middle of ldimm64 insn {slot}", slot);
            slot++;
        }
        return null;
    }
}
