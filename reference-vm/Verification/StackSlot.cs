namespace Conformance.ReferenceVm.Verification;

/// <summary>What is known of a byte of the stack.</summary>
internal enum StackByte : byte
{
    /// <summary>Never written.</summary>
    Unwritten,

    /// <summary>Part of a spilled register, whose state the slot holds.</summary>
    Spilled,

    /// <summary>Written with something.</summary>
    Misc,

    /// <summary>Written with zero.</summary>
    Zero,
}

/// <summary>Eight aligned bytes of stack. Byte 0 has the lowest address.</summary>
/// <param name="Bytes">One <see cref="StackByte"/> per byte, byte 0 lowest.</param>
/// <param name="Spill">The register that was spilled, where bytes are <see cref="StackByte.Spilled"/>: always the lowest ones.</param>
internal readonly record struct StackSlot(ulong Bytes, RegisterState Spill)
{
    public const int Size = 8;

    private const ulong Ones = 0x0101_0101_0101_0101;

    public static ulong AllMisc => Ones * (ulong)StackByte.Misc;

    /// <summary>Whether a register is spilled here, in full or in part.</summary>
    public bool HoldsSpill => this[0] == StackByte.Spilled;

    /// <summary>How many bytes of the spilled register are stored.</summary>
    public int SpillSize
    {
        get
        {
            var size = 0;
            while (size < Size && this[size] == StackByte.Spilled)
                size++;
            return size;
        }
    }

    public StackByte this[int index] => (StackByte)(byte)(Bytes >> 8 * index);

    public StackSlot With(int index, StackByte kind) =>
        this with
        {
            Bytes = Bytes & ~(0xffUL << 8 * index) | (ulong)kind << 8 * index,
        };

    /// <summary>Stores the low bytes of a register from byte 0 on.</summary>
    public StackSlot WithSpill(in RegisterState register, int size, bool unwrittenStaysUnwritten)
    {
        var slot = this with { Spill = register };
        for (var index = 0; index < Size; index++)
        {
            if (index < size)
                slot = slot.With(index, StackByte.Spilled);
            else if (slot[index] != StackByte.Zero && !(unwrittenStaysUnwritten && slot[index] == StackByte.Unwritten))
                slot = slot.With(index, StackByte.Misc);
        }
        return slot;
    }

    /// <summary>Forgets the spilled register: its bytes are merely something.</summary>
    public StackSlot WithoutSpill()
    {
        var slot = this with { Spill = default };
        for (var index = 0; index < Size; index++)
            if (slot[index] == StackByte.Spilled)
                slot = slot.With(index, StackByte.Misc);
        return slot;
    }
}
