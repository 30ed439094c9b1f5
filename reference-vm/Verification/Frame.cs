using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>One frame of the call chain: registers and stack.</summary>
internal sealed class Frame
{
    private StackSlot[] _stack = [];

    public Frame(int subprogram, int callSite, FunctionInstance instance)
    {
        Subprogram = subprogram;
        CallSite = callSite;
        Instance = instance;
    }

    public RegisterState[] Registers { get; } = new RegisterState[Register.Count];

    /// <summary>First slot of the subprogram that runs in this frame.</summary>
    public int Subprogram { get; }

    /// <summary>Slot of the call that made this frame; -1 for the main program.</summary>
    public int CallSite { get; }

    /// <summary>The subprogram as called by this chain of calls.</summary>
    public FunctionInstance Instance { get; }

    /// <summary>Whether a helper calls the subprogram back.</summary>
    public bool IsCallback { get; init; }

    /// <summary>How many iterations of a callback of the helper called here were begun.</summary>
    public int CallbackDepth { get; set; }

    /// <summary>Stack slots in use; slot 0 is the highest (r10 - 8).</summary>
    public int StackSlots => _stack.Length;

    public ref StackSlot Slot(int index) => ref _stack[index];

    /// <summary>The register spilled in a slot.</summary>
    public ref RegisterState Spill(int index) => ref _stack[index].Spill;

    public StackSlot SlotOrUnwritten(int index) => index < _stack.Length ? _stack[index] : default;

    public void Grow(int slots)
    {
        if (slots > _stack.Length)
            Array.Resize(ref _stack, slots);
    }

    public Frame Clone()
    {
        var clone = new Frame(Subprogram, CallSite, Instance)
        {
            IsCallback = IsCallback,
            CallbackDepth = CallbackDepth,
            _stack = (StackSlot[])_stack.Clone(),
        };
        Registers.CopyTo(clone.Registers, 0);
        return clone;
    }

    /// <summary>Index of the slot that holds the byte at an offset (negative) from the frame pointer.</summary>
    public static int SlotIndex(int offset) => (-offset - 1) / StackSlot.Size;

    /// <summary>Index of that byte in its slot.</summary>
    public static int ByteIndex(int offset) => offset & StackSlot.Size - 1;
}
