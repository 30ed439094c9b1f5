using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary>
/// The implementations by number. Each takes the run and its registers: arguments in R1 to R5, the result goes to R0. A plain
/// function pointer: no boxing, no allocation, no delegate.
/// </summary>
internal static unsafe class HelperTable
{
    /// <summary>bpf_loop where Linux compiles it into the program: a number that no verified bytecode names.</summary>
    public const HelperId InlinedLoop = (HelperId)(-(int)HelperId.Loop);

    /// <summary>The implementation of a helper, or null.</summary>
    public static delegate* <RunContext, ulong*, HelperOutcome> Find(int id) =>
        (HelperId)id switch
        {
            HelperId.MapLookupElem => &MapLookupElem.Call,
            HelperId.MapUpdateElem => &MapUpdateElem.Call,
            HelperId.MapDeleteElem => &MapDeleteElem.Call,
            HelperId.KtimeGetNs => &KtimeGetNs.Call,
            HelperId.TracePrintk => &TracePrintk.Call,
            HelperId.GetPrandomU32 => &GetPrandomU32.Call,
            HelperId.GetSmpProcessorId => &GetSmpProcessorId.Call,
            HelperId.TailCall => &TailCall.Call,
            HelperId.GetCurrentCgroupId => &GetCurrentCgroupId.Call,
            HelperId.GetLocalStorage => &GetLocalStorage.Call,
            HelperId.SpinLock => &SpinLock.Call,
            HelperId.SpinUnlock => &SpinUnlock.Call,
            HelperId.ForEachMapElem => &ForEachMapElem.Call,
            HelperId.Loop => &Loop.Call,
            HelperId.GetRetval => &GetRetval.Call,
            HelperId.SetRetval => &SetRetval.Call,
            InlinedLoop => &Loop.CallInlined,
            _ => null,
        };
}
