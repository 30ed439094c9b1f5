using System.Runtime.InteropServices;

namespace Conformance.ReferenceVm.Isa;

/// <summary>
/// One 8-byte slot of eBPF bytecode (RFC 9669 section 3). Indices everywhere in this library count slots, so a 64-bit immediate
/// load takes two: its second slot has opcode 0 and carries the upper 32 bits in <see cref="Imm"/>.
/// <code>
///  byte 0    byte 1            bytes 2-3   bytes 4-7
///  opcode    src:4 | dst:4     offset      imm          (little-endian)
/// </code>
/// </summary>
/// <param name="Opcode">Class in bits 0-2; the other bits depend on the class (RFC 9669 section 3.1).</param>
/// <param name="Dst">Destination register field, 0 to 15 as encoded (only 0 to 10 are registers).</param>
/// <param name="Src">Source register field, 0 to 15 as encoded.</param>
/// <param name="Offset">Signed 16-bit offset: memory displacement, jump distance in slots, or a modifier.</param>
/// <param name="Imm">Signed 32-bit immediate.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Instruction(byte Opcode, byte Dst, byte Src, short Offset, int Imm)
{
    /// <summary>Size of one slot in bytes.</summary>
    public const int Size = 8;
}
