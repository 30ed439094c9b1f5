namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// What the interpreter does for one decoded instruction. Dense, so that dispatch is one jump table. Immediate and register forms
/// are one operation: the second operand is the sum of the source register and the immediate, one of which is zero
/// (<see cref="Slot"/>).
/// </summary>
#pragma warning disable CS1591 // The names are those of the instruction set; 32 marks operations on the lower half.
internal enum Operation : byte
{
    /// <summary>Not an instruction: the run ends with a message. What memory holds where nothing was decoded.</summary>
    Trap,

    Add,
    Subtract,
    Multiply,
    Divide,
    SignedDivide,
    Or,
    And,
    ShiftLeft,
    ShiftRight,
    Negate,
    Modulo,
    SignedModulo,
    Xor,
    Move,
    ArithmeticShiftRight,
    SignExtend8,
    SignExtend16,
    SignExtend32,

    Add32,
    Subtract32,
    Multiply32,
    Divide32,
    SignedDivide32,
    Or32,
    And32,
    ShiftLeft32,
    ShiftRight32,
    Negate32,
    Modulo32,
    SignedModulo32,
    Xor32,
    Move32,
    ArithmeticShiftRight32,
    SignExtend8To32,
    SignExtend16To32,

    /// <summary>The lower 16, 32 or 64 bits: to little-endian on a little-endian machine.</summary>
    ZeroExtend16,
    ZeroExtend32,
    Keep,

    /// <summary>Bytes of the lower 16, 32 or 64 bits in reverse, zero-extended.</summary>
    Swap16,
    Swap32,
    Swap64,

    LoadImmediate64,

    Load8,
    Load16,
    Load32,
    Load64,
    LoadSigned8,
    LoadSigned16,
    LoadSigned32,
    Store8,
    Store16,
    Store32,
    Store64,
    Atomic32,
    Atomic64,
    LoadAcquire,
    StoreRelease,

    Jump,
    JumpIfEqual,
    JumpIfNotEqual,
    JumpIfSet,
    JumpIfGreater,
    JumpIfGreaterOrEqual,
    JumpIfLess,
    JumpIfLessOrEqual,
    JumpIfSignedGreater,
    JumpIfSignedGreaterOrEqual,
    JumpIfSignedLess,
    JumpIfSignedLessOrEqual,
    JumpIfEqual32,
    JumpIfNotEqual32,
    JumpIfSet32,
    JumpIfGreater32,
    JumpIfGreaterOrEqual32,
    JumpIfLess32,
    JumpIfLessOrEqual32,
    JumpIfSignedGreater32,
    JumpIfSignedGreaterOrEqual32,
    JumpIfSignedLess32,
    JumpIfSignedLessOrEqual32,

    CallLocal,
    CallHelper,
    Exit,
}
#pragma warning restore CS1591
