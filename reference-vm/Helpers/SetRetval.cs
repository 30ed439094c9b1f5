using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary><c>int bpf_set_retval(int retval)</c>: overwrites what the event returns so far; always 0.</summary>
internal static class SetRetval
{
    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        run.ReturnValue = (int)registers[1];
        registers[0] = 0;
        return HelperOutcome.Done;
    }
}
