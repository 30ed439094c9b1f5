using Conformance.Harness.Machines;

namespace Conformance.Harness.Fuzzing;

/// <summary>How a random program went wrong.</summary>
public enum ProgramProblemKind
{
    /// <summary>Both machines ran it, and it left different things behind.</summary>
    DifferentResult,

    /// <summary>It was accepted, and its run was stopped: the verifier accepted what it must refuse.</summary>
    Trapped,

    /// <summary>A machine neither accepted nor refused it, or threw.</summary>
    Broken,
}

/// <summary>What went wrong with a random program, different verdicts apart.</summary>
/// <param name="Kind">How.</param>
/// <param name="Text">What exactly, for a reader.</param>
public sealed record ProgramProblem(ProgramProblemKind Kind, string Text)
{
    /// <summary>What differs, or what the machine said, without numbers.</summary>
    public string Place { get; init; } = "";

    /// <summary>What problems are grouped by: one of a group is shown.</summary>
    public string Cause =>
        Kind switch
        {
            ProgramProblemKind.DifferentResult => $"different: {Place}",
            ProgramProblemKind.Trapped => $"trapped: {Place}",
            _ => $"broken: {Place}",
        };

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Of results that differ.</summary>
    internal static ProgramProblem Of(ResultDifference difference, string first, string second) =>
        new(ProgramProblemKind.DifferentResult, difference.Text(first, second)) { Place = difference.Name };

    /// <summary>Of a run that was stopped.</summary>
    internal static ProgramProblem OfTrap(string trap) =>
        new(ProgramProblemKind.Trapped, $"accepted, and then trapped: {trap}") { Place = CauseText.Of(trap) };

    /// <summary>Of an answer to a load that is no verdict; null for one that is.</summary>
    internal static ProgramProblem? OfLoad(Answer answer, string machine) =>
        answer.Kind is AnswerKind.Ok or AnswerKind.Refused
            ? null
            : new ProgramProblem(
                ProgramProblemKind.Broken,
                $"{machine} answered a load with {answer.Kind} {answer.Errno}: {answer.Message}"
            )
            {
                Place = CauseText.Of(answer.Message ?? $"{answer.Kind} {answer.Errno}"),
            };

    /// <summary>Of a machine that threw.</summary>
    internal static ProgramProblem OfCrash(Exception crash) =>
        new(ProgramProblemKind.Broken, $"crashed: {crash}") { Place = crash.GetType().Name };
}
