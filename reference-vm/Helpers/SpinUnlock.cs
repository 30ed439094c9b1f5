using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Helpers;

/// <summary><c>void bpf_spin_unlock(lock)</c>.</summary>
internal static class SpinUnlock
{
    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        if (run.HeldLock == 0 || run.HeldLock != registers[1])
        {
            return run.Trap("bpf_spin_unlock of different lock");
        }

        run.ReleaseHeldLock();
        return HelperOutcome.Done;
    }
}
