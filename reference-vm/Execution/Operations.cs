using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Execution;

/// <summary>From the parts of an opcode to the interpreter's operation. The encoding is known to be legal.</summary>
internal static class Operations
{
    private const int Bits8 = 8;
    private const int Bits16 = 16;
    private const int Bits32 = 32;

    public static Operation Of(Instruction instruction)
    {
        var wide = Opcode.ClassOf(instruction.Opcode) == InstructionClass.Alu64;
        var signed = instruction.Offset == 1;
        return Opcode.AluOperationOf(instruction.Opcode) switch
        {
            AluOperation.Add => wide ? Operation.Add : Operation.Add32,
            AluOperation.Subtract => wide ? Operation.Subtract : Operation.Subtract32,
            AluOperation.Multiply => wide ? Operation.Multiply : Operation.Multiply32,
            AluOperation.Divide when signed => wide ? Operation.SignedDivide : Operation.SignedDivide32,
            AluOperation.Divide => wide ? Operation.Divide : Operation.Divide32,
            AluOperation.Or => wide ? Operation.Or : Operation.Or32,
            AluOperation.And => wide ? Operation.And : Operation.And32,
            AluOperation.ShiftLeft => wide ? Operation.ShiftLeft : Operation.ShiftLeft32,
            AluOperation.ShiftRight => wide ? Operation.ShiftRight : Operation.ShiftRight32,
            AluOperation.Negate => wide ? Operation.Negate : Operation.Negate32,
            AluOperation.Modulo when signed => wide ? Operation.SignedModulo : Operation.SignedModulo32,
            AluOperation.Modulo => wide ? Operation.Modulo : Operation.Modulo32,
            AluOperation.Xor => wide ? Operation.Xor : Operation.Xor32,
            AluOperation.Move => Move(instruction.Offset, wide),
            AluOperation.ArithmeticShiftRight => wide
                ? Operation.ArithmeticShiftRight
                : Operation.ArithmeticShiftRight32,
            AluOperation.ByteSwap => Swap(instruction, unconditional: wide),
            var operation => throw new InvalidOperationException($"{operation} is no arithmetic operation."),
        };
    }

    public static Operation Of(JumpOperation jump, bool narrow)
    {
        var operation = jump switch
        {
            JumpOperation.Equal => Operation.JumpIfEqual,
            JumpOperation.NotEqual => Operation.JumpIfNotEqual,
            JumpOperation.AnyBitSet => Operation.JumpIfSet,
            JumpOperation.GreaterThan => Operation.JumpIfGreater,
            JumpOperation.GreaterOrEqual => Operation.JumpIfGreaterOrEqual,
            JumpOperation.LessThan => Operation.JumpIfLess,
            JumpOperation.LessOrEqual => Operation.JumpIfLessOrEqual,
            JumpOperation.SignedGreaterThan => Operation.JumpIfSignedGreater,
            JumpOperation.SignedGreaterOrEqual => Operation.JumpIfSignedGreaterOrEqual,
            JumpOperation.SignedLessThan => Operation.JumpIfSignedLess,
            JumpOperation.SignedLessOrEqual => Operation.JumpIfSignedLessOrEqual,
            _ => throw new InvalidOperationException($"{jump} is no conditional jump."),
        };
        return narrow ? operation + (Operation.JumpIfEqual32 - Operation.JumpIfEqual) : operation;
    }

    private static Operation Move(short extend, bool wide) =>
        extend switch
        {
            Bits8 => wide ? Operation.SignExtend8 : Operation.SignExtend8To32,
            Bits16 => wide ? Operation.SignExtend16 : Operation.SignExtend16To32,
            Bits32 => Operation.SignExtend32,
            _ => wide ? Operation.Move : Operation.Move32,
        };

    // Guest memory is little-endian: "to little-endian" only cuts off the upper bits.
    private static Operation Swap(Instruction instruction, bool unconditional)
    {
        var swaps = unconditional || Opcode.SourceOf(instruction.Opcode) == OperandSource.Register;
        return instruction.Imm switch
        {
            Bits16 => swaps ? Operation.Swap16 : Operation.ZeroExtend16,
            Bits32 => swaps ? Operation.Swap32 : Operation.ZeroExtend32,
            _ => swaps ? Operation.Swap64 : Operation.Keep,
        };
    }
}
