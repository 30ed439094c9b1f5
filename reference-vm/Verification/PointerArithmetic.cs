using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Arithmetic with a pointer among its operands: only adding to it and subtracting from it keeps it one.</summary>
internal static class PointerArithmetic
{
    // BPF_MAX_VAR_OFF: no offset, constant or variable, reaches this.
    public const long MaxOffset = 1 << 29;

    private static readonly string[] Signs =
    [
        "+=",
        "-=",
        "*=",
        "/=",
        "|=",
        "&=",
        "<<=",
        ">>=",
        "neg",
        "%=",
        "^=",
        "=",
        "s>>=",
        "endian",
    ];

    /// <summary>Applies the operation to the destination register; at least one operand is a pointer.</summary>
    public static Refusal? Apply(
        Analysis analysis,
        int register,
        in RegisterState operand,
        AluOperation operation,
        bool is64
    )
    {
        ref var dst = ref analysis.State[register];
        if (!dst.IsScalar && !operand.IsScalar)
        {
            if (operation != AluOperation.Subtract || !analysis.CanLeakPointers)
                return Refusal.Access($"R{register} pointer {Sign(operation)} pointer prohibited");
            dst = RegisterState.UnknownScalar;
            return null;
        }
        // Bounds that contradict each other come of a way that is never gone. What would be computed there means nothing.
        var by = (dst.IsScalar ? dst : operand).Value;
        if (by.Wide.IsEmpty || by.IsConstant && by.Wide is not { IsConstant: true, IsSignedConstant: true })
        {
            dst = RegisterState.UnknownScalar;
            return null;
        }
        if (!is64)
        {
            if (operation != AluOperation.Subtract || !analysis.CanLeakPointers)
                return Refusal.Access($"R{register} 32-bit pointer arithmetic prohibited");
            dst = RegisterState.UnknownScalar;
            return null;
        }
        var pointer = dst.IsScalar ? operand : dst;
        var number = dst.IsScalar ? dst : operand;
        return CheckType(register, pointer.Type, number.Value, operation)
            ?? CheckOffset(number, pointer.Type)
            ?? CheckOffset(pointer, pointer.Type)
            ?? Move(analysis, register, pointer, number.Value, operation);
    }

    private static string Sign(AluOperation operation) => Signs[(int)operation >> 4];

    private static Refusal? CheckType(int register, RegisterType type, in Scalar number, AluOperation operation)
    {
        if (type.MayBeNull())
            return Refusal.Access($"R{register} pointer arithmetic on {type.Word()} prohibited, null-check it first");
        var isAllowed = type switch
        {
            RegisterType.Context
            or RegisterType.MapKey
            or RegisterType.MapValue
            or RegisterType.Stack
            or RegisterType.Packet
            or RegisterType.Function => true,
            RegisterType.MapPointer => number.IsExactly(0) && operation == AluOperation.Add,
            _ => false,
        };
        return isAllowed ? null : Refusal.Access($"R{register} pointer arithmetic on {type.Word()} prohibited");
    }

    // Of a number, the constant offset is its distance from one it is tied to.
    private static Refusal? CheckOffset(in RegisterState register, RegisterType type)
    {
        var value = register.Value;
        if (value.IsConstant && (long)value.Bits.Value is var constant && constant is >= MaxOffset or <= -MaxOffset)
            return Refusal.Invalid($"math between {type.Word()} pointer and {constant} is not allowed");
        if (register.Offset is >= (int)MaxOffset or <= -(int)MaxOffset)
            return Refusal.Invalid($"{type.Word()} pointer offset {register.Offset} is not allowed");
        if (value.Wide.SMin == long.MinValue)
            return Refusal.Invalid(
                $"math between {type.Word()} pointer and register with unbounded min value is not allowed"
            );
        return value.Wide.SMin is >= MaxOffset or <= -MaxOffset
            ? Refusal.Invalid($"value {value.Wide.SMin} makes {type.Word()} pointer be out of bounds")
            : null;
    }

    private static Refusal? Move(
        Analysis analysis,
        int register,
        in RegisterState pointer,
        in Scalar number,
        AluOperation operation
    )
    {
        ref var dst = ref analysis.State[register];
        switch (operation)
        {
            case AluOperation.Add:
                break;
            case AluOperation.Subtract when dst.IsScalar:
                return Refusal.Access($"R{register} tried to subtract pointer from scalar");
            case AluOperation.Subtract when pointer.Type == RegisterType.Stack:
                return Refusal.Access($"R{register} subtraction from stack pointer prohibited");
            case AluOperation.Subtract:
                break;
            case AluOperation.And or AluOperation.Or or AluOperation.Xor:
                return Refusal.Access($"R{register} bitwise operator {Sign(operation)} on pointer prohibited");
            default:
                return Refusal.Access($"R{register} pointer arithmetic with {Sign(operation)} operator prohibited");
        }
        var result = pointer;
        var distance = (long)number.Bits.Value;
        if (operation == AluOperation.Subtract)
            distance = -distance;
        if (number.IsConstant && pointer.Offset + distance is >= int.MinValue and <= int.MaxValue and var offset)
        {
            result = result with { Offset = (int)offset, Value = pointer.Value.Synchronised() };
        }
        else
        {
            result = result with { Value = Moved(pointer.Value, number, operation) };
            // A packet pointer with a new variable part has an origin of its own, of which nothing is known yet. Where it only moved
            // back, what lay before the end still does.
            if (pointer.Type == RegisterType.Packet)
                result = result with
                {
                    Id = analysis.NewId(),
                    Range = operation == AluOperation.Subtract && number.Wide.SMin >= 0 ? pointer.Range : 0,
                };
        }
        if (CheckOffset(result, result.Type) is { } refusal)
            return refusal;
        dst = result;
        return null;
    }

    // Unlike a number's, an unsigned range that wraps around at both ends is given up.
    private static Scalar Moved(in Scalar pointer, in Scalar number, AluOperation operation)
    {
        var adds = operation == AluOperation.Add;
        var (old, by) = (pointer.Wide, number.Wide);
        var wide = adds ? old + by : old - by;
        var wraps = adds ? old.UMin + by.UMin < old.UMin || old.UMax + by.UMax < old.UMax : old.UMin < by.UMax;
        if (wraps)
            wide = wide with { UMin = ulong.MinValue, UMax = ulong.MaxValue };
        var bits = adds ? pointer.Bits + number.Bits : pointer.Bits - number.Bits;
        return new Scalar(bits, wide, Interval<int, uint>.Unbounded).Synchronised();
    }
}
