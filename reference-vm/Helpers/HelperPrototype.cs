namespace Conformance.ReferenceVm.Helpers;

/// <summary>Helper function numbers (uapi <c>enum bpf_func_id</c>).</summary>
#pragma warning disable CS1591 // The names are the kernel's.
public enum HelperId
{
    MapLookupElem = 1,
    MapUpdateElem = 2,
    MapDeleteElem = 3,
    KtimeGetNs = 5,
    TracePrintk = 6,
    GetPrandomU32 = 7,
    GetSmpProcessorId = 8,
    TailCall = 12,
    GetCurrentCgroupId = 80,
    GetLocalStorage = 81,
    SpinLock = 93,
    SpinUnlock = 94,
    ForEachMapElem = 164,
    Loop = 181,
    GetRetval = 186,
    SetRetval = 187,
}
#pragma warning restore CS1591

/// <summary>What the verifier demands of one helper argument.</summary>
public enum ArgumentType
{
    /// <summary>The register is not an argument and may be uninitialised.</summary>
    None,

    /// <summary>Any initialised value; a pointer only with permission to leak pointers.</summary>
    Anything,

    /// <summary>A map, as loaded by a 64-bit immediate load with a map reference.</summary>
    ConstMapPointer,

    /// <summary>Readable memory of the map's key size.</summary>
    MapKey,

    /// <summary>Readable memory of the map's value size.</summary>
    MapValue,

    /// <summary>The program's context.</summary>
    Context,

    /// <summary>Readable memory; the next argument is its size in bytes.</summary>
    ReadableMemory,

    /// <summary>Size of the preceding memory argument, at least 1.</summary>
    ConstSize,

    /// <summary>Size of the preceding memory argument, zero allowed.</summary>
    ConstSizeOrZero,

    /// <summary>A map value at its <c>bpf_spin_lock</c>.</summary>
    SpinLock,

    /// <summary>A static subprogram, loaded as a function reference.</summary>
    Callback,

    /// <summary>Stack memory or a constant null, passed on to a callback.</summary>
    StackPointerOrNull,
}

/// <summary>What a helper leaves in R0.</summary>
public enum ReturnType
{
    /// <summary>Nothing: R0 is unreadable afterwards.</summary>
    Void,

    /// <summary>An unknown 64-bit number.</summary>
    Integer,

    /// <summary>A pointer to a value of the map that was passed, or null.</summary>
    MapValueOrNull,

    /// <summary>A pointer to a value of the map that was passed, never null.</summary>
    MapValue,
}

/// <summary>The verifier's view of a helper.</summary>
/// <param name="Id">The number in the call instruction.</param>
/// <param name="Name">The kernel's name without the <c>bpf_</c> prefix, for instance <c>get_local_storage</c>.</param>
/// <param name="Returns">What is in R0 afterwards.</param>
/// <param name="Arguments">Types of R1 to R5; trailing registers that are no arguments are left out.</param>
/// <param name="GplOnly">Whether only programs under a GPL-compatible licence may call it.</param>
public sealed record HelperPrototype(
    HelperId Id,
    string Name,
    ReturnType Returns,
    IReadOnlyList<ArgumentType> Arguments,
    bool GplOnly = false
);
