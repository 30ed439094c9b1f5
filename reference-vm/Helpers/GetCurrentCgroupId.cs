using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary><c>u64 bpf_get_current_cgroup_id(void)</c>: the cgroup of the current task, wherever the program is attached.</summary>
internal static class GetCurrentCgroupId
{
    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        registers[0] = run.CurrentCgroupId;
        return HelperOutcome.Done;
    }
}
