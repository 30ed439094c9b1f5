using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Helpers;

/// <summary>
/// <c>void bpf_spin_lock(lock)</c>. While the lock is taken the call is made again, so that a stepped run waits without blocking
/// its scheduler and a run that waits forever ends by its budget.
/// </summary>
internal static class SpinLock
{
    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        if (run.HeldLock != 0)
        {
            return run.Trap("spin_lock while a lock is held");
        }

        if (!LockWord.TryAt(run.Environment.Arena, registers[1], out var word))
        {
            return run.Trap("R1 of spin_lock is not a spin lock");
        }

        if (!LockWord.TryTake(word))
        {
            Thread.Yield();
            return HelperOutcome.Again;
        }

        run.HeldLock = registers[1];
        return HelperOutcome.Done;
    }
}
