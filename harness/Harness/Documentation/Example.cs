using Conformance.Harness.Vectors;

namespace Conformance.Harness.Documentation;

/// <summary>A case as it ran on the reference VM.</summary>
/// <param name="World">Its cgroups and maps, a line each.</param>
/// <param name="Programs">Its programs; those that differ in name only are one.</param>
/// <param name="Steps">What happened, and what was observed.</param>
internal sealed record Example(
    Case Case,
    IReadOnlyList<string> World,
    IReadOnlyList<ExampleProgram> Programs,
    IReadOnlyList<ExampleStep> Steps
);

/// <summary>A program of an example.</summary>
/// <param name="Names">Its name, or the names that share it.</param>
/// <param name="Type">Program type and expected attach type.</param>
/// <param name="Lines">Assembly.</param>
internal sealed record ExampleProgram(string Names, string Type, IReadOnlyList<string> Lines);

/// <summary>An operation and what came of it.</summary>
/// <param name="Operation">The operation as one line.</param>
/// <param name="Observed">A line each.</param>
/// <param name="Why">What the vector says of it, or null.</param>
internal sealed record ExampleStep(string Operation, IReadOnlyList<string> Observed, string? Why);
