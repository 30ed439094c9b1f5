using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>The comparison of a conditional jump, as a statement about registers that holds on one way and not on the other.</summary>
internal readonly struct Comparison
{
    private readonly Instruction _instruction;
    private readonly Behaviour _behaviour;
    private readonly JumpOperation _operation;
    private readonly bool _is64;

    public Comparison(Instruction instruction, Behaviour behaviour)
    {
        _instruction = instruction;
        _behaviour = behaviour;
        _operation = Opcode.JumpOperationOf(instruction.Opcode);
        _is64 = Opcode.ClassOf(instruction.Opcode) == InstructionClass.Jump;
    }

    public bool HasRegister => Opcode.SourceOf(_instruction.Opcode) == OperandSource.Register;

    private bool IsWithItself => HasRegister && _instruction.Dst == _instruction.Src;

    /// <summary>Whether the jump is taken, where that is certain.</summary>
    public bool? Predict(MachineState state)
    {
        var (left, right) = (state[_instruction.Dst], Right(state));
        if (left.IsScalar && right.IsScalar)
            return IsWithItself && _behaviour.PredictsComparisonWithItself
                ? PredictItself(left.Value)
                : ScalarComparison.Predict(_operation, left.Value, right.Value, _is64);
        if (PacketRange.Applies(_operation, _is64, left, right))
            return PacketRange.Predict(_operation, left, right);
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

    /// <summary>The registers tied to those compared.</summary>
    public LinkedRegisters CollectLinked(MachineState state)
    {
        var linked = default(LinkedRegisters);
        if (HasRegister && state[_instruction.Src] is { IsScalar: true, Id: not 0 } source)
            linked = Ties.Collect(state, source.Id, linked);
        if (state[_instruction.Dst] is { IsScalar: true, Id: not 0 } destination)
            linked = Ties.Collect(state, destination.Id, linked);
        return linked;
    }

    /// <summary>Narrows a state to one way.</summary>
    public void Assume(MachineState state, bool taken, LinkedRegisters linked)
    {
        var (left, right) = (state[_instruction.Dst], Right(state));
        if (IsNullCheck(state))
            Ties.ResolveNull(state, left.Id, isNull: taken == (_operation == JumpOperation.Equal));
        else if (left.IsScalar && right.IsScalar)
            AssumeNumbers(state, left, right, taken, linked);
        else if (PacketRange.Applies(_operation, _is64, left, right))
            PacketRange.Assume(state, _instruction, left, taken);
        else if (_is64 && HasRegister && left.IsPointer && right.IsPointer)
            AssumePointers(state, left, right, taken);
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
            is RegisterType.MapKey
                or RegisterType.MapValue
                or RegisterType.MapPointer
                or RegisterType.Socket
                or RegisterType.SocketCommon
        && pointer.Value.Wide.SMin > -PointerArithmetic.MaxOffset
        && pointer.Value.Wide.SMax < PointerArithmetic.MaxOffset;

    private bool? PredictItself(in Scalar value)
    {
        switch (_operation)
        {
            case JumpOperation.Equal
            or JumpOperation.GreaterOrEqual
            or JumpOperation.LessOrEqual
            or JumpOperation.SignedGreaterOrEqual
            or JumpOperation.SignedLessOrEqual:
                return true;
            case JumpOperation.AnyBitSet:
                var bits = _is64 ? value.Bits : value.Bits.Truncate(sizeof(uint));
                if (bits.IsConstant)
                    return bits.Value != 0;
                var (min, max) = _is64 ? (value.Wide.SMin, value.Wide.SMax) : (value.Low.SMin, value.Low.SMax);
                return min <= 0 && max >= 0 ? null : true;
            default:
                return false;
        }
    }

    private void AssumeNumbers(
        MachineState state,
        in RegisterState left,
        in RegisterState right,
        bool taken,
        LinkedRegisters linked
    )
    {
        var top = state.Frames.Count - 1;
        var destination = new RegisterPlace(top, _instruction.Dst, IsSpilled: false);
        if (IsWithItself)
        {
            var value = ScalarRefinement.RefineSame(_operation, left.Value, _is64, taken);
            state.At(destination) = left with { Value = value };
        }
        else
        {
            var (a, b) = ScalarRefinement.Refine(_operation, left.Value, right.Value, _is64, taken);
            state.At(destination) = left with { Value = a };
            if (HasRegister)
            {
                var source = new RegisterPlace(top, _instruction.Src, IsSpilled: false);
                state.At(source) = right with { Value = b };
                if (right.Id != 0)
                    Ties.Spread(state, source, linked);
            }
        }
        if (left.Id != 0)
            Ties.Spread(state, destination, linked);
    }

    // A pointer that equals one that is not null is not null either.
    private void AssumePointers(MachineState state, in RegisterState left, in RegisterState right, bool taken)
    {
        var areEqual = _operation switch
        {
            JumpOperation.Equal => taken,
            JumpOperation.NotEqual => !taken,
            _ => false,
        };
        if (!areEqual || left.Type.MayBeNull() == right.Type.MayBeNull())
            return;
        ref var register = ref state[left.Type.MayBeNull() ? _instruction.Dst : _instruction.Src];
        register = Ties.WithoutNull(register);
    }
}
