using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Harness.Vectors;

/// <summary>One program of a case.</summary>
/// <param name="Load">How it is loaded: type, bytecode, map references.</param>
/// <param name="Source">Its assembly as the vector gives it; null where the vector gives bytecode.</param>
public sealed record CaseProgram(ProgLoad Load, IReadOnlyList<string>? Source)
{
    /// <summary>Its name in the vector.</summary>
    public string Name => Load.Program;

    /// <summary>The bytecode as assembly, with the names of its maps: what the machine really gets, whatever the source looks like.</summary>
    public string Disassembly()
    {
        var names = new DisassemblyNames
        {
            Labels = true,
            MapAt = slot => Load.Maps.Where(map => map.Instruction == slot).Select(map => map.Map).FirstOrDefault(),
        };
        return Bytecode.TryDecode(Load.Instructions, out var instructions, out var broken)
            ? Disassembler.ToText(instructions, names)
            : broken;
    }
}
