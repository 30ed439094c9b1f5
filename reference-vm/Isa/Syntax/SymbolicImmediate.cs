namespace Conformance.ReferenceVm.Isa.Syntax;

/// <summary>
/// 64-bit immediate loads of something that is known only at load: <c>map[storage] ll</c> (by name), <c>map[fd:3] ll</c>, <c>map[idx:0] ll</c>,
/// <c>map_value[storage + 8] ll</c> and likewise with fd and idx, <c>var[7] ll</c>, <c>func[label] ll</c>, <c>func[+3] ll</c>.
/// </summary>
internal static class SymbolicImmediate
{
    public static bool Parse(LineReader reader, ProgramBuilder program, RegisterOperand target)
    {
        if (!target.Wide)
            return reader.Fail(target.Token, $"a 64-bit immediate needs r{target.Number}, not {target.Token.Text}");
        var what = reader.Take().Text;
        if (!reader.Expect("["))
            return false;
        return what switch
        {
            "func" => Function(reader, program, target.Number),
            "var" => Variable(reader, program, target.Number),
            _ => Map(reader, program, target.Number, value: what.Length > "map".Length),
        };
    }

    private static bool Map(LineReader reader, ProgramBuilder program, byte register, bool value)
    {
        var byName = !string.Equals(reader.PeekSecond.Text, ":", StringComparison.Ordinal);
        var name = reader.Take();
        if (!name.IsName)
            return reader.Fail(name, $"expected the name of a map, fd:N or idx:N, found {name}");
        var kind = value ? ImmediateKind.MapDescriptorValue : ImmediateKind.MapDescriptor;
        var number = 0;
        if (!byName)
        {
            if (name.Text is not ("fd" or "idx"))
                return reader.Fail(name, $"expected fd:N or idx:N, found {name}");
            if (string.Equals(name.Text, "idx", StringComparison.Ordinal))
                kind = value ? ImmediateKind.MapIndexValue : ImmediateKind.MapIndex;
            reader.Take();
            if (!reader.Immediate(signExtended: false, out number))
                return false;
        }
        var upper = 0;
        if (value && !Displacement(reader, out upper))
            return false;
        if (!End(reader))
            return false;
        var first = new Instruction(Opcode.LoadImmediate64, register, (byte)kind, 0, number);
        if (byName)
            program.AddMapReference(first, name.Text, upper, reader.Line);
        else
            program.AddWide(first, upper, reader.Line);
        return true;
    }

    private static bool Variable(LineReader reader, ProgramBuilder program, byte register)
    {
        if (!reader.Immediate(signExtended: false, out var id) || !Displacement(reader, out var upper) || !End(reader))
            return false;
        var first = new Instruction(Opcode.LoadImmediate64, register, (byte)ImmediateKind.Variable, 0, id);
        program.AddWide(first, upper, reader.Line);
        return true;
    }

    private static bool Function(LineReader reader, ProgramBuilder program, byte register)
    {
        if (!reader.Target(out var function) || !End(reader))
            return false;
        var first = new Instruction(Opcode.LoadImmediate64, register, (byte)ImmediateKind.Function, 0, 0);
        if (!program.AddJump(first, function, reader))
            return false;
        program.Add(default, reader.Line);
        return true;
    }

    private static bool Displacement(LineReader reader, out int value)
    {
        value = 0;
        return reader.Peek.Text is not ("+" or "-") || reader.Immediate(signExtended: false, out value);
    }

    private static bool End(LineReader reader) => reader.Expect("]") && reader.Expect("ll");
}
