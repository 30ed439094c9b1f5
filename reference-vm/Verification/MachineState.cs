using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Verification;

/// <summary>A lock that is held: the id of the map value it was taken through, and its map.</summary>
internal readonly record struct HeldLock(int Id, Map Map);

/// <summary>Everything known at one point of one path: the call chain, what is held, and how the point was reached.</summary>
internal sealed class MachineState
{
    public MachineState(List<Frame> frames, History history)
    {
        Frames = frames;
        History = history;
    }

    public List<Frame> Frames { get; }

    public HeldLock? Lock { get; set; }

    /// <summary>The checkpoint this path passed last.</summary>
    public Checkpoint? Parent { get; set; }

    /// <summary>How the path went on from there.</summary>
    public History History { get; }

    /// <summary>Slot of the last checkpoint, where this part of the path begins.</summary>
    public int FirstSlot { get; set; }

    /// <summary>Slot before the one reached; -1 at the program's start.</summary>
    public int LastSlot { get; set; } = -1;

    /// <summary>The slot reached.</summary>
    public int Slot { get; set; }

    /// <summary>Number of checkpoints on the way here.</summary>
    public int Depth { get; set; }

    /// <summary>How many iterations of callbacks were begun on this path.</summary>
    public int Iterations { get; set; }

    public Frame Top => Frames[^1];

    public ref RegisterState this[int register] => ref Top.Registers[register];

    public static MachineState Initial(FunctionInstance instance)
    {
        var main = new Frame(0, -1, instance);
        main.Registers[Register.FirstArgument] = RegisterState.Pointer(RegisterType.Context);
        main.Registers[Register.Frame] = RegisterState.Pointer(RegisterType.Stack);
        return new MachineState([main], new History());
    }

    public ref RegisterState At(in RegisterPlace place)
    {
        var frame = Frames[place.Frame];
        return ref place.IsSpilled ? ref frame.Spill(place.Index) : ref frame.Registers[place.Index];
    }

    /// <summary>Slot at which a frame stands: the slot reached, or the call that made the next frame.</summary>
    public int SlotOf(int frame) => frame == Frames.Count - 1 ? Slot : Frames[frame + 1].CallSite;

    public MachineState Clone() =>
        new(Frames.ConvertAll(frame => frame.Clone()), History.Clone())
        {
            Lock = Lock,
            Parent = Parent,
            FirstSlot = FirstSlot,
            LastSlot = LastSlot,
            Slot = Slot,
            Depth = Depth,
            Iterations = Iterations,
        };

    /// <summary>Changes every register and every spilled register, in all frames.</summary>
    public void Rewrite(Func<RegisterState, RegisterState> change)
    {
        foreach (var frame in Frames)
        {
            for (var register = 0; register < Register.Count; register++)
                frame.Registers[register] = change(frame.Registers[register]);
            for (var index = 0; index < frame.StackSlots; index++)
                if (frame.Slot(index).HoldsSpill)
                    frame.Spill(index) = change(frame.Spill(index));
        }
    }
}

/// <summary>A state that was passed at a slot, kept to compare later ones with.</summary>
internal sealed class Checkpoint
{
    public Checkpoint(MachineState state) => State = state;

    public MachineState State { get; }

    /// <summary>Paths through this state that are not walked to their end yet. While there are any, it proves nothing.</summary>
    public int OpenPaths { get; set; } = 1;

    /// <summary>Whether what is dead was dropped from it.</summary>
    public bool IsCleaned { get; set; }

    public int Hits { get; set; }

    public int Misses { get; set; }
}
