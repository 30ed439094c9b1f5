using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>What is learned of one register holds for all that are tied to it by an id.</summary>
internal static class Ties
{
    /// <summary>Set in the id of a number that is another plus a constant (BPF_ADD_CONST64).</summary>
    public const int AtWideDistance = 1 << 30;

    /// <summary>The same, where the sum was made of the low halves (BPF_ADD_CONST32).</summary>
    public const int AtLowDistance = 1 << 29;

    private const int AtDistance = AtWideDistance | AtLowDistance;

    /// <summary>The id without the mark.</summary>
    public static int Origin(int id) => id & ~AtDistance;

    /// <summary>The mark of an id.</summary>
    public static int Mark(int id) => id & AtDistance;

    /// <summary>Makes sure that copies of an unknown number will be tied to it.</summary>
    public static void Prepare(Analysis analysis, ref RegisterState source)
    {
        if (!source.IsScalar)
            return;
        // One distance is remembered, not a sum of several.
        if (Mark(source.Id) != 0)
            source = source with { Id = 0, Offset = 0 };
        if (source.Id == 0 && !source.Value.IsConstant)
            source = source with { Id = analysis.NewId() };
    }

    /// <summary>Adds every register tied to an id; those for which there is no room are untied.</summary>
    public static LinkedRegisters Collect(MachineState state, int id, LinkedRegisters found)
    {
        var origin = Origin(id);
        for (var index = state.Frames.Count - 1; index >= 0; index--)
        {
            var frame = state.Frames[index];
            for (var register = 0; register < Register.Frame; register++)
                Collect(ref frame.Registers[register], origin, new(index, register, IsSpilled: false), ref found);
            for (var slot = 0; slot < frame.StackSlots; slot++)
                if (frame.Slot(slot).HoldsSpill)
                    Collect(ref frame.Spill(slot), origin, new(index, slot, IsSpilled: true), ref found);
        }
        return found;
    }

    private static void Collect(ref RegisterState register, int origin, RegisterPlace place, ref LinkedRegisters found)
    {
        if (!register.IsScalar || register.Id == 0 || Origin(register.Id) != origin)
            return;
        if (found.Count < LinkedRegisters.Capacity)
            found = found.With(place);
        else
            register = register with { Id = 0 };
    }

    /// <summary>Gives those tied to a number, which was narrowed, what is now known of it.</summary>
    public static void Spread(MachineState state, in RegisterPlace known, LinkedRegisters linked)
    {
        var source = state.At(known);
        for (var index = 0; index < linked.Count; index++)
        {
            var place = linked[index];
            if (place == known)
                continue;
            ref var register = ref state.At(place);
            if (!register.IsScalar || Origin(register.Id) != Origin(source.Id))
                continue;
            // A distance between whole numbers says nothing of one between low halves.
            if ((Mark(register.Id) ^ Mark(source.Id)) == AtDistance)
                continue;
            var isSame = Mark(register.Id | source.Id) == 0 || register.Offset == source.Offset;
            register = isSame ? source : AtItsDistance(register, source);
        }
    }

    /// <summary>A number after a constant was added to it. One distance is remembered; a second unties it.</summary>
    public static RegisterState Moved(in RegisterState number, long distance, bool is64) =>
        Mark(number.Id) != 0 || distance is < int.MinValue or > int.MaxValue
            ? number with
            {
                Id = 0,
                Offset = 0,
            }
            : number with
            {
                Id = number.Id | (is64 ? AtWideDistance : AtLowDistance),
                Offset = (int)distance,
            };

    private static RegisterState AtItsDistance(in RegisterState register, in RegisterState source)
    {
        // What was added is counted from the number without a mark, whose own is 0.
        var distance = Scalar.Constant((ulong)((long)register.Offset - source.Offset));
        var value = ScalarArithmetic.Add(source.Value, distance);
        if (Mark(register.Id | source.Id) == AtLowDistance)
            value = value.ZeroExtended();
        value = value.Synchronised().OrUnbounded();
        return source with { Value = value, Offset = register.Offset, Id = register.Id };
    }

    /// <summary>Unties numbers that no other register is tied to.</summary>
    public static void DropSingle(MachineState state, Dictionary<int, int> counts)
    {
        counts.Clear();
        state.Rewrite(register =>
        {
            if (register is { IsScalar: true, Id: not 0 })
                counts[Origin(register.Id)] = counts.GetValueOrDefault(Origin(register.Id)) + 1;
            return register;
        });
        state.Rewrite(register =>
            register is { IsScalar: true, Id: not 0 } && counts[Origin(register.Id)] == 1
                ? register with
                {
                    Id = 0,
                    Offset = 0,
                }
                : register
        );
    }

    /// <summary>Decides for every pointer from one source whether it is null.</summary>
    public static void ResolveNull(MachineState state, int id, bool isNull) =>
        state.Rewrite(register =>
        {
            if (!register.Type.MayBeNull() || register.Id != id)
                return register;
            return isNull ? RegisterState.Constant(0) : WithoutNull(register);
        });

    /// <summary>A pointer that was shown not to be null.</summary>
    public static RegisterState WithoutNull(in RegisterState register)
    {
        // A value with a lock keeps its id: it names the lock.
        var keepsId = register.Map?.Definition.SpinLockOffset is not null;
        return register with { Type = register.Type.WithoutNull(), Id = keepsId ? register.Id : 0 };
    }
}
