namespace Conformance.ReferenceVm.Isa.Syntax;

/// <summary>Parses instructions that begin with a register: arithmetic, moves, loads, byte swaps, 64-bit immediates.</summary>
internal static class AssignmentParser
{
    public static bool Parse(LineReader reader, ProgramBuilder program)
    {
        if (!reader.Register(out var target))
            return false;
        if (Mnemonics.TryArithmetic(reader.Peek.Text, out var found))
        {
            reader.Take();
            var offset = (short)(found.Signed ? 1 : 0);
            return Arithmetic(reader, program, target, found.Operation, offset);
        }
        if (!reader.Accept("="))
            return reader.Fail($"expected '=' or an operation such as '+=', found {reader.Peek}");
        return Value(reader, program, target);
    }

    private static bool Value(LineReader reader, ProgramBuilder program, RegisterOperand target)
    {
        var next = reader.Peek;
        if (next.IsNumber || (next.Text is "-" or "+" && reader.PeekSecond.IsNumber))
            return Number(reader, program, target);
        if (LineReader.LooksLikeRegister(next))
            return Arithmetic(reader, program, target, AluOperation.Move, 0);
        switch (next.Text)
        {
            case "-":
                return Negation(reader, program, target);
            case "(":
                return SignExtension(reader, program, target);
            case "*":
                return PacketLoad.IsNext(reader)
                    ? PacketLoad.Parse(reader, program, target)
                    : Load(reader, program, target);
            case "map" or "map_value" or "var" or "func":
                return SymbolicImmediate.Parse(reader, program, target);
        }
        return ByteSwap(reader, program, target, out var isSwap)
            || (!isSwap && AtomicParser.Fetching(reader, program, target));
    }

    private static bool Arithmetic(
        LineReader reader,
        ProgramBuilder program,
        RegisterOperand target,
        AluOperation operation,
        short offset
    )
    {
        byte register = 0;
        var imm = 0;
        var source = OperandSource.Immediate;
        if (LineReader.LooksLikeRegister(reader.Peek))
        {
            source = OperandSource.Register;
            if (!reader.Register(target.Wide, out var operand))
                return false;
            register = operand.Number;
        }
        else if (!reader.Immediate(target.Wide, out imm))
            return false;
        Add(reader, program, target, operation, source, register, offset, imm);
        return true;
    }

    private static bool Number(LineReader reader, ProgramBuilder program, RegisterOperand target)
    {
        if (!reader.Number(out var value, out var at))
            return false;
        if (!reader.Accept("ll"))
        {
            var most = target.Wide ? int.MaxValue : uint.MaxValue;
            if (value < int.MinValue || value > most)
                return reader.Fail(
                    at,
                    $"immediate {value} is out of range: {int.MinValue} to {most} fit here, 64 bits with a following 'll'"
                );
            Add(reader, program, target, AluOperation.Move, OperandSource.Immediate, 0, 0, unchecked((int)(long)value));
            return true;
        }
        if (!target.Wide)
            return reader.Fail(target.Token, $"a 64-bit immediate needs r{target.Number}, not {target.Token.Text}");
        if (value < long.MinValue)
            return reader.Fail(at, $"immediate {value} does not fit 64 bits");
        var bits = unchecked((ulong)value);
        program.AddWide(
            new Instruction(Opcode.LoadImmediate64, target.Number, 0, 0, unchecked((int)bits)),
            unchecked((int)(bits >> 32)),
            reader.Line
        );
        return true;
    }

    private static bool Negation(LineReader reader, ProgramBuilder program, RegisterOperand target)
    {
        reader.Take();
        if (!SameRegister(reader, target, "a negation"))
            return false;
        Add(reader, program, target, AluOperation.Negate, OperandSource.Immediate, 0, 0, 0);
        return true;
    }

    private static bool SignExtension(LineReader reader, ProgramBuilder program, RegisterOperand target)
    {
        reader.Take();
        var type = reader.Take();
        if (!Mnemonics.TrySize(type.Text, out var found) || !found.Signed)
            return reader.Fail(type, $"expected s8, s16 or s32, found {type}");
        if (found.Size == OperandSize.Word && !target.Wide)
            return reader.Fail(type, $"s32 extends to 64 bits: r{target.Number}, not {target.Token.Text}");
        if (!reader.Expect(")") || !reader.Register(target.Wide, out var source))
            return false;
        var bits = (short)(8 * found.Size.Bytes());
        Add(reader, program, target, AluOperation.Move, OperandSource.Register, source.Number, bits, 0);
        return true;
    }

    private static bool ByteSwap(LineReader reader, ProgramBuilder program, RegisterOperand target, out bool isSwap)
    {
        var name = reader.Peek.Text;
        var (width, opcode) = name switch
        {
            "le16" or "le32" or "le64" => (name[2..], 0xd4),
            "be16" or "be32" or "be64" => (name[2..], 0xdc),
            "bswap16" or "bswap32" or "bswap64" => (name[5..], 0xd7),
            _ => ("", 0),
        };
        isSwap = opcode != 0;
        if (!isSwap)
            return false;
        if (!target.Wide)
            return reader.Fail(target.Token, $"a byte swap needs r{target.Number}, not {target.Token.Text}");
        reader.Take();
        if (!SameRegister(reader, target, "a byte swap"))
            return false;
        var bits = int.Parse(width, System.Globalization.CultureInfo.InvariantCulture);
        program.Add(new Instruction((byte)opcode, target.Number, 0, 0, bits), reader.Line);
        return true;
    }

    private static bool Load(LineReader reader, ProgramBuilder program, RegisterOperand target)
    {
        reader.Take();
        if (!reader.PointerType(out var size, out var signed) || !reader.Address(out var source, out var offset))
            return false;
        if (!target.Wide && (signed || size == OperandSize.DoubleWord))
            return reader.Fail(target.Token, $"this load fills 64 bits: r{target.Number}, not {target.Token.Text}");
        var mode = signed ? AddressMode.MemorySigned : AddressMode.Memory;
        var opcode = Opcode.Of(InstructionClass.LoadRegister, mode, size);
        program.Add(new Instruction(opcode, target.Number, source, offset, 0), reader.Line);
        return true;
    }

    private static bool SameRegister(LineReader reader, RegisterOperand target, string what)
    {
        if (!reader.Register(target.Wide, out var operand))
            return false;
        return operand.Number == target.Number
            || reader.Fail(operand.Token, $"{what} works in place: {target.Token.Text}, not {operand.Token.Text}");
    }

    private static void Add(
        LineReader reader,
        ProgramBuilder program,
        RegisterOperand target,
        AluOperation operation,
        OperandSource source,
        byte register,
        short offset,
        int imm
    )
    {
        var @class = target.Wide ? InstructionClass.Alu64 : InstructionClass.Alu;
        var opcode = Opcode.Of(@class, operation, source);
        program.Add(new Instruction(opcode, target.Number, register, offset, imm), reader.Line);
    }
}
