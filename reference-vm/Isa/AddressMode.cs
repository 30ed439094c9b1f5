namespace Conformance.ReferenceVm.Isa;

/// <summary>
/// What a load or store does: bits 5-7 of the opcode of the load and store classes (RFC 9669 section 5, table 10).
/// <code>
///  7 6 5 | 4 3  | 2 1 0
///  mode  | size | class
/// </code>
/// </summary>
public enum AddressMode : byte
{
    /// <summary>IMM: 64-bit immediate load (class LD, size DW).</summary>
    Immediate = 0x00,

    /// <summary>ABS: legacy packet load at a constant offset.</summary>
    Absolute = 0x20,

    /// <summary>IND: legacy packet load at a register plus a constant.</summary>
    Indirect = 0x40,

    /// <summary>MEM: plain load or store; loads zero-extend.</summary>
    Memory = 0x60,

    /// <summary>MEMSX: sign-extending load.</summary>
    MemorySigned = 0x80,

    /// <summary>ATOMIC: the immediate holds an <see cref="AtomicOperation"/> (class STX).</summary>
    Atomic = 0xc0,
}
