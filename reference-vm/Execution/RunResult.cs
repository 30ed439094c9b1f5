namespace Conformance.ReferenceVm.Execution;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>The program returned.</summary>
    Returned,

    /// <summary>The program did something no verified program can do; the machine stopped it.</summary>
    Trapped,

    /// <summary>A legal program used up the run's instruction budget. Never a trap.</summary>
    Exhausted,

    /// <summary>Not ended: a stepped run has used up the budget of this step and can be continued.</summary>
    Paused,
}

/// <summary>The outcome of one run, or of one step of it.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Value">R0 where it returned.</param>
/// <param name="Message">What happened, where it trapped.</param>
/// <param name="InstructionIndex">The slot it stopped at, where it trapped, was exhausted or paused.</param>
public readonly record struct RunResult(
    RunStatus Status,
    ulong Value,
    string? Message = null,
    int InstructionIndex = -1
);
