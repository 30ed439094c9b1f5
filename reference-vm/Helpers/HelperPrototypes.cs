using System.Collections.Frozen;
using static Conformance.ReferenceVm.Helpers.ArgumentType;

namespace Conformance.ReferenceVm.Helpers;

/// <summary>What the verifier knows of each helper this machine has.</summary>
public static class HelperPrototypes
{
    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<HelperPrototype> All { get; } =
    [
        new(HelperId.MapLookupElem, "map_lookup_elem", ReturnType.MapValueOrNull, [ConstMapPointer, MapKey]),
        new(
            HelperId.MapUpdateElem,
            "map_update_elem",
            ReturnType.Integer,
            [ConstMapPointer, MapKey, MapValue, Anything]
        ),
        new(HelperId.MapDeleteElem, "map_delete_elem", ReturnType.Integer, [ConstMapPointer, MapKey]),
        new(HelperId.KtimeGetNs, "ktime_get_ns", ReturnType.Integer, []),
        new(HelperId.TracePrintk, "trace_printk", ReturnType.Integer, [ReadableMemory, ConstSize], GplOnly: true),
        new(HelperId.GetPrandomU32, "get_prandom_u32", ReturnType.Integer, []),
        new(HelperId.GetSmpProcessorId, "get_smp_processor_id", ReturnType.Integer, []),
        new(HelperId.TailCall, "tail_call", ReturnType.Void, [Context, ConstMapPointer, Anything]),
        new(HelperId.GetCurrentCgroupId, "get_current_cgroup_id", ReturnType.Integer, []),
        new(HelperId.GetLocalStorage, "get_local_storage", ReturnType.MapValue, [ConstMapPointer, Anything]),
        new(HelperId.SpinLock, "spin_lock", ReturnType.Void, [ArgumentType.SpinLock]),
        new(HelperId.SpinUnlock, "spin_unlock", ReturnType.Void, [ArgumentType.SpinLock]),
        new(
            HelperId.ForEachMapElem,
            "for_each_map_elem",
            ReturnType.Integer,
            [ConstMapPointer, Callback, StackPointerOrNull, Anything]
        ),
        new(HelperId.Loop, "loop", ReturnType.Integer, [Anything, Callback, StackPointerOrNull, Anything]),
        new(HelperId.GetRetval, "get_retval", ReturnType.Integer, []),
        new(HelperId.SetRetval, "set_retval", ReturnType.Integer, [Anything]),
    ];

    private static readonly FrozenDictionary<int, HelperPrototype> ById = All.ToFrozenDictionary(prototype =>
        (int)prototype.Id
    );

    /// <summary>The helper with this number, or null where the machine has none.</summary>
    public static HelperPrototype? Find(int id) => ById.GetValueOrDefault(id);
}
