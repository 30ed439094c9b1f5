namespace Conformance.ReferenceVm.Isa.Syntax;

/// <summary>The program as it grows: slots, labels, references that wait for labels.</summary>
internal sealed class ProgramBuilder
{
    private readonly List<Instruction> _slots = [];
    private readonly List<int> _lines = [];
    private readonly List<(int Slot, string Map)> _maps = [];
    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _labelLines = new(StringComparer.Ordinal);
    private readonly List<(int Slot, Token Label, int Line)> _pending = [];

    public void Add(Instruction instruction, int line)
    {
        _slots.Add(instruction);
        _lines.Add(line);
    }

    /// <summary>Adds an instruction that goes somewhere: by the offset, or by the immediate where the opcode has it there.</summary>
    public bool AddJump(Instruction instruction, Target target, LineReader reader)
    {
        if (target.Distance is { } distance)
        {
            if (!TrySetDistance(ref instruction, distance))
                return reader.Fail(target.Token, TooFar($"distance {distance:+0;-0}", instruction));
        }
        else
            _pending.Add((_slots.Count, target.Token, reader.Line));
        Add(instruction, reader.Line);
        return true;
    }

    public void AddMapReference(Instruction first, string map, int upper, int line)
    {
        _maps.Add((_slots.Count, map));
        AddWide(first, upper, line);
    }

    /// <summary>Adds a 64-bit immediate load: the second slot has nothing but the upper half.</summary>
    public void AddWide(Instruction first, int upper, int line)
    {
        Add(first, line);
        Add(new Instruction(0, 0, 0, 0, upper), line);
    }

    public bool Define(Token label, LineReader reader)
    {
        if (LineReader.LooksLikeRegister(label))
            return reader.Fail(label, $"{label.Text} is a register and cannot be a label");
        if (!_labels.TryAdd(label.Text, _slots.Count))
            return reader.Fail(label, $"label '{label.Text}' is already defined in line {_labelLines[label.Text]}");
        _labelLines[label.Text] = reader.Line;
        return true;
    }

    public AssemblyResult Finish()
    {
        foreach (var (slot, label, line) in _pending)
        {
            var instruction = _slots[slot];
            if (_labels.TryGetValue(label.Text, out var target))
            {
                if (!TrySetDistance(ref instruction, target - slot - 1))
                    return Failure(TooFar($"label '{label.Text}', {target - slot - 1:+0;-0} slots away", instruction));
            }
            else if (instruction.Opcode == Opcode.Call && HelperNames.NumberOf(label.Text) is { } helper)
                instruction = instruction with { Src = (byte)CallTarget.Helper, Imm = helper };
            else
                return Failure(
                    instruction.Opcode == Opcode.Call
                        ? $"'{label.Text}' is neither a label nor a known helper"
                        : $"undefined label '{label.Text}'"
                );
            _slots[slot] = instruction;

            AssemblyResult Failure(string message) =>
                AssemblyResult.Failure(new AssemblyError(message, line, label.Column));
        }
        return AssemblyResult.Success([.. _slots], _maps, _labels, _lines);
    }

    private static bool TrySetDistance(ref Instruction instruction, int distance)
    {
        if (instruction.Opcode is Opcode.GotoLong or Opcode.Call or Opcode.LoadImmediate64)
        {
            instruction = instruction with { Imm = distance };
            return true;
        }
        instruction = instruction with { Offset = unchecked((short)distance) };
        return instruction.Offset == distance;
    }

    private static string TooFar(string what, Instruction instruction) =>
        $"jump too far: {what}, where {short.MinValue} to {short.MaxValue} fit"
        + (instruction.Opcode == Opcode.Goto ? " (gotol reaches further)" : "");
}
