using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Harness.Vectors;

/// <summary>An assembled text.</summary>
internal sealed record AssembledSource(byte[] Bytecode, IReadOnlyList<MapReference> Maps, AssemblyError? Error);

/// <summary>Assembles, each distinct text once: the cases of a vector mostly share their programs.</summary>
internal sealed class SourceAssembler
{
    private readonly Dictionary<string, AssembledSource> _known = [];

    public AssembledSource Assemble(string source)
    {
        if (_known.TryGetValue(source, out var known))
            return known;
        var result = Assembler.Assemble(source);
        var assembled = result.Succeeded
            ? new AssembledSource(
                Bytecode.Encode(result.Instructions),
                [.. result.MapReferences.Select(reference => new MapReference(reference.Instruction, reference.Map))],
                Error: null
            )
            : new AssembledSource([], [], result.Error);
        _known.Add(source, assembled);
        return assembled;
    }
}
