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
}

/// <summary>The outcome of one run.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Value">R0 where it returned.</param>
/// <param name="Message">What happened, where it trapped.</param>
/// <param name="InstructionIndex">The slot it stopped at, where it trapped or was exhausted.</param>
public readonly record struct RunResult(
    RunStatus Status,
    ulong Value,
    string? Message = null,
    int InstructionIndex = -1
);
