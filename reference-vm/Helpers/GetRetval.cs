using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary><c>int bpf_get_retval(void)</c>: what the event returns so far, 0 or a negative errno, sign-extended.</summary>
internal static class GetRetval
{
    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        registers[0] = (ulong)run.ReturnValue;
        return HelperOutcome.Done;
    }
}
