using System.Text;
using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>The log of a walk, in the kernel's style: each instruction, what became of its destination, the reason of a refusal.</summary>
internal sealed class VerifierLog
{
    private readonly StringBuilder _text = new();
    private readonly bool _verbose;

    public VerifierLog(int level) => _verbose = level > 0;

    /// <summary>The line every log ends with.</summary>
    public static string Statistics(int instructions, int limit, int mostStates, int states) =>
        $"processed {instructions} insns (limit {limit}) max_states_per_insn {mostStates} total_states {states} peak_states {states} mark_read 0";

    public void Line(string line) => _text.Append(line).Append('\n');

    /// <summary>Writes a line that is not about an instruction, where instructions are logged.</summary>
    public void Note(string line)
    {
        if (!_verbose)
            return;
        if (_text.Length > 0 && _text[^1] != '\n')
            _text.Append('\n');
        Line(line);
    }

    /// <summary>Writes the instruction at hand, or why it is not walked.</summary>
    public void Instruction(Analysis analysis, string? instead = null)
    {
        if (!_verbose)
            return;
        var slot = analysis.Slot;
        var text = instead ?? $"({analysis.Instruction.Opcode:x2}) {Disassembler.Instruction(analysis.Code, slot)}";
        _text.Append(slot).Append(": ").Append(text);
        if (instead is not null)
            _text.Append('\n');
    }

    /// <summary>Writes what the destination holds now, behind the instruction.</summary>
    public void State(Analysis analysis)
    {
        if (!_verbose)
            return;
        if (Destination(analysis.Instruction) is { } register && analysis.State[register].IsInitialised)
            _text.Append(" ; R").Append(register).Append('=').Append(RegisterText.Of(analysis.State[register]));
        _text.Append('\n');
    }

    /// <summary>The whole log, with the reason of a refusal and the statistics.</summary>
    public string Finish(string? reason, string statistics)
    {
        if (reason is not null)
        {
            if (_text.Length > 0 && _text[^1] != '\n')
                _text.Append('\n');
            Line(reason);
        }
        Line(statistics);
        return _text.ToString();
    }

    private static int? Destination(Instruction instruction) =>
        Opcode.ClassOf(instruction.Opcode) switch
        {
            InstructionClass.Alu or InstructionClass.Alu64 or InstructionClass.Load or InstructionClass.LoadRegister =>
                instruction.Dst,
            InstructionClass.Jump when instruction.Opcode == Opcode.Call => Register.Result,
            _ => null,
        };
}
