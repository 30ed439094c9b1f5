using System.Runtime.InteropServices;

namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// One decoded slot; same index as in the bytecode. <see cref="Source"/> is <see cref="ZeroRegister"/> where the instruction
/// has an immediate, and <see cref="Immediate"/> is 0 where it has a source register: their sum is the operand in either form.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Slot
{
    /// <summary>A register behind R10 that always holds 0 and that no encoding can name.</summary>
    public const byte ZeroRegister = 11;

    public Operation Operation;
    public byte Destination;
    public byte Source;

    /// <summary>Loads and stores: the displacement in bytes. Jumps and local calls: distance to the target, in slots from this one.</summary>
    public int Offset;

    /// <summary>The immediate, sign-extended; for atomics the operation; for helper calls the address of its implementation; for traps the index of the message.</summary>
    public long Immediate;
}
