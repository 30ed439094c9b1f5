using System.Collections.Concurrent;
using Conformance.Harness.Json;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Harness.Vectors;

/// <summary>An assembled text.</summary>
internal sealed record AssembledSource(
    byte[] Bytecode,
    IReadOnlyList<MapReference> Maps,
    IReadOnlyList<string> Lines,
    IReadOnlyDictionary<string, int> Labels,
    AssemblyError? Error
);

/// <summary>
/// Assembles, each distinct text once: the cases of a vector mostly share their programs. For use by several threads.
/// </summary>
internal sealed class SourceAssembler
{
    private readonly ConcurrentDictionary<string, AssembledSource> _byText = new(StringComparer.Ordinal);

    // Sources without placeholders are the same node in every case.
    private readonly ConcurrentDictionary<LocatedNode, AssembledSource> _byNode = new(
        ReferenceEqualityComparer.Instance
    );

    /// <summary>The program of a list of lines.</summary>
    public AssembledSource Assemble(LocatedNode source) => _byNode.GetOrAdd(source, Lines);

    private AssembledSource Lines(LocatedNode source)
    {
        string[] lines = [.. source.Items.Select(item => item.Text)];
        return _byText.GetOrAdd(string.Join('\n', lines), Assemble, lines);
    }

    private static AssembledSource Assemble(string text, string[] lines)
    {
        var result = Assembler.Assemble(text);
        return result.Succeeded
            ? new AssembledSource(
                Bytecode.Encode(result.Instructions),
                [.. result.MapReferences.Select(reference => new MapReference(reference.Instruction, reference.Map))],
                lines,
                result.Labels,
                Error: null
            )
            : new AssembledSource([], [], lines, result.Labels, result.Error);
    }
}
