using Conformance.Mutants.Seams;

namespace Conformance.Mutants.Gallery;

/// <summary>Instructions on the value that do something else.</summary>
internal static class InstructionMutants
{
    private const byte Atomic8 = 0xdb;
    private const byte Atomic4 = 0xc3;
    private const int Fetch = 1;
    private const int Add = 0x00;
    private const int Or = 0x40;
    private const int And = 0x50;
    private const int Xor = 0xa0;
    private const int Exchange = 0xe0 | Fetch;
    private const int CompareExchange = 0xf0 | Fetch;

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Atomic(
            "atomics-do-not-fetch",
            "Atomic operations that should fetch leave their register alone.",
            slot => (slot.Imm & ~Fetch) is Add or Or or And or Xor ? slot with { Imm = slot.Imm & ~Fetch } : slot
        ),
        Atomic(
            "compare-exchange-always-exchanges",
            "Compare-exchange exchanges without comparing.",
            slot => slot.Imm == CompareExchange ? slot with { Imm = Exchange } : slot
        ),
        Atomic(
            "atomic-and-is-or",
            "Atomic and works as atomic or.",
            slot => (slot.Imm & ~Fetch) == And ? slot with { Imm = Or | slot.Imm & Fetch } : slot
        ),
        Atomic(
            "atomic-xor-is-or",
            "Atomic xor works as atomic or.",
            slot => (slot.Imm & ~Fetch) == Xor ? slot with { Imm = Or | slot.Imm & Fetch } : slot
        ),
        Atomic(
            "atomics-of-four-bytes",
            "Atomics of eight bytes reach the lower four only.",
            slot => slot.Opcode == Atomic8 ? slot with { Opcode = Atomic4 } : slot
        ),
        Mutant.Asking(
            "stores-four-of-eight-bytes",
            "Stores of eight bytes to the value reach the lower four only.",
            ["bounds.whole-value"],
            operation =>
                Slots.Each(
                    operation,
                    slot => slot is { Opcode: 0x7b, Dst: not 10 } ? slot with { Opcode = 0x63 } : slot
                )
        ),
        Mutant.Asking(
            "stores-one-of-two-bytes",
            "Stores of two bytes reach the lower one only.",
            ["bounds.whole-value"],
            operation => Slots.Each(operation, slot => slot.Opcode == 0x6b ? slot with { Opcode = 0x73 } : slot)
        ),
        Mutant.Asking(
            "loads-one-of-two-bytes",
            "Loads of two bytes read the lower one only.",
            ["bounds.whole-value"],
            operation => Slots.Each(operation, slot => slot.Opcode == 0x69 ? slot with { Opcode = 0x71 } : slot)
        ),
    ];

    private static Mutant Atomic(string id, string sentence, Func<Slot, Slot> replace) =>
        Mutant.Asking(
            id,
            sentence,
            ["bounds.atomics"],
            operation => Slots.Each(operation, slot => slot.Opcode is Atomic8 or Atomic4 ? replace(slot) : slot)
        );
}
