using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary><c>u64 bpf_ktime_get_ns(void)</c>: the machine's clock in nanoseconds.</summary>
internal static class KtimeGetNs
{
    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        registers[0] = run.Environment.Clock.Now();
        return HelperOutcome.Done;
    }
}
