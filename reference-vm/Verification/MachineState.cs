using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Verification;

/// <summary>A lock that is held: the id of the map value it was taken through, and its map.</summary>
internal readonly record struct HeldLock(int Id, Map Map);

/// <summary>Everything known at one point of one path: the call chain, and what is held.</summary>
internal sealed class MachineState
{
    public MachineState(List<Frame> frames) => Frames = frames;

    public List<Frame> Frames { get; }

    public HeldLock? Lock { get; set; }

    /// <summary>The checkpoint this path passed last.</summary>
    public Checkpoint? Parent { get; set; }

    /// <summary>How often callbacks have returned on this path.</summary>
    public int CallbackReturns { get; set; }

    /// <summary>Whether the last step was a callback's return to the helper call.</summary>
    public bool ReturnedFromCallback { get; set; }

    /// <summary>Jumps taken since the last checkpoint.</summary>
    public int Jumps { get; set; }

    public Frame Top => Frames[^1];

    public ref RegisterState this[int register] => ref Top.Registers[register];

    public static MachineState Initial()
    {
        var main = new Frame(0, -1);
        main.Registers[Register.FirstArgument] = RegisterState.Pointer(RegisterType.Context);
        main.Registers[Register.Frame] = RegisterState.Pointer(RegisterType.Stack);
        return new MachineState([main]);
    }

    public MachineState Clone() =>
        new(Frames.ConvertAll(frame => frame.Clone()))
        {
            Lock = Lock,
            Parent = Parent,
            CallbackReturns = CallbackReturns,
            ReturnedFromCallback = ReturnedFromCallback,
            Jumps = Jumps,
        };

    /// <summary>Changes every register and every spilled register, in all frames.</summary>
    public void Rewrite(Func<RegisterState, RegisterState> change)
    {
        foreach (var frame in Frames)
        {
            for (var register = 0; register < Register.Count; register++)
                frame.Registers[register] = change(frame.Registers[register]);
            for (var index = 0; index < frame.StackSlots; index++)
            {
                ref var slot = ref frame.Slot(index);
                if (slot.HoldsSpill)
                    slot = slot with { Spill = change(slot.Spill) };
            }
        }
    }
}

/// <summary>A state that was passed at a slot, kept to compare later ones with.</summary>
internal sealed class Checkpoint
{
    public Checkpoint(MachineState state, int slot, Checkpoint? parent)
    {
        State = state;
        Slot = slot;
        Parent = parent;
    }

    public MachineState State { get; }

    public int Slot { get; }

    public Checkpoint? Parent { get; }

    /// <summary>Paths through this state that are not walked to their end yet. While there are any, it proves nothing.</summary>
    public int OpenPaths { get; set; } = 1;

    public int Hits { get; set; }

    public int Misses { get; set; }
}
