using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Helpers;

/// <summary>
/// <c>void *bpf_get_local_storage(map, flags)</c>: the value that belongs to the place where the running program is attached.
/// <para>
/// The attachment was bound to its storages when it was made: one for each kind of map its program refers to. The helper
/// looks at nothing but the map's kind; which map it is, what its keys are, in which cgroup the task is now, make no
/// difference, and nothing is looked up. The verifier has made sure that the program has but one map of the kind and
/// that <c>flags</c> is zero; at run time flags have no effect.
/// </para>
/// </summary>
internal static class GetLocalStorage
{
    public static unsafe HelperOutcome Call(RunContext run, ulong* registers)
    {
        if (run.MapAt(registers[1])?.Definition.StorageKind is not { } kind)
        {
            return run.Trap("R1 of get_local_storage is not a cgroup storage map");
        }

        if (run.StorageOf(kind) is not { } storage)
        {
            return run.Trap($"the attachment has no {kind} storage");
        }

        // Shared: the buffer that is current now. Per-CPU: the area of the CPU that executes the call.
        registers[0] = storage.AddressOn(run.Cpu);
        return HelperOutcome.Done;
    }
}
