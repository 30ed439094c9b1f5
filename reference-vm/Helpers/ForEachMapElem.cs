using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary>
/// <c>long bpf_for_each_map_elem(map, callback, callback_ctx, u64 flags)</c>: calls <c>callback(map, key, value, callback_ctx)</c> for each
/// element until it returns non-zero; the number of elements visited, or a negative errno. Per-CPU maps: this CPU's values.
/// </summary>
internal static class ForEachMapElem
{
    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        if (run.MapAt(registers[1]) is not { HasElementsForPrograms: true } map)
        {
            return run.Trap("R1 of for_each_map_elem is not a map with elements for programs");
        }

        if (registers[2] >= (ulong)run.Current!.Length)
        {
            return run.Trap("R2 of for_each_map_elem is not a function of the program");
        }

        if (registers[4] != 0)
        {
            registers[0] = Errno.EINVAL.AsResult();
            return HelperOutcome.Done;
        }

        run.PendingElements = (map, (int)registers[2], registers[3]);
        return HelperOutcome.Visits;
    }
}
