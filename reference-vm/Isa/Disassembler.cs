using System.Text;
using Conformance.ReferenceVm.Isa.Syntax;

namespace Conformance.ReferenceVm.Isa;

/// <summary>One line of a disassembly.</summary>
/// <param name="Instruction">The slot.</param>
/// <param name="Label">The label that stands before it, or null.</param>
/// <param name="Text">The instruction.</param>
public readonly record struct DisassembledInstruction(int Instruction, string? Label, string Text);

/// <summary>What a disassembly calls things.</summary>
public sealed record DisassemblyNames
{
    /// <summary>Distances as numbers, maps by descriptor.</summary>
    public static DisassemblyNames None { get; } = new();

    /// <summary>Whether the targets of jumps, calls and function references get labels, named after their slots: <c>L7</c>.</summary>
    public bool Labels { get; init; }

    /// <summary>The name of the map that the 64-bit immediate load at a slot refers to, or null.</summary>
    public Func<int, string?> MapAt { get; init; } = _ => null;
}

/// <summary>
/// Turns instructions into text that <see cref="Assembler"/> turns back into the same bytes. What is no legal instruction becomes
/// <c>.raw</c> and its eight bytes.
/// </summary>
public static class Disassembler
{
    /// <summary>One instruction, without labels and names.</summary>
    public static string Instruction(ReadOnlySpan<Instruction> program, int slot) =>
        Text(program, slot, new Printer(DisassemblyNames.None, new HashSet<int>()));

    /// <summary>A program, by instructions: a 64-bit immediate load is one of two slots.</summary>
    public static IReadOnlyList<DisassembledInstruction> Disassemble(
        ReadOnlySpan<Instruction> program,
        DisassemblyNames? names = null
    )
    {
        names ??= DisassemblyNames.None;
        var labels = names.Labels ? JumpTargets.In(program) : [];
        var printer = new Printer(names, labels);
        var lines = new List<DisassembledInstruction>();
        for (var slot = 0; slot < program.Length; slot += JumpTargets.LegalSlotsAt(program, slot))
        {
            var label = labels.Contains(slot) ? Printer.Label(slot) : null;
            lines.Add(new DisassembledInstruction(slot, label, Text(program, slot, printer)));
        }
        return lines;
    }

    /// <summary>A program as a text that can be assembled: labels on lines of their own, instructions indented where there are labels.</summary>
    public static string ToText(ReadOnlySpan<Instruction> program, DisassemblyNames? names = null)
    {
        var indent = names is { Labels: true } ? "    " : "";
        var text = new StringBuilder();
        foreach (var line in Disassemble(program, names))
        {
            if (line.Label is not null)
                text.Append(line.Label).Append(":\n");
            text.Append(indent).Append(line.Text).Append('\n');
        }
        return text.ToString();
    }

    private static string Text(ReadOnlySpan<Instruction> program, int slot, Printer printer) =>
        EncodingRules.Violation(program, slot) is null
            ? printer.Print(program, slot)
            : ".raw " + string.Join(' ', Bytecode.Encode(program.Slice(slot, 1)).Select(value => $"{value:x2}"));
}
