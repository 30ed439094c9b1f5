using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary><c>long bpf_map_delete_elem(map, key)</c>: 0 or a negative errno.</summary>
internal static class MapDeleteElem
{
    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        if (!run.TryMapAndKey(registers, out var map, out var key))
        {
            return HelperOutcome.Trapped;
        }

        registers[0] = map.Delete(key).AsResult();
        return HelperOutcome.Done;
    }
}
