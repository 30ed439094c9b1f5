using System.Buffers.Binary;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Mutants.Seams;

/// <summary>One instruction slot of loaded bytecode.</summary>
internal readonly record struct Slot(byte Opcode, byte Dst, byte Src, short Offset, int Imm);

/// <summary>The bytecode of a program to be loaded, slot by slot.</summary>
internal static class Slots
{
    public const int Helper = 81;
    private const int Size = 8;

    public static Slot[] Of(ProgLoad load)
    {
        var slots = new Slot[load.Instructions.Length / Size];
        for (var index = 0; index < slots.Length; index++)
        {
            var bytes = load.Instructions.AsSpan(index * Size, Size);
            slots[index] = new Slot(
                bytes[0],
                (byte)(bytes[1] & 0xf),
                (byte)(bytes[1] >> 4),
                BinaryPrimitives.ReadInt16LittleEndian(bytes[2..]),
                BinaryPrimitives.ReadInt32LittleEndian(bytes[4..])
            );
        }

        return slots;
    }

    public static ProgLoad With(ProgLoad load, Slot[] slots)
    {
        var bytes = new byte[slots.Length * Size];
        for (var index = 0; index < slots.Length; index++)
        {
            var at = bytes.AsSpan(index * Size, Size);
            var slot = slots[index];
            at[0] = slot.Opcode;
            at[1] = (byte)(slot.Src << 4 | slot.Dst);
            BinaryPrimitives.WriteInt16LittleEndian(at[2..], slot.Offset);
            BinaryPrimitives.WriteInt32LittleEndian(at[4..], slot.Imm);
        }

        return load with
        {
            Instructions = bytes,
        };
    }

    /// <summary>Loads the program with each slot replaced; second halves of 64-bit immediates are left alone.</summary>
    public static Operation Each(Operation operation, Func<Slot, Slot> replace) =>
        operation is ProgLoad load && load.Instructions.Length % Size == 0
            ? With(load, [.. Of(load).Select(slot => slot.Opcode == 0 ? slot : replace(slot))])
            : operation;

    public static bool CallsHelper(ProgLoad load) => Of(load).Any(IsHelperCall);

    public static bool IsHelperCall(Slot slot) => slot is { Opcode: Opcode.Call, Src: 0, Imm: Helper };

    /// <summary>Whether a slot behind a call of the helper, up to the next call, and the call itself satisfy a condition.</summary>
    public static bool AnyCall(Operation operation, Func<Slot[], int, bool> condition) =>
        operation is ProgLoad load
        && Of(load) is var slots
        && Enumerable.Range(0, slots.Length).Any(index => IsHelperCall(slots[index]) && condition(slots, index));
}
