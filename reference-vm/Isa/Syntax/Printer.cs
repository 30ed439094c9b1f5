namespace Conformance.ReferenceVm.Isa.Syntax;

/// <summary>Prints legal instructions. Immediates are signed decimals, 64-bit ones hex, distances signed.</summary>
internal sealed class Printer(DisassemblyNames names, IReadOnlySet<int> labels)
{
    public static string Label(int slot) => $"L{slot}";

    public string Print(ReadOnlySpan<Instruction> program, int slot)
    {
        var instruction = program[slot];
        return Opcode.ClassOf(instruction.Opcode) switch
        {
            InstructionClass.Alu or InstructionClass.Alu64 => Arithmetic(instruction),
            InstructionClass.Jump or InstructionClass.Jump32 => Jump(instruction, slot),
            InstructionClass.LoadRegister =>
                $"r{instruction.Dst} = *{Pointer(instruction)}{Memory(instruction.Src, instruction)}",
            InstructionClass.Store =>
                $"*{Pointer(instruction)}{Memory(instruction.Dst, instruction)} = {instruction.Imm}",
            InstructionClass.StoreRegister when Opcode.IsAtomic(instruction.Opcode) => Atomic(instruction),
            InstructionClass.StoreRegister =>
                $"*{Pointer(instruction)}{Memory(instruction.Dst, instruction)} = r{instruction.Src}",
            _ => instruction.Opcode == Opcode.LoadImmediate64
                ? $"r{instruction.Dst} = {Immediate(instruction, program[slot + 1].Imm, slot)} ll"
                : PacketLoad(instruction),
        };
    }

    private static string Arithmetic(Instruction instruction)
    {
        var (opcode, dst, src, offset, imm) = instruction;
        var letter = Opcode.ClassOf(opcode) == InstructionClass.Alu64 ? 'r' : 'w';
        var operation = Opcode.AluOperationOf(opcode);
        var operand = Opcode.SourceOf(opcode) == OperandSource.Register ? $"{letter}{src}" : $"{imm}";
        return operation switch
        {
            AluOperation.Negate => $"{letter}{dst} = -{letter}{dst}",
            AluOperation.ByteSwap => $"r{dst} = {Swap(opcode)}{imm} r{dst}",
            AluOperation.Move when offset != 0 => $"{letter}{dst} = (s{offset}){operand}",
            AluOperation.Move => $"{letter}{dst} = {operand}",
            _ => $"{letter}{dst} {Mnemonics.Of(operation, signed: offset != 0)} {operand}",
        };
    }

    private static string Swap(byte opcode) =>
        Opcode.ClassOf(opcode) == InstructionClass.Alu64 ? "bswap"
        : Opcode.SourceOf(opcode) == OperandSource.Register ? "be"
        : "le";

    private string Jump(Instruction instruction, int slot)
    {
        var (opcode, dst, src, offset, imm) = instruction;
        switch (opcode)
        {
            case Opcode.Exit:
                return "exit";
            case Opcode.Goto:
                return $"goto {Target(slot, offset)}";
            case Opcode.GotoLong:
                return $"gotol {Target(slot, imm)}";
            case Opcode.Call:
                return (CallTarget)src switch
                {
                    CallTarget.Local => $"call {Target(slot, imm)}",
                    CallTarget.BtfId => $"call kfunc#{(uint)imm}",
                    _ => HelperNames.Of(imm) is { } name ? $"call {name}#{imm}" : $"call {(uint)imm}",
                };
            default:
                var letter = Opcode.ClassOf(opcode) == InstructionClass.Jump ? 'r' : 'w';
                var operand = Opcode.SourceOf(opcode) == OperandSource.Register ? $"{letter}{src}" : $"{imm}";
                var comparison = Mnemonics.Of(Opcode.JumpOperationOf(opcode));
                return $"if {letter}{dst} {comparison} {operand} goto {Target(slot, offset)}";
        }
    }

    private static string Atomic(Instruction instruction)
    {
        var (opcode, dst, src, _, imm) = instruction;
        var wide = Opcode.SizeOf(opcode) == OperandSize.DoubleWord;
        var letter = wide ? 'r' : 'w';
        var suffix = wide ? "_64" : "32_32";
        var memory = Pointer(instruction) + Memory(dst, instruction);
        var operation = (AtomicOperation)imm;
        if (Mnemonics.TryLocked(operation, out var symbol))
            return $"lock *{memory} {symbol} {letter}{src}";
        if (Mnemonics.TryFetching(operation, out var name))
            return $"{letter}{src} = {name}({memory}, {letter}{src})";
        return operation switch
        {
            AtomicOperation.Exchange => $"{letter}{src} = xchg{suffix}({BareMemory(dst, instruction)}, {letter}{src})",
            AtomicOperation.CompareExchange =>
                $"{letter}0 = cmpxchg{suffix}({BareMemory(dst, instruction)}, {letter}0, {letter}{src})",
            AtomicOperation.LoadAcquire =>
                $"{letter}{dst} = load_acquire({Pointer(instruction)}{Memory(src, instruction)})",
            _ => $"store_release({memory}, {letter}{src})",
        };
    }

    private string Immediate(Instruction first, int upper, int slot)
    {
        var (_, _, src, _, imm) = first;
        var displacement = upper == 0 ? "" : $" + {(uint)upper}";
        return (ImmediateKind)src switch
        {
            ImmediateKind.MapDescriptor => $"map[{names.MapAt(slot) ?? $"fd:{(uint)imm}"}]",
            ImmediateKind.MapDescriptorValue => $"map_value[{names.MapAt(slot) ?? $"fd:{(uint)imm}"}{displacement}]",
            ImmediateKind.Variable => $"var[{(uint)imm}{displacement}]",
            ImmediateKind.Function => $"func[{Target(slot, imm)}]",
            ImmediateKind.MapIndex => $"map[idx:{(uint)imm}]",
            ImmediateKind.MapIndexValue => $"map_value[idx:{(uint)imm}{displacement}]",
            _ => $"0x{(ulong)(uint)upper << 32 | (uint)imm:x}",
        };
    }

    private static string PacketLoad(Instruction instruction)
    {
        var (opcode, _, src, _, imm) = instruction;
        var index =
            Opcode.ModeOf(opcode) == AddressMode.Absolute ? $"{imm}"
            : imm == 0 ? $"r{src}"
            : $"r{src} {Displacement(imm)}";
        return $"r0 = *{Pointer(instruction)}skb[{index}]";
    }

    private string Target(int slot, int distance)
    {
        var target = slot + 1L + distance;
        return target >= 0 && target <= int.MaxValue && labels.Contains((int)target)
            ? Label((int)target)
            : $"{distance:+0;-0;+0}";
    }

    private static string Pointer(Instruction instruction)
    {
        var signed = Opcode.ModeOf(instruction.Opcode) == AddressMode.MemorySigned;
        return $"({Mnemonics.Of(Opcode.SizeOf(instruction.Opcode), signed)} *)";
    }

    private static string Memory(byte register, Instruction instruction) => $"({BareMemory(register, instruction)})";

    private static string BareMemory(byte register, Instruction instruction) =>
        $"r{register} {Displacement(instruction.Offset)}";

    private static string Displacement(int offset) => offset < 0 ? $"- {-(long)offset}" : $"+ {offset}";
}
