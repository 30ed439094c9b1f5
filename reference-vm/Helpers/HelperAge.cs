using System.Collections.Frozen;

namespace Conformance.ReferenceVm.Helpers;

/// <summary>The mainline release that brought each helper (include/uapi/linux/bpf.h of the releases).</summary>
public static class HelperAge
{
    private static readonly KernelVersion Oldest = new(4, 19);

    private static readonly FrozenDictionary<HelperId, KernelVersion> Table = new Dictionary<HelperId, KernelVersion>
    {
        [HelperId.SpinLock] = new(5, 1),
        [HelperId.SpinUnlock] = new(5, 1),
        [HelperId.ForEachMapElem] = new(5, 13),
        [HelperId.Loop] = new(5, 17),
        [HelperId.GetRetval] = new(5, 18),
        [HelperId.SetRetval] = new(5, 18),
    }.ToFrozenDictionary();

    /// <summary>The release of a helper; 4.19, which brought bpf_get_local_storage, for all that are older or not known here.</summary>
    public static KernelVersion Since(HelperId helper) => Table.GetValueOrDefault(helper, Oldest);
}
