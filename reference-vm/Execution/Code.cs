using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// A program decoded for the interpreter. Every slot of the bytecode has one here with the same index, so that a jump anywhere
/// finds something to execute; behind them stand traps for jumps that leave the program.
/// </summary>
internal sealed unsafe class Code
{
    // Pinned, so that the interpreter can hold a pointer: runs keep this object alive.
    private readonly Slot[] _slots;
    private readonly string[] _traps;

    public Code(Instruction[] source, Slot[] slots, string[] traps)
    {
        Source = source;
        _slots = slots;
        _traps = traps;
        fixed (Slot* first = slots)
        {
            First = first;
        }
    }

    /// <summary>What was decoded.</summary>
    public Instruction[] Source { get; }

    /// <summary>The first slot.</summary>
    public Slot* First { get; }

    /// <summary>Slots of the bytecode; more are decoded.</summary>
    public int Length => Source.Length;

    /// <summary>Why this slot traps.</summary>
    public string TrapMessage(Slot* slot) => _traps[(int)slot->Immediate];

    /// <summary>The index of a slot in the bytecode; for a jump that left the program, the jump's.</summary>
    public int IndexOf(Slot* slot)
    {
        var index = (int)(slot - First);
        return index < Length ? index : slot->Offset;
    }
}
