namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// Runs programs: at full speed (<see cref="Run"/>), or in steps of any number of instructions (<see cref="Begin"/>, then
/// <see cref="Continue"/> until it answers something else than <see cref="RunStatus.Paused"/>), so that a scheduler can
/// interleave several runs exactly. Whatever the bytecode is, the worst that happens is a trap.
/// </summary>
public static unsafe partial class Interpreter
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">The program; no verifier need have seen it.</param>
    /// <param name="run">The surroundings, filled in by the caller.</param>
    /// <param name="budget">Instructions it may execute; more and it is exhausted.</param>
    public static RunResult Run(ResolvedProgram program, RunContext run, long budget)
    {
        Begin(program, run);
        var result = Continue(run, budget);
        if (result.Status != RunStatus.Paused)
        {
            return result;
        }

        run.Abandon();
        return result with { Status = RunStatus.Exhausted };
    }

    /// <summary>Puts a run before the first instruction of a program: R1 is the context's address, R10 the stack's end, all other registers 0.</summary>
    public static void Begin(ResolvedProgram program, RunContext run)
    {
        if (!run.Start(program.Code))
        {
            run.Trap("no guest memory for a stack");
        }
    }

    /// <summary>Executes at most <paramref name="budget"/> instructions of a run that has begun.</summary>
    public static RunResult Continue(RunContext run, long budget)
    {
        if (!run.IsRunning)
        {
            return run.TrapMessage is { } message
                ? new RunResult(RunStatus.Trapped, 0, message, 0)
                : throw new InvalidOperationException("No run has begun, or it has ended.");
        }

        var status = Execute(run, budget);
        var index = run.InstructionIndex;
        switch (status)
        {
            case RunStatus.Returned:
                run.Abandon();
                return new RunResult(status, run.Registers[0]);
            case RunStatus.Trapped:
                run.Abandon();
                return new RunResult(status, 0, run.TrapMessage, index);
            default:
                return new RunResult(status, 0, null, index);
        }
    }
}
