using System.Globalization;

namespace Conformance.ReferenceVm.Isa.Syntax;

/// <summary>Parses one instruction that is not an assignment to a register; those are <see cref="AssignmentParser"/>'s.</summary>
internal static class StatementParser
{
    public static bool Parse(LineReader reader, ProgramBuilder program)
    {
        var first = reader.Peek;
        switch (first.Text)
        {
            case "exit":
                reader.Take();
                program.Add(new Instruction(Opcode.Exit, 0, 0, 0, 0), reader.Line);
                return true;
            case "goto":
            case "gotol":
                return Goto(reader, program);
            case "call":
                return Call(reader, program);
            case "if":
                return If(reader, program);
            case "*":
                return Store(reader, program);
            case "lock":
                return AtomicParser.Locked(reader, program);
            case "store_release":
                return AtomicParser.StoreRelease(reader, program);
            case ".raw":
                return Raw(reader, program);
        }
        if (LineReader.LooksLikeRegister(first))
            return AssignmentParser.Parse(reader, program);
        return reader.Fail(first.IsName ? $"unknown mnemonic {first}" : $"expected an instruction, found {first}");
    }

    private static bool Goto(LineReader reader, ProgramBuilder program)
    {
        var opcode = reader.Take().Text.Length == "goto".Length ? Opcode.Goto : Opcode.GotoLong;
        return reader.Target(out var target) && program.AddJump(new Instruction(opcode, 0, 0, 0, 0), target, reader);
    }

    private static bool Call(LineReader reader, ProgramBuilder program)
    {
        reader.Take();
        if (reader.Peek.IsNumber)
            return HelperNumber(reader, program, CallTarget.Helper);
        if (!string.Equals(reader.PeekSecond.Text, "#", StringComparison.Ordinal))
            return reader.Target(out var target)
                && program.AddJump(new Instruction(Opcode.Call, 0, (byte)CallTarget.Local, 0, 0), target, reader);
        var name = reader.Take();
        reader.Take();
        if (string.Equals(name.Text, "kfunc", StringComparison.Ordinal))
            return HelperNumber(reader, program, CallTarget.BtfId);
        return NamedHelper(name, reader, program);
    }

    private static bool NamedHelper(Token name, LineReader reader, ProgramBuilder program)
    {
        var at = reader.Peek;
        if (!reader.Immediate(signExtended: false, out var number))
            return false;
        // A name and a number that contradict each other are a mistake in one of them; an unknown name is only a remark.
        var meant = HelperNames.NumberOf(name.Text);
        if (meant is not null && meant != number)
            return reader.Fail(at, $"{name.Text} is helper {meant}, not {number}");
        program.Add(new Instruction(Opcode.Call, 0, (byte)CallTarget.Helper, 0, number), reader.Line);
        return true;
    }

    private static bool HelperNumber(LineReader reader, ProgramBuilder program, CallTarget target)
    {
        if (!reader.Immediate(signExtended: false, out var number))
            return false;
        program.Add(new Instruction(Opcode.Call, 0, (byte)target, 0, number), reader.Line);
        return true;
    }

    private static bool If(LineReader reader, ProgramBuilder program)
    {
        reader.Take();
        if (!reader.Register(out var left))
            return false;
        if (!Mnemonics.TryComparison(reader.Peek.Text, out var operation))
            return reader.Fail($"expected a comparison, found {reader.Peek}");
        reader.Take();
        var @class = left.Wide ? InstructionClass.Jump : InstructionClass.Jump32;
        byte right = 0;
        var imm = 0;
        var source = OperandSource.Immediate;
        if (LineReader.LooksLikeRegister(reader.Peek))
        {
            source = OperandSource.Register;
            if (!reader.Register(left.Wide, out var register))
                return false;
            right = register.Number;
        }
        else if (!reader.Immediate(left.Wide, out imm))
            return false;
        var instruction = new Instruction(Opcode.Of(@class, operation, source), left.Number, right, 0, imm);
        return reader.Expect("goto") && reader.Target(out var target) && program.AddJump(instruction, target, reader);
    }

    private static bool Store(LineReader reader, ProgramBuilder program)
    {
        reader.Take();
        if (
            !UnsignedPointer(reader, out var size)
            || !reader.Address(out var register, out var offset)
            || !reader.Expect("=")
        )
            return false;
        var wide = size == OperandSize.DoubleWord;
        if (!LineReader.LooksLikeRegister(reader.Peek))
        {
            var store = Opcode.Of(InstructionClass.Store, AddressMode.Memory, size);
            if (!reader.Immediate(wide, out var imm))
                return false;
            program.Add(new Instruction(store, register, 0, offset, imm), reader.Line);
            return true;
        }
        // Narrow stores take the register under either name.
        if (!reader.Register(out var value))
            return false;
        if (wide && !value.Wide)
            return reader.Fail(value.Token, $"a 64-bit store needs r{value.Number}, not {value.Token.Text}");
        var opcode = Opcode.Of(InstructionClass.StoreRegister, AddressMode.Memory, size);
        program.Add(new Instruction(opcode, register, value.Number, offset, 0), reader.Line);
        return true;
    }

    /// <summary>A pointer type of stores and atomics, where a sign means nothing.</summary>
    public static bool UnsignedPointer(LineReader reader, out OperandSize size)
    {
        var at = reader.PeekSecond;
        if (!reader.PointerType(out size, out var signed))
            return false;
        return !signed || reader.Fail(at, $"{at.Text} is a type of loads: only they extend the sign");
    }

    private static bool Raw(LineReader reader, ProgramBuilder program)
    {
        reader.Take();
        Span<byte> bytes = stackalloc byte[Instruction.Size];
        for (var index = 0; index < bytes.Length; index++)
        {
            var token = reader.Peek;
            if (
                token.Text.Length != 2
                || !byte.TryParse(
                    token.Text,
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out bytes[index]
                )
            )
                return reader.Fail(
                    $"expected {Instruction.Size} bytes of two hex digits, found {token} in place of byte {index + 1}"
                );
            reader.Take();
        }
        program.Add(Bytecode.DecodeSlot(bytes), reader.Line);
        return true;
    }
}
