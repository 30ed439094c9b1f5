using System.Diagnostics.CodeAnalysis;

namespace Conformance.ReferenceVm.Isa;

/// <summary>The outcome of assembling a text: a program, or where the text is wrong.</summary>
public sealed class AssemblyResult
{
    private AssemblyResult() { }

    /// <summary>What is wrong with the text, or null.</summary>
    public AssemblyError? Error { get; private init; }

    /// <summary>The program; null where there is an <see cref="Error"/>.</summary>
    public Instruction[]? Instructions { get; private init; }

    /// <summary>References to maps by name, in order of slots. Their immediates are 0.</summary>
    public IReadOnlyList<(int Instruction, string Map)> MapReferences { get; private init; } = [];

    /// <summary>The slot of every label.</summary>
    public IReadOnlyDictionary<string, int> Labels { get; private init; } = new Dictionary<string, int>();

    /// <summary>The line of the text, from 1, that each slot came from.</summary>
    public IReadOnlyList<int> Lines { get; private init; } = [];

    /// <summary>Whether there is a program.</summary>
    [MemberNotNullWhen(true, nameof(Instructions))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    internal static AssemblyResult Success(
        Instruction[] instructions,
        IReadOnlyList<(int Instruction, string Map)> mapReferences,
        IReadOnlyDictionary<string, int> labels,
        IReadOnlyList<int> lines
    ) =>
        new()
        {
            Instructions = instructions,
            MapReferences = mapReferences,
            Labels = labels,
            Lines = lines,
        };

    internal static AssemblyResult Failure(AssemblyError error) => new() { Error = error };
}

/// <summary>A mistake in an assembly text.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column of the offending word, from 1; tabs count one.</param>
public sealed record AssemblyError(string Message, int Line, int Column)
{
    /// <summary><c>line 3, column 5: message</c>.</summary>
    public override string ToString() => $"line {Line}, column {Column}: {Message}";
}
