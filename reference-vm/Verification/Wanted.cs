namespace Conformance.ReferenceVm.Verification;

/// <summary>Registers and stack slots of a call chain whose numbers are being traced backwards, as bit masks by frame.</summary>
internal sealed class Wanted
{
    private readonly ushort[] _registers;
    private readonly ulong[] _stackSlots;

    public Wanted(int frames)
    {
        _registers = new ushort[frames];
        _stackSlots = new ulong[frames];
    }

    /// <summary>The innermost frame at the point reached.</summary>
    public int Frame { get; private set; }

    public bool IsEmpty
    {
        get
        {
            for (var frame = 0; frame <= Frame; frame++)
                if (_registers[frame] != 0 || _stackSlots[frame] != 0)
                    return false;
            return true;
        }
    }

    public void Start(int frame)
    {
        Clear();
        Frame = frame;
    }

    public void Clear()
    {
        Array.Clear(_registers);
        Array.Clear(_stackSlots);
    }

    /// <summary>Goes on into the frame of a subprogram that returned; false where there are not so many frames.</summary>
    public bool Enter()
    {
        if (Frame + 1 == _registers.Length)
            return false;
        Frame++;
        return true;
    }

    /// <summary>Goes on in the caller's frame.</summary>
    public bool Leave()
    {
        if (Frame == 0)
            return false;
        Frame--;
        return true;
    }

    public uint Registers(int frame) => _registers[frame];

    public ulong StackSlots(int frame) => _stackSlots[frame];

    public bool HasRegister(int frame, int register) => (_registers[frame] >> register & 1) != 0;

    public bool HasStackSlot(int frame, int slot) => (_stackSlots[frame] >> slot & 1) != 0;

    public void AddRegister(int frame, int register) => _registers[frame] |= (ushort)(1 << register);

    public void RemoveRegister(int frame, int register) => _registers[frame] &= (ushort)~(1 << register);

    public void AddStackSlot(int frame, int slot) => _stackSlots[frame] |= 1UL << slot;

    public void RemoveStackSlot(int frame, int slot) => _stackSlots[frame] &= ~(1UL << slot);
}
