using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary><c>u32 bpf_get_smp_processor_id(void)</c>: the CPU the run stays on.</summary>
internal static class GetSmpProcessorId
{
    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        registers[0] = (ulong)run.Cpu;
        return HelperOutcome.Done;
    }
}
