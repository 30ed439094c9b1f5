using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Conformance.ReferenceVm.Isa;

/// <summary>Bytes to instruction slots and back, little-endian. No slot is refused here: see <see cref="EncodingRules"/>.</summary>
public static class Bytecode
{
    /// <summary>Reads whole slots.</summary>
    /// <exception cref="ArgumentException">The length is no multiple of 8; <see cref="TryDecode"/> where that may be.</exception>
    public static Instruction[] Decode(ReadOnlySpan<byte> bytes) =>
        TryDecode(bytes, out var instructions, out var error)
            ? instructions
            : throw new ArgumentException(error, nameof(bytes));

    /// <summary>Reads whole slots, or says where the last one is incomplete.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out Instruction[]? instructions,
        [NotNullWhen(false)] out string? error
    )
    {
        var rest = bytes.Length % Instruction.Size;
        if (rest != 0)
        {
            instructions = null;
            error =
                $"bytecode of {bytes.Length} bytes is not a multiple of {Instruction.Size}: "
                + $"slot {bytes.Length / Instruction.Size}, at byte {bytes.Length - rest}, has only {rest}";
            return false;
        }
        instructions = new Instruction[bytes.Length / Instruction.Size];
        for (var slot = 0; slot < instructions.Length; slot++)
            instructions[slot] = DecodeSlot(bytes.Slice(slot * Instruction.Size, Instruction.Size));
        error = null;
        return true;
    }

    /// <summary>Writes slots.</summary>
    public static byte[] Encode(ReadOnlySpan<Instruction> instructions)
    {
        var bytes = new byte[instructions.Length * Instruction.Size];
        for (var slot = 0; slot < instructions.Length; slot++)
            EncodeSlot(instructions[slot], bytes.AsSpan(slot * Instruction.Size, Instruction.Size));
        return bytes;
    }

    internal static Instruction DecodeSlot(ReadOnlySpan<byte> bytes) =>
        new(
            bytes[0],
            (byte)(bytes[1] & 0x0f),
            (byte)(bytes[1] >> 4),
            BinaryPrimitives.ReadInt16LittleEndian(bytes[2..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[4..])
        );

    internal static void EncodeSlot(Instruction instruction, Span<byte> bytes)
    {
        bytes[0] = instruction.Opcode;
        bytes[1] = (byte)((instruction.Dst & 0x0f) | (instruction.Src << 4));
        BinaryPrimitives.WriteInt16LittleEndian(bytes[2..], instruction.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], instruction.Imm);
    }
}
