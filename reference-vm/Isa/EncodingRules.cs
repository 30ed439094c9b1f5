namespace Conformance.ReferenceVm.Isa;

/// <summary>An instruction that the instruction set does not define.</summary>
/// <param name="Instruction">Its slot.</param>
/// <param name="Reason">Why, in the words of Linux's verifier where it has words for it.</param>
public readonly record struct IllegalEncoding(int Instruction, string Reason);

/// <summary>
/// Whether an encoding is one that RFC 9669 defines (or load-acquire and store-release): known opcode, unused fields zero,
/// registers that exist. What the verifier demands beyond the encoding (initialised registers, shift distances, jump
/// targets) is not decided here.
/// </summary>
public static class EncodingRules
{
    /// <summary>The first illegal instruction of a program, or null.</summary>
    public static IllegalEncoding? FirstViolation(ReadOnlySpan<Instruction> program)
    {
        for (var slot = 0; slot < program.Length; slot += SlotsAt(program, slot))
            if (Violation(program, slot) is { } reason)
                return new IllegalEncoding(slot, reason);
        return null;
    }

    /// <summary>Slots taken by the instruction that starts here: 2 for a 64-bit immediate load, else 1.</summary>
    public static int SlotsAt(ReadOnlySpan<Instruction> program, int slot) =>
        program[slot].Opcode == Opcode.LoadImmediate64 ? 2 : 1;

    /// <summary>Why the instruction that starts at a slot is illegal, or null. It must not be the second slot of another.</summary>
    public static string? Violation(ReadOnlySpan<Instruction> program, int slot)
    {
        var instruction = program[slot];
        if (!IsKnown(instruction.Opcode))
            return $"unknown opcode {instruction.Opcode:x2}";
        return Opcode.ClassOf(instruction.Opcode) switch
            {
                InstructionClass.Load => Load(program, slot),
                InstructionClass.LoadRegister => When(instruction.Imm != 0, "BPF_LDX uses reserved fields"),
                InstructionClass.Store => When(instruction.Src != 0, "BPF_ST uses reserved fields"),
                InstructionClass.StoreRegister => StoreRegister(instruction),
                InstructionClass.Alu or InstructionClass.Alu64 => Arithmetic(instruction),
                _ => Jump(instruction),
            } ?? MissingRegister(instruction);
    }

    /// <summary>Whether the opcode byte starts an instruction, whatever the other fields.</summary>
    public static bool IsKnown(byte opcode)
    {
        var mode = Opcode.ModeOf(opcode);
        var size = Opcode.SizeOf(opcode);
        return Opcode.ClassOf(opcode) switch
        {
            InstructionClass.Load => opcode == Opcode.LoadImmediate64
                || (mode is AddressMode.Absolute or AddressMode.Indirect && size != OperandSize.DoubleWord),
            InstructionClass.LoadRegister => mode == AddressMode.Memory
                || (mode == AddressMode.MemorySigned && size != OperandSize.DoubleWord),
            InstructionClass.Store => mode == AddressMode.Memory,
            InstructionClass.StoreRegister => mode is AddressMode.Memory or AddressMode.Atomic,
            InstructionClass.Alu => IsKnownArithmetic(opcode) || Opcode.AluOperationOf(opcode) == AluOperation.ByteSwap,
            InstructionClass.Alu64 => IsKnownArithmetic(opcode)
                || opcode == Opcode.Of(InstructionClass.Alu64, AluOperation.ByteSwap, OperandSource.Immediate),
            _ => Opcode.IsConditionalJump(opcode)
                || opcode is Opcode.Goto or Opcode.GotoLong or Opcode.Call or Opcode.Exit,
        };
    }

    private static bool IsKnownArithmetic(byte opcode) =>
        Opcode.AluOperationOf(opcode) switch
        {
            AluOperation.Negate => Opcode.SourceOf(opcode) == OperandSource.Immediate,
            var operation => operation <= AluOperation.ArithmeticShiftRight,
        };

