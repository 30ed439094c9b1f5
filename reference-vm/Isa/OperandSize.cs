namespace Conformance.ReferenceVm.Isa;

/// <summary>
/// Width of a memory access: bits 3-4 of the opcode of the load and store classes (RFC 9669 section 5, table 11).
/// <code>
///  7 6 5 | 4 3  | 2 1 0
///  mode  | size | class
/// </code>
/// </summary>
public enum OperandSize : byte
{
    /// <summary>W: 4 bytes.</summary>
    Word = 0x00,

    /// <summary>H: 2 bytes.</summary>
    HalfWord = 0x08,

    /// <summary>B: 1 byte.</summary>
    Byte = 0x10,

    /// <summary>DW: 8 bytes.</summary>
    DoubleWord = 0x18,
}

/// <summary>What follows from an operand size.</summary>
public static class OperandSizes
{
    /// <summary>The number of bytes accessed.</summary>
    public static int Bytes(this OperandSize size) =>
        size switch
        {
            OperandSize.Byte => 1,
            OperandSize.HalfWord => 2,
            OperandSize.Word => 4,
            _ => 8,
        };
}
