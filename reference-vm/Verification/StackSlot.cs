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
internal struct StackSlot
{
    public const int Size = 8;

    /// <summary>The register that was spilled, where bytes are <see cref="StackByte.Spilled"/>: always the lowest ones.</summary>
    public RegisterState Spill;

    /// <summary>One <see cref="StackByte"/> per byte, byte 0 lowest.</summary>
    public ulong Bytes;

    /// <summary>Whether a register is spilled here, in full or in part.</summary>
    public readonly bool HoldsSpill => this[0] == StackByte.Spilled;

    /// <summary>Whether a number is spilled here, in full or in part.</summary>
    public readonly bool HoldsNumber => HoldsSpill && Spill.IsScalar;

    /// <summary>Whether a number is spilled here in full.</summary>
    public readonly bool HoldsWholeNumber => this[Size - 1] == StackByte.Spilled && Spill.IsScalar;

    /// <summary>How many bytes of the spilled register are stored.</summary>
    public readonly int SpillSize
    {
        get
        {
            var size = 0;
            while (size < Size && this[size] == StackByte.Spilled)
                size++;
            return size;
        }
    }

    public readonly StackByte this[int index] => (StackByte)(byte)(Bytes >> 8 * index);

    public void Set(int index, StackByte kind) => Bytes = Bytes & ~(0xffUL << 8 * index) | (ulong)kind << 8 * index;

    /// <summary>Stores the low bytes of a register from byte 0 on.</summary>
    public void Store(in RegisterState register, int size, bool unwrittenStaysUnwritten)
    {
        Spill = register;
        for (var index = 0; index < Size; index++)
        {
            if (index < size)
                Set(index, StackByte.Spilled);
            else if (this[index] != StackByte.Zero && !(unwrittenStaysUnwritten && this[index] == StackByte.Unwritten))
                Set(index, StackByte.Misc);
        }
    }

    /// <summary>Forgets the spilled register: whatever was written here is merely something.</summary>
    public void DropSpill()
    {
        Spill = default;
        if (!HoldsSpill)
            return;
        for (var index = 0; index < Size; index++)
            if (this[index] != StackByte.Unwritten)
                Set(index, StackByte.Misc);
    }
}
