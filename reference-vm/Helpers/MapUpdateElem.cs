using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary><c>long bpf_map_update_elem(map, key, value, flags)</c>: 0 or a negative errno. Reads exactly value_size bytes; per-CPU maps: writes this CPU's area.</summary>
internal static class MapUpdateElem
{
    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        if (!run.TryMapAndKey(registers, out var map, out var key))
        {
            return HelperOutcome.Trapped;
        }

        if (!run.Environment.Arena.TryBytes(registers[3], map.Definition.ValueSize, out var value))
        {
            return run.Trap($"R3 of map_update_elem is not a value of {map.Definition.ValueSize} bytes");
        }

        registers[0] = map.UpdateFromProgram(key, value, registers[4], run.Cpu).AsResult();
        return HelperOutcome.Done;
    }
}
