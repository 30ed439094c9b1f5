namespace Conformance.ReferenceVm.Isa;

/// <summary>
/// Where the second operand of arithmetic and jumps comes from: bit 3 of the opcode (RFC 9669 section 4, table 4).
/// <code>
///  7 6 5 4 |   3    | 2 1 0
///  code    | source | class
/// </code>
/// For the byte swaps of class ALU the same bit chooses the byte order: clear is little-endian, set is big-endian.
/// </summary>
public enum OperandSource : byte
{
    /// <summary>K: the 32-bit immediate, sign-extended for 64-bit operations.</summary>
    Immediate = 0x00,

    /// <summary>X: the source register.</summary>
    Register = 0x08,
}
