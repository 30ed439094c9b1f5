namespace Conformance.ReferenceVm.Isa;

/// <summary>
/// Arithmetic: bits 4-7 of the opcode of the classes ALU and ALU64 (RFC 9669 section 4.1, table 5).
/// <code>
///  7 6 5 4   |   3    | 2 1 0
///  operation | source | class
/// </code>
/// The offset modifies three of them: 1 makes <see cref="Divide"/> and <see cref="Modulo"/> signed; 8, 16 or 32 makes a
/// <see cref="Move"/> from a register sign-extend that many bits.
/// </summary>
public enum AluOperation : byte
{
    /// <summary>ADD.</summary>
    Add = 0x00,

    /// <summary>SUB.</summary>
    Subtract = 0x10,

    /// <summary>MUL: the low half of the product.</summary>
    Multiply = 0x20,

    /// <summary>DIV (SDIV with offset 1): division by zero gives zero.</summary>
    Divide = 0x30,

    /// <summary>OR.</summary>
    Or = 0x40,

    /// <summary>AND.</summary>
    And = 0x50,

    /// <summary>LSH: the distance is taken modulo the width.</summary>
    ShiftLeft = 0x60,

    /// <summary>RSH: logical; the distance is taken modulo the width.</summary>
    ShiftRight = 0x70,

    /// <summary>NEG: of the destination itself.</summary>
    Negate = 0x80,

    /// <summary>MOD (SMOD with offset 1): modulo zero leaves the destination, truncated to the width.</summary>
    Modulo = 0x90,

    /// <summary>XOR.</summary>
    Xor = 0xa0,

    /// <summary>MOV (MOVSX with offset 8, 16 or 32).</summary>
    Move = 0xb0,

    /// <summary>ARSH: arithmetic; the distance is taken modulo the width.</summary>
    ArithmeticShiftRight = 0xc0,

    /// <summary>END: byte swap; the immediate is the width, 16, 32 or 64 bits. In ALU64 it swaps always, in ALU to an order.</summary>
    ByteSwap = 0xd0,
}
