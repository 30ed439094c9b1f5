using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Comparisons of a packet pointer with the packet's end, which show that bytes exist, or that they do not.</summary>
internal static class PacketRange
{
    /// <summary>In place of a range: the pointer is at the packet's end, or beyond it.</summary>
    public const int AtEnd = -1;

    /// <summary>In place of a range: the pointer is beyond the packet's end.</summary>
    public const int BeyondEnd = -2;

    // MAX_PACKET_OFF.
    private const int MaxOffset = 0xffff;

    public static bool Applies(JumpOperation operation, bool is64, in RegisterState left, in RegisterState right) =>
        is64
        && operation
            is JumpOperation.GreaterThan
                or JumpOperation.GreaterOrEqual
                or JumpOperation.LessThan
                or JumpOperation.LessOrEqual
        && (left.Type, right.Type)
            is
                (RegisterType.Packet, RegisterType.PacketEnd)
                or
                (RegisterType.PacketEnd, RegisterType.Packet);

    /// <summary>Whether the jump is taken, where an earlier comparison says so.</summary>
    public static bool? Predict(JumpOperation operation, in RegisterState left, in RegisterState right)
    {
        var (pointer, effective) = Normalised(operation, left, right);
        return (effective, pointer.Range) switch
        {
            (JumpOperation.GreaterThan, BeyondEnd) => true,
            (JumpOperation.LessOrEqual, BeyondEnd) => false,
            (JumpOperation.GreaterOrEqual, AtEnd or BeyondEnd) => true,
            (JumpOperation.LessThan, AtEnd or BeyondEnd) => false,
            _ => null,
        };
    }

    public static void Assume(MachineState state, Instruction instruction, in RegisterState left, bool taken)
    {
        var operation = Opcode.JumpOperationOf(instruction.Opcode);
        var register = left.Type == RegisterType.Packet ? instruction.Dst : instruction.Src;
        var (pointer, effective) = Normalised(operation, left, state[register]);
        var jumpsWhereBelow = effective is JumpOperation.LessThan or JumpOperation.LessOrEqual;
        // "Less than" is strict on its own way, and its complement "at least" is not; the other two are the other way round.
        var isStrictBelow = effective is JumpOperation.LessThan or JumpOperation.GreaterOrEqual;
        if (jumpsWhereBelow == taken)
            Prove(state, pointer, isStrictBelow);
        else
            state[register] = pointer with { Range = isStrictBelow ? AtEnd : BeyondEnd };
    }

    // Written with the pointer on the left.
    private static (RegisterState Pointer, JumpOperation Operation) Normalised(
        JumpOperation operation,
        in RegisterState left,
        in RegisterState right
    ) => left.Type == RegisterType.Packet ? (left, operation) : (right, Mirror(operation));

    private static JumpOperation Mirror(JumpOperation operation) =>
        operation switch
        {
            JumpOperation.GreaterThan => JumpOperation.LessThan,
            JumpOperation.GreaterOrEqual => JumpOperation.LessOrEqual,
            JumpOperation.LessThan => JumpOperation.GreaterThan,
            _ => JumpOperation.GreaterOrEqual,
        };

    // All bytes before the pointer exist, and where it lies strictly before the end, the one it points to as well.
    private static void Prove(MachineState state, in RegisterState pointer, bool isStrict)
    {
        if (pointer.Offset < 0 || pointer.Offset == 0 && isStrict)
            return;
        var max = pointer.Value.Wide.UMax;
        if (max > MaxOffset || max + (ulong)pointer.Offset > MaxOffset)
            return;
        var range = pointer.Offset + (isStrict ? 1 : 0);
        var id = pointer.Id;
        state.Rewrite(other =>
            other.Type == RegisterType.Packet && other.Id == id && other.Range < range
                ? other with
                {
                    Range = range,
                }
                : other
        );
    }
}
