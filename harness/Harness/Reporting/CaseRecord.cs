using System.Text.Json.Serialization;
using Conformance.Harness.Running;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Reporting;

/// <summary>What became of one case, as reports tell it: all names as in files and output.</summary>
public sealed record CaseRecord
{
    /// <summary>The case's id.</summary>
    public required string Id { get; init; }

    /// <summary>The vector it is a case of.</summary>
    public required string Vector { get; init; }

    /// <summary>The rules the vector cites, the main one first.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>The program type, where the case is tied to one.</summary>
    public string? ProgramType { get; init; }

    /// <summary>The attach type, where the case is tied to one.</summary>
    public string? AttachType { get; init; }

    /// <summary>How it ended.</summary>
    public required CaseOutcome Outcome { get; init; }

    /// <summary>One line: what went wrong, or why it did not run; null for a pass.</summary>
    public string? Message { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public double DurationMs { get; init; }

    /// <summary>The milliseconds of it that went into steps that wait, for the kernel or for another track.</summary>
    public double WaitedMs { get; init; }

    /// <summary>What a failure needs to be understood; set exactly where a rule was broken, whether that was expected or not.</summary>
    public FailureRecord? Failure { get; init; }

    /// <summary>What a file of expectations says of the case; null where it does not list it, or where the case has no verdict.</summary>
    public ExpectationRecord? Expectation { get; init; }

    /// <summary>What became of the case itself, whatever was expected of it.</summary>
    [JsonIgnore]
    public CaseOutcome Observed => Expectation?.Observed ?? Outcome;

    /// <summary>The command that runs just this case, wherever it is read; set where the case failed or errored.</summary>
    public string? Reproduce { get; init; }

    /// <summary>The same from the working directory of the run; null where it is no other.</summary>
    internal string? Again { get; init; }

    /// <summary>What went wrong with the machine after the case had been decided; null where nothing did.</summary>
    public string? Aftermath { get; init; }

    /// <summary>The last lines that a machine in another process wrote to its standard error; of cases that failed or errored.</summary>
    public IReadOnlyList<string> StandardError { get; init; } = [];

    /// <summary>The steps with what was expected and observed; of cases that failed or errored.</summary>
    public IReadOnlyList<RecordedStep> Steps { get; init; } = [];

    /// <summary>The vector's title; only for those who read a terminal, as reports have readers that look it up.</summary>
    internal string? Title { get; init; }

    /// <summary>The bug the vector exists for.</summary>
    internal string? Catches { get; init; }

    /// <summary>The vector's file as it was found.</summary>
    internal string? File { get; init; }

    /// <summary>The record of a result.</summary>
    /// <param name="command">The command line that runs cases like this one, to which a filter for just this one is added.</param>
    /// <param name="elsewhere">The same for reports, which are read in other places than this one; null where it is no other.</param>
    public static CaseRecord Of(CaseResult result, string command, string? elsewhere = null) =>
        new()
        {
            Id = result.Case.Id,
            Vector = result.Case.Vector.Id,
            Rules = result.Case.Vector.Rules,
            ProgramType = result.Case.ProgramType is { } programType ? Names.Of(programType) : null,
            AttachType = result.Case.AttachType is { } attachType ? Names.Of(attachType) : null,
            Outcome = result.Outcome,
            Message = result.Message,
            Aftermath = result.Aftermath,
            StandardError = result.StandardError,
            Steps = IsRed(result) ? RecordedStep.Of(result) : [],
            Title = result.Case.Vector.Title,
            Catches = result.Case.Vector.Catches,
            File = result.Case.Vector.File,
            DurationMs = Math.Round(result.Duration.TotalMilliseconds, 3),
            WaitedMs = Math.Round(result.Waited.TotalMilliseconds, 3),
            Failure = result.Failure is { } failure ? FailureRecord.Of(result.Case, failure) : null,
            Reproduce = IsRed(result) ? $"{elsewhere ?? command} --filter '{result.Case.Id}'" : null,
            Again = IsRed(result) ? $"{command} --filter '{result.Case.Id}'" : null,
        };

    private static bool IsRed(CaseResult result) => result.Outcome is CaseOutcome.Failed or CaseOutcome.Errored;
}

/// <summary>What a file of expectations says of a case that it lists.</summary>
/// <param name="Listed">What it is listed as: failed, errored or flaky.</param>
/// <param name="Observed">What became of the case: passed, failed or errored.</param>
/// <param name="Pattern">The pattern that lists it.</param>
/// <param name="Reason">Why it does not simply pass.</param>
/// <param name="Link">Where that is tracked; null while nobody has said.</param>
/// <param name="Owner">Who looks after it; null while nobody does.</param>
public sealed record ExpectationRecord(
    CaseOutcome Listed,
    CaseOutcome Observed,
    string Pattern,
    string Reason,
    string? Link,
    string? Owner
);
