namespace Conformance.ReferenceVm.Isa;

/// <summary>
/// Atomics: the immediate of an instruction of class STX and mode ATOMIC (RFC 9669 section 5.3, tables 12 and 13). The simple ones have the
/// codes of their <see cref="AluOperation"/>; bit 0 asks for the old value in the source register.
/// <code>
///  31 ........ 9 | 8            | 7 6 5 4   | 3 2 1 | 0
///  0             | load/store   | operation | 0     | fetch
/// </code>
/// </summary>
public enum AtomicOperation
{
    /// <summary>Adds the source register.</summary>
    Add = 0x00,

    /// <summary>Bitwise or.</summary>
    Or = 0x40,

    /// <summary>Bitwise and.</summary>
    And = 0x50,

    /// <summary>Bitwise exclusive or.</summary>
    Xor = 0xa0,

    /// <summary>Modifier, no operation: the old value goes to the source register.</summary>
    Fetch = 0x01,

    /// <summary><see cref="Add"/>, old value to the source register.</summary>
    FetchAdd = Add | Fetch,

    /// <summary><see cref="Or"/>, old value to the source register.</summary>
    FetchOr = Or | Fetch,

    /// <summary><see cref="And"/>, old value to the source register.</summary>
    FetchAnd = And | Fetch,

    /// <summary><see cref="Xor"/>, old value to the source register.</summary>
    FetchXor = Xor | Fetch,

    /// <summary>XCHG: swaps memory and source register.</summary>
    Exchange = 0xe0 | Fetch,

    /// <summary>CMPXCHG: stores the source register if memory equals R0; the old value goes to R0 in either case.</summary>
    CompareExchange = 0xf0 | Fetch,

    /// <summary>Load with acquire ordering from [src + offset] to dst, any size. Linux 6.15; not in RFC 9669.</summary>
    LoadAcquire = 0x100,

    /// <summary>Store with release ordering of src to [dst + offset], any size. Linux 6.15; not in RFC 9669.</summary>
    StoreRelease = 0x110,
}
