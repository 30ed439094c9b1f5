using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Finds the loops of each subprogram: slots that reach each other, by Tarjan's algorithm. A helper that calls back is a loop by
/// itself.
/// </summary>
internal sealed class LoopFinder
{
    private readonly Instruction[] _code;
    private readonly ControlFlow _flow;
    private readonly int[] _order;
    private readonly int[] _low;
    private readonly bool[] _isOpen;
    private readonly int[] _loops;
    private readonly Stack<int> _open = new();
    private int _visited;
    private int _found;

    private LoopFinder(Instruction[] code, ControlFlow flow)
    {
        _code = code;
        _flow = flow;
        _order = new int[code.Length];
        _low = new int[code.Length];
        _isOpen = new bool[code.Length];
        _loops = new int[code.Length];
    }

    /// <summary>By slot: the number of the loop it is in, or 0.</summary>
    public static int[] Find(Instruction[] code, ControlFlow flow)
    {
        var finder = new LoopFinder(code, flow);
        for (var slot = 0; slot < code.Length; slot += EncodingRules.SlotsAt(code, slot))
            if (finder._order[slot] == 0)
                finder.Visit(slot);
        return finder._loops;
    }

    /// <summary>Refuses the first jump back to a place that leads to it again, as kernels did that had no loops at all.</summary>
    public static Refusal? FirstBackEdge(Instruction[] code, ControlFlow flow)
    {
        var loops = Find(code, flow);
        for (var slot = 0; slot < code.Length; slot += EncodingRules.SlotsAt(code, slot))
        {
            var opcode = code[slot].Opcode;
            if (loops[slot] == 0 || !Opcode.IsGoto(opcode) && !Opcode.IsConditionalJump(opcode))
                continue;
            var target = Subprograms.JumpTarget(code[slot], slot);
            if (target <= slot && loops[target] == loops[slot])
                return Refusal.Invalid($"back-edge from insn {slot} to {target}", slot);
        }
        return null;
    }

    private void Visit(int root)
    {
        var path = new Stack<(int Slot, int Way)>();
        Open(root, path);
        while (path.TryPop(out var step))
        {
            var (slot, way) = step;
            if (way < 2)
            {
                path.Push((slot, way + 1));
                if (Successor(slot, way) is not { } next)
                    continue;
                if (_order[next] == 0)
                    Open(next, path);
                else if (_isOpen[next])
                    _low[slot] = Math.Min(_low[slot], _order[next]);
                continue;
            }
            if (_low[slot] == _order[slot])
                Close(slot);
            if (path.TryPeek(out var before))
                _low[before.Slot] = Math.Min(_low[before.Slot], _low[slot]);
        }
    }

    private void Open(int slot, Stack<(int Slot, int Way)> path)
    {
        _order[slot] = _low[slot] = ++_visited;
        _isOpen[slot] = true;
        _open.Push(slot);
        path.Push((slot, 0));
    }

    private void Close(int slot)
    {
        var isLoop =
            _open.Peek() != slot || Successor(slot, 0) == slot || Successor(slot, 1) == slot || _flow.CallsBack(slot);
        var loop = isLoop ? ++_found : 0;
        int member;
        do
        {
            member = _open.Pop();
            _isOpen[member] = false;
            _loops[member] = loop;
        } while (member != slot);
    }

    // Way 0 falls through, way 1 jumps.
    private int? Successor(int slot, int way)
    {
        var instruction = _code[slot];
        var operation = Opcode.IsJumpClass(instruction.Opcode)
            ? Opcode.JumpOperationOf(instruction.Opcode)
            : JumpOperation.Call;
        var next = slot + EncodingRules.SlotsAt(_code, slot);
        return (way, operation) switch
        {
            (_, JumpOperation.Exit) => null,
            (0, JumpOperation.Always) => null,
            (0, _) => next < _code.Length ? next : null,
            (_, JumpOperation.Call) => null,
            _ => Subprograms.JumpTarget(instruction, slot),
        };
    }
}
