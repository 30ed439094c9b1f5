using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Arithmetic instructions: their encoding, their operands, what becomes of the destination.</summary>
internal static class ArithmeticStep
{
    // BPF_ADDR_SPACE_CAST.
    private const int AddressSpaceCast = 1;

    public static Refusal? Execute(Analysis analysis)
    {
        var instruction = analysis.Instruction;
        return Opcode.AluOperationOf(instruction.Opcode) switch
        {
            AluOperation.Negate => Negate(analysis, instruction),
            AluOperation.ByteSwap => SwapBytes(analysis, instruction),
            AluOperation.Move => Opcode.SourceOf(instruction.Opcode) == OperandSource.Register
                ? MoveRegister(analysis, instruction)
                : MoveImmediate(analysis, instruction),
            var operation => TwoOperands(analysis, instruction, operation),
        };
    }

    private static bool Is64(Instruction instruction) => Opcode.ClassOf(instruction.Opcode) == InstructionClass.Alu64;

    private static Refusal? Negate(Analysis analysis, Instruction instruction)
    {
        if (instruction is not { Src: 0, Offset: 0, Imm: 0 })
            return Refusal.Invalid("BPF_NEG uses reserved fields");
        if (CheckUnary(analysis, instruction.Dst) is { } refusal)
            return refusal;
        ref var dst = ref analysis.State[instruction.Dst];
        dst = dst.IsScalar
            ? Untied(dst) with
            {
                Value = ScalarArithmetic.Negate(dst.Value, Is64(instruction)),
            }
            : RegisterState.UnknownScalar;
        return null;
    }

    private static Refusal? SwapBytes(Analysis analysis, Instruction instruction)
    {
        var toBig = Opcode.SourceOf(instruction.Opcode) == OperandSource.Register;
        if (instruction is not { Src: 0, Offset: 0, Imm: 16 or 32 or 64 } || Is64(instruction) && toBig)
            return Refusal.Invalid("BPF_END uses reserved fields");
        if (CheckUnary(analysis, instruction.Dst) is { } refusal)
            return refusal;
        ref var dst = ref analysis.State[instruction.Dst];
        // The unconditional swap, and to big endian, reverse on this little-endian machine; to little endian only truncates.
        dst = dst.IsScalar
            ? Untied(dst) with
            {
                Value = ScalarArithmetic.SwapBytes(dst.Value, instruction.Imm / 8, Is64(instruction) || toBig),
            }
            : RegisterState.UnknownScalar;
        return null;
    }

    private static Refusal? CheckUnary(Analysis analysis, int register)
    {
        if (analysis.Read(register) is { } unreadable)
            return unreadable;
        if (analysis.WouldLeak(register))
            return Refusal.Access($"R{register} pointer arithmetic prohibited");
        return Analysis.Write(register);
    }

    private static Refusal? MoveImmediate(Analysis analysis, Instruction instruction)
    {
        if (instruction is not { Src: 0, Offset: 0 })
            return Refusal.Invalid("BPF_MOV uses reserved fields");
        if (Analysis.Write(instruction.Dst) is { } refusal)
            return refusal;
        analysis.State[instruction.Dst] = RegisterState.Constant(
            Is64(instruction) ? (ulong)instruction.Imm : (uint)instruction.Imm
        );
        return null;
    }

    private static Refusal? MoveRegister(Analysis analysis, Instruction instruction)
    {
        var is64 = Is64(instruction);
        // Moves between address spaces need an arena, which this machine does not have.
        if (is64 && instruction.Offset == AddressSpaceCast)
            return Refusal.Invalid(
                instruction.Imm is 1 or 1 << 16
                    ? "addr_space_cast insn can only be used in a program that has an associated arena"
                    : "addr_space_cast insn can only convert between address space 1 and 0"
            );
        if (instruction.Imm != 0 || !(instruction.Offset is 0 or 8 or 16 || is64 && instruction.Offset == 32))
            return Refusal.Invalid("BPF_MOV uses reserved fields");
        if (analysis.Read(instruction.Src) is { } unreadable)
            return unreadable;
        if (Analysis.Write(instruction.Dst) is { } unwritable)
            return unwritable;
        var state = analysis.State;
        ref var src = ref state[instruction.Src];
        ref var dst = ref state[instruction.Dst];
        var extends = instruction.Offset != 0;
        if (is64 && !extends)
        {
            Ties.Prepare(analysis, ref src);
            dst = src;
            return null;
        }
        if (analysis.WouldLeak(instruction.Src))
        {
            var what = is64 ? "sign-extension part" : "partial copy";
            return Refusal.Access($"R{instruction.Src} {what} of pointer");
        }
        if (!src.IsScalar)
        {
            dst = RegisterState.Number(is64 ? Scalar.Unknown : Scalar.Unknown.ZeroExtended().Synchronised());
            return null;
        }
        // A copy that changes nothing stays tied to its source.
        var isTied = extends ? src.Value.Wide.UMax < 1UL << instruction.Offset - 1 : src.Value.Fits(sizeof(uint));
        if (isTied)
            Ties.Prepare(analysis, ref src);
        dst = src with { Value = Moved(src.Value, instruction.Offset / 8, is64), Id = isTied ? src.Id : 0 };
        return null;
    }

