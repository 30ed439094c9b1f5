namespace Conformance.ReferenceVm.Isa.Syntax;

/// <summary>The legacy packet loads (RFC 9669 section 5.5): <c>r0 = *(u8 *)skb[14]</c>, <c>r0 = *(u16 *)skb[r3 + 4]</c>.</summary>
internal static class PacketLoad
{
    public static bool IsNext(LineReader reader) =>
        string.Equals(reader.PeekAt(5).Text, "skb", StringComparison.Ordinal);

    public static bool Parse(LineReader reader, ProgramBuilder program, RegisterOperand target)
    {
        reader.Take();
        var at = reader.PeekSecond;
        if (!StatementParser.UnsignedPointer(reader, out var size))
            return false;
        if (target.Number != Register.Result || !target.Wide)
            return reader.Fail(target.Token, "packet loads always load into r0");
        if (size == OperandSize.DoubleWord)
            return reader.Fail(at, "packet loads have at most 32 bits");
        if (!reader.Expect("skb") || !reader.Expect("["))
            return false;
        byte register = 0;
        var imm = 0;
        var mode = AddressMode.Absolute;
        if (LineReader.LooksLikeRegister(reader.Peek))
        {
            mode = AddressMode.Indirect;
            if (!reader.AddressRegister(out register))
                return false;
            if (reader.Peek.Text is "+" or "-" && !reader.Immediate(signExtended: true, out imm))
                return false;
        }
        else if (!reader.Immediate(signExtended: true, out imm))
            return false;
        if (!reader.Expect("]"))
            return false;
        var opcode = Opcode.Of(InstructionClass.Load, mode, size);
        program.Add(new Instruction(opcode, 0, register, 0, imm), reader.Line);
        return true;
    }
}
