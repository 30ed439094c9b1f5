namespace Conformance.ReferenceVm.Verification;

/// <summary>Something remembered of one step of a path, so that the path can be followed backwards.</summary>
/// <param name="Slot">The slot stepped to.</param>
/// <param name="Previous">The slot it was reached from.</param>
internal readonly record struct HistoryEntry(int Slot, int Previous)
{
    /// <summary>Whether the instruction spilled a register, or filled one.</summary>
    public bool MovesSpill { get; init; }

    /// <summary>Where: the frame.</summary>
    public int Frame { get; init; }

    /// <summary>Where: the index of the stack slot.</summary>
    public int StackSlot { get; init; }

    /// <summary>Whether a comparison's right side is a stack pointer, which has no number to be traced.</summary>
    public bool SourceIsStack { get; init; }

    /// <summary>The same of the left side.</summary>
    public bool DestinationIsStack { get; init; }

    /// <summary>Registers that learned from a comparison because they were tied.</summary>
    public LinkedRegisters Linked { get; init; }
}

/// <summary>The steps of a path since its last checkpoint that do not simply lead from one slot to the next.</summary>
internal sealed class History
{
    private HistoryEntry[] _entries;

    public History() => _entries = [];

    private History(HistoryEntry[] entries, int count)
    {
        _entries = entries;
        Count = count;
    }

    public int Count { get; private set; }

    public ref HistoryEntry this[int index] => ref _entries[index];

    public void Add(in HistoryEntry entry)
    {
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Math.Max(8, 2 * Count));
        _entries[Count++] = entry;
    }

    public void Clear() => Count = 0;

    public History Clone() => new(_entries.AsSpan(0, Count).ToArray(), Count);

    /// <summary>The entry of a slot, where it is the last of the first <paramref name="count"/>.</summary>
    public HistoryEntry? LastOf(int count, int slot) =>
        count > 0 && _entries[count - 1].Slot == slot ? _entries[count - 1] : null;

    /// <summary>
    /// The slot before one, counting off entries; -1 at the start of the path. A slot may be passed several times, so the first
    /// slot alone does not end the walk.
    /// </summary>
    public int Before(int slot, int first, ref int count)
    {
        var isLast = count > 0 && _entries[count - 1].Slot == slot;
        if (slot == first && (count == 0 || count == 1 && isLast))
            return -1;
        return isLast ? _entries[--count].Previous : slot - 1;
    }
}
