using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Reporting;

/// <summary>A failure, with all that one needs to understand it without running it.</summary>
public sealed record FailureRecord
{
    /// <summary>The rule that is broken.</summary>
    public required string Rule { get; init; }

    /// <summary>The rule's sentence.</summary>
    public required string Sentence { get; init; }

    /// <summary>Place in the vector's steps, from 0; null where it happened before the first step.</summary>
    public int? Step { get; init; }

    /// <summary>JSON pointer of the step in the vector's file.</summary>
    public required string Pointer { get; init; }

    /// <summary>The operation as one line.</summary>
    public required string Operation { get; init; }

    /// <summary>What the rule demands here.</summary>
    public required string Expected { get; init; }

    /// <summary>What the machine did.</summary>
    public required string Actual { get; init; }

    /// <summary>The verifier's log or the reason of a trap, where the machine gave one.</summary>
    public string? Log { get; init; }

    /// <summary>The program that was to be loaded, else all programs of the case.</summary>
    public required IReadOnlyList<ProgramRecord> Programs { get; init; }

    internal static FailureRecord Of(Case @case, Failure failure)
    {
        var loaded = @case
            .Setup.Concat(@case.Steps)
            .Where(step => step.Pointer == failure.Pointer)
            .Select(step => (step.Operation as ProgLoad)?.Program)
            .FirstOrDefault();
        var programs = @case.Programs.Where(program => loaded is null || program.Name == loaded);
        return new()
        {
            Rule = failure.Rule.Id,
            Sentence = failure.Rule.Sentence,
            Step = failure.StepIndex < 0 ? null : failure.StepIndex,
            Pointer = failure.Pointer,
            Operation = failure.StepText,
            Expected = failure.Expected,
            Actual = failure.Actual,
            Log = failure.Log,
            Programs = [.. programs.Select(ProgramRecord.Of)],
        };
    }
}

/// <summary>A program of a failed case.</summary>
/// <param name="Name">Its name in the vector.</param>
/// <param name="Listing">Disassembled, one line an instruction.</param>
public sealed record ProgramRecord(string Name, IReadOnlyList<string> Listing)
{
    internal static ProgramRecord Of(CaseProgram program) => new(program.Name, ProgramListing.Of(program.Load));
}
