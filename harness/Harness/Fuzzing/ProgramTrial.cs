using Conformance.Harness.Generation.Programs;

namespace Conformance.Harness.Fuzzing;

/// <summary>What became of running a random program on both machines.</summary>
public enum RunComparison
{
    /// <summary>One of the machines, or both, refused it.</summary>
    NotRun,

    /// <summary>What it computes hangs on what no rule fixes: uninitialised stack, time, chance, addresses.</summary>
    Undetermined,

    /// <summary>It ran longer than a trial may take, so it was kept from the machines.</summary>
    TooLong,

    /// <summary>Both machines show the same.</summary>
    Same,

    /// <summary>They do not, but the second machine shows what the first does once its verifier knows less: see <see cref="VeiledProgram"/>.</summary>
    Contradicted,

    /// <summary>They do not.</summary>
    Different,
}

/// <summary>How two verdicts about one program relate.</summary>
public enum VerdictComparison
{
    /// <summary>There are no two verdicts: one of the machines broke over the program.</summary>
    None,

    /// <summary>Both accept it, or both refuse it.</summary>
    Same,

    /// <summary>They differ, for a reason that is known and written down.</summary>
    Explained,

    /// <summary>The first machine refuses what the second accepts: a precision gap.</summary>
    Gap,

    /// <summary>The first machine accepts what the second refuses.</summary>
    Unsound,
}

/// <summary>One random program on two machines.</summary>
/// <param name="Program">The program.</param>
/// <param name="First">The verdict of the machine under test.</param>
/// <param name="Second">The verdict of the machine it is held against.</param>
/// <param name="Run">What became of running it.</param>
/// <param name="Problem">What differs in the results, or what else went wrong; null where nothing did.</param>
public sealed record ProgramTrial(
    RandomProgram Program,
    LoadVerdict First,
    LoadVerdict Second,
    RunComparison Run,
    ProgramProblem? Problem = null
)
{
    /// <summary>What differed in the results of a program about which the second machine contradicts itself, for a reader.</summary>
    public string? Contradiction { get; init; }

    /// <summary>How the verdicts relate.</summary>
    public VerdictComparison Verdicts =>
        First == LoadVerdict.None || Second == LoadVerdict.None ? VerdictComparison.None
        : First.Accepted == Second.Accepted ? VerdictComparison.Same
        : KnownDifferences.Explain(First, Second) is not null ? VerdictComparison.Explained
        : First.Accepted ? VerdictComparison.Unsound
        : VerdictComparison.Gap;

    /// <summary>Whether something is wrong, a precision gap apart.</summary>
    public bool IsFailure => Problem is not null || Verdicts == VerdictComparison.Unsound;

    /// <summary>What trials are grouped by: one of a group is shown. Null where there is nothing to show.</summary>
    public string? Cause =>
        Problem is not null ? Problem.Cause
        : Run == RunComparison.Contradicted ? "another result once a comparison is veiled"
        : Verdicts switch
        {
            VerdictComparison.Gap => First.Cause,
            VerdictComparison.Unsound => Second.Cause,
            _ => null,
        };
}
