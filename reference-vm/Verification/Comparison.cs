using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>The comparison of a conditional jump, as a statement about registers that holds on one way and not on the other.</summary>
internal readonly struct Comparison
{
    private readonly Instruction _instruction;
    private readonly JumpOperation _operation;
    private readonly bool _is64;

    public Comparison(Instruction instruction)
    {
        _instruction = instruction;
        _operation = Opcode.JumpOperationOf(instruction.Opcode);
        _is64 = Opcode.ClassOf(instruction.Opcode) == InstructionClass.Jump;
    }

    private bool HasRegister => Opcode.SourceOf(_instruction.Opcode) == OperandSource.Register;

    /// <summary>Whether the jump is taken, where that is certain.</summary>
    public bool? Predict(MachineState state)
    {
        var (left, right) = (state[_instruction.Dst], Right(state));
        if (left.IsScalar && right.IsScalar)
            return ScalarComparison.Predict(_operation, left.Value, right.Value, _is64);
        // A pointer that cannot be null is not equal to zero. Its low half may be.
        var pointer = left.IsScalar ? right : left;
        var number = left.IsScalar ? left : right;
        if (!_is64 || !number.IsZero || !IsNeverNull(pointer))
            return null;
        return _operation switch
        {
            JumpOperation.Equal => false,
            JumpOperation.NotEqual => true,
            _ => null,
        };
    }

    /// <summary>Whether the comparison of pointers is one whose outcome is understood, so that it gives no address away.</summary>
    public bool SaysSomething(MachineState state) =>
        IsNullCheck(state) || PacketRange.Applies(_operation, _is64, state[_instruction.Dst], Right(state));

    /// <summary>Narrows a state to one way; false where no number goes that way.</summary>
    public bool Assume(MachineState state, bool taken)
    {
        var (left, right) = (state[_instruction.Dst], Right(state));
        if (IsNullCheck(state))
        {
            Ties.ResolveNull(state, left.Id, isNull: taken == (_operation == JumpOperation.Equal));
            return true;
        }
        if (left.IsScalar && right.IsScalar)
            return AssumeNumbers(state, left, right, taken);
        if (PacketRange.Applies(_operation, _is64, left, right))
            PacketRange.Assume(state, _operation, left, right, taken);
        return true;
    }

    private RegisterState Right(MachineState state)
    {
        if (HasRegister)
            return state[_instruction.Src];
        return RegisterState.Constant((ulong)_instruction.Imm);
    }

    private bool IsNullCheck(MachineState state) =>
        _is64
        && !HasRegister
        && _instruction.Imm == 0
        && _operation is JumpOperation.Equal or JumpOperation.NotEqual
        && state[_instruction.Dst].Type.MayBeNull();

    // Unbounded offsets could wrap around to null.
    private static bool IsNeverNull(in RegisterState pointer) =>
        pointer.Type
            is RegisterType.MapValue
                or RegisterType.MapPointer
                or RegisterType.Socket
                or RegisterType.SocketCommon
        && pointer.Value.Wide.SMin > -PointerArithmetic.MaxOffset
        && pointer.Value.Wide.SMax < PointerArithmetic.MaxOffset;

    private bool AssumeNumbers(MachineState state, in RegisterState left, in RegisterState right, bool taken)
    {
        if (HasRegister && _instruction.Dst == _instruction.Src)
            return AssumeSame(taken);
        if (ScalarComparison.Refine(_operation, left.Value, right.Value, _is64, taken) is not var (a, b))
            return false;
        Ties.Narrow(state, _instruction.Dst, left, a);
        if (HasRegister)
            Ties.Narrow(state, _instruction.Src, right, b);
        return true;
    }

    // A number compared with itself. Linux narrows nothing here, and walks both ways unless the number is known.
    private bool AssumeSame(bool taken) =>
        _operation switch
        {
            JumpOperation.Equal
            or JumpOperation.GreaterOrEqual
            or JumpOperation.LessOrEqual
            or JumpOperation.SignedGreaterOrEqual
            or JumpOperation.SignedLessOrEqual => taken,
            JumpOperation.AnyBitSet => true,
            _ => !taken,
        };
}
