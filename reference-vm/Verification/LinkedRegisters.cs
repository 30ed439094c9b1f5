namespace Conformance.ReferenceVm.Verification;

/// <summary>A register, or a spilled one, of some frame.</summary>
internal readonly record struct RegisterPlace(int Frame, int Index, bool IsSpilled);

/// <summary>A few registers tied to each other.</summary>
internal readonly struct LinkedRegisters
{
    // LINKED_REGS_MAX. What is tied beyond it is untied.
    public const int Capacity = 6;

    private const int Bits = 10;
    private const int FrameBits = 3;
    private const int IndexBits = 6;

    private readonly ulong _packed;

    private LinkedRegisters(ulong packed, int count)
    {
        _packed = packed;
        Count = count;
    }

    public int Count { get; }

    public RegisterPlace this[int index]
    {
        get
        {
            var place = (int)(_packed >> index * Bits);
            return new RegisterPlace(
                place & (1 << FrameBits) - 1,
                place >> FrameBits & (1 << IndexBits) - 1,
                (place >> FrameBits + IndexBits & 1) != 0
            );
        }
    }

    public LinkedRegisters With(RegisterPlace place)
    {
        var bits = (ulong)(place.Frame | place.Index << FrameBits | (place.IsSpilled ? 1 : 0) << FrameBits + IndexBits);
        return new LinkedRegisters(_packed | bits << Count * Bits, Count + 1);
    }
}
