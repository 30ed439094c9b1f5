using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Helpers;

/// <summary>
/// <c>long bpf_tail_call(ctx, prog_array, u32 index)</c>: goes on in another program, in the same frame, with the same context and the
/// storages of the attachment that runs. Where the slot is empty or out of range, or the limit is reached, the program goes on behind the call.
/// </summary>
internal static class TailCall
{
    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        if (run.MapAt(registers[2]) is not ProgArrayMap table)
        {
            return run.Trap("R2 of tail_call is not a prog_array map");
        }

        if (table.ProgramAt((uint)registers[3]) is not { } program || run.TailCalls >= run.Environment.Limits.TailCalls)
        {
            return HelperOutcome.Done;
        }

        run.TailCallTarget = program.Code;
        return HelperOutcome.TailCalls;
    }
}
