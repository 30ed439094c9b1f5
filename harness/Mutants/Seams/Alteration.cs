using Conformance.Harness.Machines;

namespace Conformance.Mutants.Seams;

/// <summary>What a wrong machine does to operations and answers on their way to the right one and back.</summary>
internal sealed record Alteration
{
    /// <summary>The operation that is performed instead; within parallel tracks too.</summary>
    public Func<Operation, World, Operation> Asks { get; init; } = (operation, _) => operation;

    /// <summary>The answer that is given instead; within parallel tracks too. Gets the operation as the client asked for it.</summary>
    public Func<Operation, Answer, World, Answer> Answers { get; init; } = (_, answer, _) => answer;

    /// <summary>Done before the operation; a parallel one counts as one.</summary>
    public Action<Operation, World> Before { get; init; } = (_, _) => { };

    /// <summary>Performs the operation in its own way, or answers null; not within parallel tracks.</summary>
    public Func<Operation, World, Answer?> Instead { get; init; } = (_, _) => null;
}
