namespace Conformance.ReferenceVm.Isa;

/// <summary>
/// Jumps: bits 4-7 of the opcode of the classes JMP and JMP32 (RFC 9669 section 4.3, table 8).
/// <code>
///  7 6 5 4   |   3    | 2 1 0
///  operation | source | class
/// </code>
/// Distances count slots from the one after the jump. They are in the offset, but in the immediate for JA of class JMP32
/// (<c>gotol</c>) and for local calls.
/// </summary>
public enum JumpOperation : byte
{
    /// <summary>JA: always.</summary>
    Always = 0x00,

    /// <summary>JEQ.</summary>
    Equal = 0x10,

    /// <summary>JGT: unsigned.</summary>
    GreaterThan = 0x20,

    /// <summary>JGE: unsigned.</summary>
    GreaterOrEqual = 0x30,

    /// <summary>JSET: some bit of the operand is set in the destination.</summary>
    AnyBitSet = 0x40,

    /// <summary>JNE.</summary>
    NotEqual = 0x50,

    /// <summary>JSGT: signed.</summary>
    SignedGreaterThan = 0x60,

    /// <summary>JSGE: signed.</summary>
    SignedGreaterOrEqual = 0x70,

    /// <summary>CALL: what is called, the source field says (<see cref="CallTarget"/>).</summary>
    Call = 0x80,

    /// <summary>EXIT: return from the function or, in the outermost one, from the program.</summary>
    Exit = 0x90,

    /// <summary>JLT: unsigned.</summary>
    LessThan = 0xa0,

    /// <summary>JLE: unsigned.</summary>
    LessOrEqual = 0xb0,

    /// <summary>JSLT: signed.</summary>
    SignedLessThan = 0xc0,

    /// <summary>JSLE: signed.</summary>
    SignedLessOrEqual = 0xd0,
}