    private static Scalar Moved(in Scalar value, int signBytes, bool is64)
    {
        if (is64)
            return value.SignExtend(signBytes);
        var low = signBytes == 0 ? value : value.SignExtendLow(signBytes);
        return low.ZeroExtended().Synchronised().OrUnbounded();
    }

    private static Refusal? TwoOperands(Analysis analysis, Instruction instruction, AluOperation operation)
    {
        if (operation > AluOperation.ByteSwap)
            return Refusal.Invalid($"invalid BPF_ALU opcode {(int)operation:x}");
        var is64 = Is64(instruction);
        var fromRegister = Opcode.SourceOf(instruction.Opcode) == OperandSource.Register;
        var divides = operation is AluOperation.Divide or AluOperation.Modulo;
        var offsetIsKnown = instruction.Offset == 0 || instruction.Offset == 1 && divides;
        if (!offsetIsKnown || (fromRegister ? instruction.Imm != 0 : instruction.Src != 0))
            return Refusal.Invalid("BPF_ALU uses reserved fields");
        if (fromRegister && analysis.Read(instruction.Src) is { } unreadable)
            return unreadable;
        if (analysis.Read(instruction.Dst) is { } refusal)
            return refusal;
        if (!fromRegister && divides && instruction.Imm == 0)
            return Refusal.Invalid("div by zero");
        if (!fromRegister && IsShift(operation) && (instruction.Imm < 0 || instruction.Imm >= (is64 ? 64 : 32)))
            return Refusal.Invalid($"invalid shift {instruction.Imm}");
        if (Analysis.Write(instruction.Dst) is { } unwritable)
            return unwritable;
        var state = analysis.State;
        var operand = fromRegister ? state[instruction.Src] : RegisterState.Constant((ulong)instruction.Imm);
        RequirePrecision(analysis, instruction, fromRegister);
        ref var dst = ref state[instruction.Dst];
        if (dst.IsScalar && operand.IsScalar)
        {
            var value = ScalarArithmetic.Apply(operation, dst.Value, operand.Value, is64);
            var isDoubled = fromRegister && instruction.Src == instruction.Dst;
            var moved = isDoubled ? Untied(dst) : Moved(dst, operation, operand.Value, is64);
            dst = moved with { Value = value };
            return null;
        }
        return PointerArithmetic.Apply(analysis, instruction.Dst, operand, operation, is64);
    }

    // A number added to a pointer decides where it points.
    private static void RequirePrecision(Analysis analysis, Instruction instruction, bool fromRegister)
    {
        if (!fromRegister)
            return;
        var (dst, src) = (analysis.State[instruction.Dst], analysis.State[instruction.Src]);
        if (dst.IsScalar && src.IsPointer)
            analysis.Precision.Require(instruction.Dst);
        else if (src.IsScalar && (dst.IsPointer || dst.IsPrecise))
            analysis.Precision.Require(instruction.Src);
    }

    private static RegisterState Untied(in RegisterState number) => number with { Id = 0 };

    // A copy plus a constant is still tied to what it is a copy of. Of low halves that holds where there is nothing above.
    private static RegisterState Moved(in RegisterState number, AluOperation operation, in Scalar by, bool is64)
    {
        var isKnown = is64 ? by.IsConstant : by.IsLowConstant && number.Value.Fits(sizeof(uint));
        if (number.Id == 0 || !isKnown)
            return Untied(number);
        var distance = is64 ? (long)by.Bits.Value : (int)(uint)by.Bits.Value;
        return operation switch
        {
            AluOperation.Add => Ties.Moved(number, distance, is64),
            AluOperation.Subtract => Ties.Moved(number, distance == int.MinValue ? long.MinValue : -distance, is64),
            _ => Untied(number),
        };
    }

    private static bool IsShift(AluOperation operation) =>
        operation is AluOperation.ShiftLeft or AluOperation.ShiftRight or AluOperation.ArithmeticShiftRight;
}
