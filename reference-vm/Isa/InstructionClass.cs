namespace Conformance.ReferenceVm.Isa;

/// <summary>
/// The instruction class: bits 0-2 of the opcode (RFC 9669 section 3.1, table 3).
/// <code>
///  7 6 5 4 3 | 2 1 0
///  specific  | class
/// </code>
/// </summary>
public enum InstructionClass : byte
{
    /// <summary>LD: 64-bit immediate loads and the legacy packet loads.</summary>
    Load = 0,

    /// <summary>LDX: loads from memory into a register.</summary>
    LoadRegister = 1,

    /// <summary>ST: stores of an immediate.</summary>
    Store = 2,

    /// <summary>STX: stores of a register, and atomics.</summary>
    StoreRegister = 3,

    /// <summary>ALU: 32-bit arithmetic; the upper half of the destination becomes zero.</summary>
    Alu = 4,

    /// <summary>JMP: jumps that compare 64 bits, calls, exit.</summary>
    Jump = 5,

    /// <summary>JMP32: jumps that compare 32 bits.</summary>
    Jump32 = 6,

    /// <summary>ALU64: 64-bit arithmetic.</summary>
    Alu64 = 7,
}