    private static string? Load(ReadOnlySpan<Instruction> program, int slot)
    {
        var first = program[slot];
        if (first.Opcode != Opcode.LoadImmediate64)
        {
            var absolute = Opcode.ModeOf(first.Opcode) == AddressMode.Absolute;
            return When(
                first.Dst != 0 || first.Offset != 0 || (absolute && first.Src != 0),
                "BPF_LD_[ABS|IND] uses reserved fields"
            );
        }
        if (slot + 1 >= program.Length)
            return "invalid bpf_ld_imm64 insn";
        var second = program[slot + 1];
        if (second.Opcode != 0 || second.Dst != 0 || second.Src != 0 || second.Offset != 0)
            return "invalid bpf_ld_imm64 insn";
        if (first.Offset != 0)
            return "BPF_LD_IMM64 uses reserved fields";
        return (ImmediateKind)first.Src switch
        {
            > ImmediateKind.MapIndexValue => "unrecognized bpf_ld_imm64 insn",
            ImmediateKind.MapDescriptor or ImmediateKind.MapIndex or ImmediateKind.Function => When(
                second.Imm != 0,
                "unrecognized bpf_ld_imm64 insn"
            ),
            _ => null,
        };
    }

    private static string? StoreRegister(Instruction instruction)
    {
        if (Opcode.ModeOf(instruction.Opcode) == AddressMode.Memory)
            return When(instruction.Imm != 0, "BPF_STX uses reserved fields");
        var narrow = Opcode.SizeOf(instruction.Opcode) is OperandSize.Byte or OperandSize.HalfWord;
        return (AtomicOperation)instruction.Imm switch
        {
            AtomicOperation.LoadAcquire or AtomicOperation.StoreRelease => null,
            AtomicOperation.Add
            or AtomicOperation.Or
            or AtomicOperation.And
            or AtomicOperation.Xor
            or AtomicOperation.FetchAdd
            or AtomicOperation.FetchOr
            or AtomicOperation.FetchAnd
            or AtomicOperation.FetchXor
            or AtomicOperation.Exchange
            or AtomicOperation.CompareExchange => When(narrow, "invalid atomic operand size"),
            _ => $"BPF_ATOMIC uses invalid atomic opcode {instruction.Imm:x2}",
        };
    }

    private static string? Arithmetic(Instruction instruction)
    {
        var (opcode, _, src, offset, imm) = instruction;
        var wide = Opcode.ClassOf(opcode) == InstructionClass.Alu64;
        var fromRegister = Opcode.SourceOf(opcode) == OperandSource.Register;
        var operation = Opcode.AluOperationOf(opcode);
        switch (operation)
        {
            case AluOperation.Negate:
                return When(src != 0 || offset != 0 || imm != 0, "BPF_NEG uses reserved fields");
            case AluOperation.ByteSwap:
                return When(src != 0 || offset != 0 || imm is not (16 or 32 or 64), "BPF_END uses reserved fields");
            case AluOperation.Move when fromRegister:
                var extends = offset is 8 or 16 || (offset == 32 && wide);
                return When((offset != 0 && !extends) || imm != 0, "BPF_MOV uses reserved fields");
            case AluOperation.Move:
                return When(src != 0 || offset != 0, "BPF_MOV uses reserved fields");
            default:
                var signed = offset == 1 && operation is AluOperation.Divide or AluOperation.Modulo;
                var unused = fromRegister ? imm : src;
                return When(unused != 0 || (offset != 0 && !signed), "BPF_ALU uses reserved fields");
        }
    }

    private static string? Jump(Instruction instruction)
    {
        var (opcode, dst, src, offset, imm) = instruction;
        switch (opcode)
        {
            case Opcode.Call:
                return When(dst != 0 || offset != 0 || src > (byte)CallTarget.BtfId, "BPF_CALL uses reserved fields");
            case Opcode.Exit:
                return When(dst != 0 || src != 0 || offset != 0 || imm != 0, "BPF_EXIT uses reserved fields");
            case Opcode.Goto:
                return When(dst != 0 || src != 0 || imm != 0, "BPF_JA uses reserved fields");
            case Opcode.GotoLong:
                return When(dst != 0 || src != 0 || offset != 0, "BPF_JA uses reserved fields");
            default:
                var unused = Opcode.SourceOf(opcode) == OperandSource.Register ? imm : src;
                return When(unused != 0, "BPF_JMP/JMP32 uses reserved fields");
        }
    }

    // Register fields that are not registers here were required to be smaller above.
    private static string? MissingRegister(Instruction instruction) =>
        instruction.Dst >= Register.Count ? $"R{instruction.Dst} is invalid"
        : instruction.Src >= Register.Count ? $"R{instruction.Src} is invalid"
        : null;

    private static string? When(bool illegal, string reason) => illegal ? reason : null;
}
