using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Harness.Reporting;

/// <summary>Bytecode for people.</summary>
public static class ProgramListing
{
    /// <summary>The width of slot numbers: programs of a million instructions are not listed in reports.</summary>
    private const int NumberWidth = 4;

    /// <summary>
    /// Labels, and instructions after their slot numbers, maps by name; a 64-bit immediate load is one line. Bytecode that is not
    /// made of whole slots is listed in hex.
    /// </summary>
    public static IReadOnlyList<string> Of(ProgLoad load)
    {
        if (!Bytecode.TryDecode(load.Instructions, out var instructions, out _))
        {
            return [Convert.ToHexStringLower(load.Instructions)];
        }

        var maps = load.Maps.ToLookup(reference => reference.Instruction, reference => reference.Map);
        var names = new DisassemblyNames { Labels = true, MapAt = slot => maps[slot].FirstOrDefault() };
        var lines = new List<string>();
        foreach (var line in Disassembler.Disassemble(instructions, names))
        {
            if (line.Label is { } label)
            {
                lines.Add($"{label}:");
            }

            lines.Add($"{line.Instruction.ToString().PadLeft(NumberWidth)}  {line.Text}");
        }

        return lines;
    }
}
