using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Comparisons of a packet pointer with the packet's end, which show that bytes exist.</summary>
internal static class PacketRange
{
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

    public static void Assume(
        MachineState state,
        JumpOperation operation,
        in RegisterState left,
        in RegisterState right,
        bool taken
    )
    {
        // Written as "pointer < end" or "pointer <= end", or a complement of one of them, which says nothing.
        var pointerIsLeft = left.Type == RegisterType.Packet;
        var effective = pointerIsLeft ? operation : Mirror(operation);
        var isBelow = effective is JumpOperation.LessThan or JumpOperation.LessOrEqual;
        if (isBelow != taken)
            return;
        var isStrict = effective is JumpOperation.LessThan or JumpOperation.GreaterOrEqual;
        Prove(state, pointerIsLeft ? left : right, isStrict);
    }

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
