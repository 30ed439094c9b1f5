using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary><c>void *bpf_map_lookup_elem(map, key)</c>: the address of the value, or null. Per-CPU maps: of this CPU's area.</summary>
internal static class MapLookupElem
{
    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        if (!run.TryMapAndKey(registers, out var map, out var key))
        {
            return HelperOutcome.Trapped;
        }

        registers[0] = map.LookupAddress(key, run.Cpu);
        return HelperOutcome.Done;
    }
}
