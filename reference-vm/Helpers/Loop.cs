using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary>
/// <c>long bpf_loop(u32 nr_loops, callback, callback_ctx, u64 flags)</c>: calls <c>callback(i, callback_ctx)</c> until it returns
/// non-zero or all iterations are done; the number of iterations begun, or a negative errno. The callback runs in a frame of its own.
/// </summary>
internal static class Loop
{
    /// <summary>What Linux compiles into the program where it knows callback and flags: its -E2BIG has 32 bits.</summary>
    public static unsafe HelperOutcome CallInlined(RunContext run, ulong* registers)
    {
        if ((uint)registers[1] <= run.Environment.Limits.LoopIterations)
        {
            return Call(run, registers);
        }

        registers[0] = (uint)Errno.E2BIG.AsResult();
        return HelperOutcome.Done;
    }

    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        var iterations = (uint)registers[1];
        if (registers[4] != 0)
        {
            registers[0] = Errno.EINVAL.AsResult();
            return HelperOutcome.Done;
        }

        if (iterations > run.Environment.Limits.LoopIterations)
        {
            registers[0] = Errno.E2BIG.AsResult();
            return HelperOutcome.Done;
        }

        if (registers[2] >= (ulong)run.Current!.Length)
        {
            return run.Trap("R2 of loop is not a function of the program");
        }

        if (iterations == 0)
        {
            registers[0] = 0;
            return HelperOutcome.Done;
        }

        run.PendingLoop = ((int)registers[2], iterations, registers[3]);
        return HelperOutcome.Loops;
    }
}
