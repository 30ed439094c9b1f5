namespace Conformance.ReferenceVm.Helpers;

/// <summary>What the interpreter does after a helper.</summary>
internal enum HelperOutcome
{
    /// <summary>Goes on behind the call.</summary>
    Done,

    /// <summary>Calls the helper again: it waits for something. Each attempt counts as an instruction.</summary>
    Again,

    /// <summary>Stops the run: <see cref="Execution.RunContext.TrapMessage"/>.</summary>
    Trapped,

    /// <summary>Goes on with the first instruction of <see cref="Execution.RunContext.TailCallTarget"/>.</summary>
    TailCalls,

    /// <summary>Calls the callback of <see cref="Execution.RunContext.PendingLoop"/>.</summary>
    Loops,

    /// <summary>Calls the callback of <see cref="Execution.RunContext.PendingElements"/>.</summary>
    Visits,
}
