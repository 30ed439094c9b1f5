using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Running;

/// <summary>How a case ended. The kinds stay apart all the way into the report.</summary>
public enum CaseOutcome
{
    /// <summary>Everything expected was observed.</summary>
    Passed,

    /// <summary>The machine broke a rule: see <see cref="CaseResult.Failure"/>.</summary>
    Failed,

    /// <summary>The machine or its adapter did not do its job: no verdict on the rules.</summary>
    Errored,

    /// <summary>Not run, for a reason that lies outside the machine.</summary>
    Skipped,

    /// <summary>The machine does not offer what the case needs, or is not bound by its rules.</summary>
    NotApplicable,

    /// <summary>It ended as a file of expectations says it does. Like the two that follow, given to records and never by the judge.</summary>
    ExpectedFailure,

    /// <summary>A case that a file of expectations lists as failing has passed: the file is stale, which is as bad as a failure.</summary>
    UnexpectedPass,

    /// <summary>Whatever became of it decides nothing, as a file of expectations says.</summary>
    Flaky,
}

/// <summary>Everything a report needs of one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record CaseResult(Case Case, CaseOutcome Outcome)
{
    /// <summary>What was broken; set exactly where the case failed.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Why the case errored, was skipped or does not apply; null where it passed or failed.</summary>
    public string? Reason { get; init; }

    /// <summary>Every step that was sent, in order, beginning with what was made before the first step.</summary>
    public IReadOnlyList<StepRecord> Steps { get; init; } = [];

    /// <summary>What went wrong with the machine after the case had been decided; null where nothing did.</summary>
    public string? Aftermath { get; init; }

    /// <summary>The last lines that the machine wrote to its standard error; kept of cases that failed or errored.</summary>
    public IReadOnlyList<string> StandardError { get; init; } = [];

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The part of <see cref="Duration"/> that went into steps that wait (<see cref="Step.Waits"/>).</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>One line: the failure's message or the reason; null where the case passed.</summary>
    public string? Message => Failure?.Message ?? Reason;
}

/// <summary>A broken rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="StepIndex">Place in the vector's steps, from 0; -1 for what is made before the first step.</param>
/// <param name="StepText">The operation as one line.</param>
/// <param name="Expected">What the rule demands.</param>
/// <param name="Actual">What was observed.</param>
public sealed record Failure(Rule Rule, int StepIndex, string StepText, string Expected, string Actual)
{
    /// <summary>JSON pointer of the step in the vector's file.</summary>
    public required string Pointer { get; init; }

    /// <summary>The verifier's log or the reason of a trap, where the answer had one.</summary>
    public string? Log { get; init; }

    /// <summary>One line: step, expected, actual.</summary>
    public string Message =>
        $"{(StepIndex < 0 ? "set-up" : $"step {StepIndex}")} ({StepText}): expected {Expected}, got {Actual}";
}

/// <summary>One step as it was run.</summary>
/// <param name="Step">The step.</param>
/// <param name="Observations">What was sent for it and what came back: one, or more where the step stands for several operations.</param>
/// <param name="Attempts">How often it was tried (more than once only for <see cref="Step.Eventually"/>).</param>
/// <param name="Violation">What was broken, or null.</param>
public sealed record StepRecord(Step Step, IReadOnlyList<Observation> Observations, int Attempts, Violation? Violation);

/// <summary>An operation and the machine's answer.</summary>
public readonly record struct Observation(Operation Operation, Answer Answer);

/// <summary>An expectation that did not hold.</summary>
/// <param name="Rule">Id of the rule.</param>
/// <param name="Step">The step: of a track, where it was in one.</param>
/// <param name="Expected">What the rule demands.</param>
/// <param name="Actual">What was observed.</param>
/// <param name="Log">The answer's message, if any.</param>
public sealed record Violation(string Rule, Step Step, string Expected, string Actual, string? Log);
