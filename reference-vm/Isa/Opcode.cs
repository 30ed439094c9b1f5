namespace Conformance.ReferenceVm.Isa;

/// <summary>
/// The opcode byte: its parts, and the few opcodes that are known by name. Two layouts (RFC 9669 section 3.1):
/// <code>
///  arithmetic and jumps   operation:4 | source:1 | class:3
///  loads and stores       mode:3      | size:2   | class:3
/// </code>
/// </summary>
public static class Opcode
{
    /// <summary>First slot of a 64-bit immediate load (LD | IMM | DW). The second slot has opcode 0.</summary>
    public const byte LoadImmediate64 = 0x18;

    /// <summary>The unconditional jump with its distance in the offset (JMP | JA).</summary>
    public const byte Goto = 0x05;

    /// <summary>The unconditional jump with its distance in the immediate (JMP32 | JA), v4.</summary>
    public const byte GotoLong = 0x06;

    /// <summary>Every call: helper, local or by BTF id, as <see cref="CallTarget"/> in the source field says.</summary>
    public const byte Call = 0x85;

    /// <summary>Return.</summary>
    public const byte Exit = 0x95;

    private const byte ClassMask = 0x07;
    private const byte SourceMask = 0x08;
    private const byte SizeMask = 0x18;
    private const byte ModeMask = 0xe0;
    private const byte OperationMask = 0xf0;

    /// <summary>The class, in every opcode.</summary>
    public static InstructionClass ClassOf(byte opcode) => (InstructionClass)(opcode & ClassMask);

    /// <summary>The second operand's source, in arithmetic and jumps.</summary>
    public static OperandSource SourceOf(byte opcode) => (OperandSource)(opcode & SourceMask);

    /// <summary>The operation, in arithmetic.</summary>
    public static AluOperation AluOperationOf(byte opcode) => (AluOperation)(opcode & OperationMask);

    /// <summary>The operation, in jumps.</summary>
    public static JumpOperation JumpOperationOf(byte opcode) => (JumpOperation)(opcode & OperationMask);

    /// <summary>The access width, in loads and stores.</summary>
    public static OperandSize SizeOf(byte opcode) => (OperandSize)(opcode & SizeMask);

    /// <summary>The mode, in loads and stores.</summary>
    public static AddressMode ModeOf(byte opcode) => (AddressMode)(opcode & ModeMask);

    /// <summary>Whether the class is ALU or ALU64.</summary>
    public static bool IsArithmetic(byte opcode) => ClassOf(opcode) is InstructionClass.Alu or InstructionClass.Alu64;

    /// <summary>Whether the class is JMP or JMP32: jumps, calls and exit.</summary>
    public static bool IsJumpClass(byte opcode) => ClassOf(opcode) is InstructionClass.Jump or InstructionClass.Jump32;

    /// <summary>Whether this is a jump with a condition.</summary>
    public static bool IsConditionalJump(byte opcode) =>
        IsJumpClass(opcode)
        && JumpOperationOf(opcode)
            is not (JumpOperation.Always or JumpOperation.Call or JumpOperation.Exit)
                and <= JumpOperation.SignedLessOrEqual;

    /// <summary>Whether this is <see cref="Goto"/> or <see cref="GotoLong"/>.</summary>
    public static bool IsGoto(byte opcode) => opcode is Goto or GotoLong;

    /// <summary>Whether this is an atomic read-modify-write, a load-acquire or a store-release.</summary>
    public static bool IsAtomic(byte opcode) =>
        ClassOf(opcode) == InstructionClass.StoreRegister && ModeOf(opcode) == AddressMode.Atomic;

    /// <summary>The opcode of an arithmetic operation.</summary>
    public static byte Of(InstructionClass @class, AluOperation operation, OperandSource source) =>
        (byte)((byte)@class | (byte)operation | (byte)source);

    /// <summary>The opcode of a jump.</summary>
    public static byte Of(InstructionClass @class, JumpOperation operation, OperandSource source) =>
        (byte)((byte)@class | (byte)operation | (byte)source);

    /// <summary>The opcode of a load or store.</summary>
    public static byte Of(InstructionClass @class, AddressMode mode, OperandSize size) =>
        (byte)((byte)@class | (byte)mode | (byte)size);
}
