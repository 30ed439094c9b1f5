using Conformance.Harness.Machines;

namespace Conformance.Harness.Vectors;

/// <summary>One program of a case.</summary>
/// <param name="Load">How it is loaded: type, bytecode, map references.</param>
/// <param name="Source">Its assembly as the vector gives it; null where the vector gives bytecode.</param>
public sealed record CaseProgram(ProgLoad Load, IReadOnlyList<string>? Source)
{
    /// <summary>Its name in the vector.</summary>
    public string Name => Load.Program;
}
