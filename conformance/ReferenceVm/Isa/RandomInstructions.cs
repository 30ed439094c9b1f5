using Conformance.ReferenceVm.Isa;
using FsCheck;
using FsCheck.Fluent;

namespace Conformance.Tests.ReferenceVm.Isa;

/// <summary>Random slots and random legal programs, for properties.</summary>
public static class RandomInstructions
{
    /// <summary>Any eight bytes.</summary>
    public static Gen<Instruction> AnySlot() => Gen.Choose(0, 255).ArrayOf(8).Select(bytes => Decode(bytes));

    /// <summary>A program of legal instructions, 64-bit immediates with both their slots. Jumps go anywhere.</summary>
    public static Gen<Instruction[]> LegalProgram(int instructions = 40) =>
        LegalInstruction().ArrayOf(instructions).Select(all => all.SelectMany(slots => slots).ToArray());

    private static Gen<Instruction[]> LegalInstruction() =>
        from opcode in Gen.Elements(Enumerable.Range(0, 256).Select(value => (byte)value).Where(EncodingRules.IsKnown))
        from dst in Gen.Choose(0, Register.Count - 1)
        from src in Gen.Choose(0, Register.Count - 1)
        from offset in Gen.OneOf(
            Gen.Elements<short>(0, 1, 8, 16, 32),
            Gen.Choose(short.MinValue, short.MaxValue).Select(value => (short)value)
        )
        from imm in Number()
        from upper in Number()
        select Legalise(new Instruction(opcode, (byte)dst, (byte)src, offset, imm), upper);

    private static Gen<int> Number() =>
        Gen.OneOf(
            Gen.Elements([
                0,
                1,
                -1,
                16,
                32,
                64,
                int.MinValue,
                int.MaxValue,
                .. Enum.GetValues<AtomicOperation>().Select(value => (int)value),
            ]),
            Gen.Choose(-100, 100),
            Gen.Choose(int.MinValue, int.MaxValue)
        );

    // Clears one field after the other until the encoding is legal: every legal encoding can come out of this.
    private static Instruction[] Legalise(Instruction instruction, int upper)
    {
        var isAtomic = Opcode.IsAtomic(instruction.Opcode);
        var isSwap =
            Opcode.IsArithmetic(instruction.Opcode)
            && Opcode.AluOperationOf(instruction.Opcode) == AluOperation.ByteSwap;
        Instruction[] candidates =
        [
            instruction,
            instruction with
            {
                Src = (byte)(instruction.Src % 7),
            },
            instruction with
            {
                Offset = 0,
            },
            instruction with
            {
                Imm = 0,
            },
            instruction with
            {
                Src = 0,
            },
            instruction with
            {
                Dst = 0,
                Offset = 0,
                Src = (byte)(instruction.Src % 3),
            },
            instruction with
            {
                Src = 0,
                Offset = 0,
                Imm = isSwap ? 32 : instruction.Imm,
            },
            instruction with
            {
                Offset = 0,
                Imm = 0,
            },
            instruction with
            {
                Dst = 0,
                Src = 0,
                Imm = 0,
            },
            instruction with
            {
                Dst = 0,
                Src = 0,
                Offset = 0,
            },
            instruction with
            {
                Dst = 0,
                Offset = 0,
            },
            instruction with
            {
                Imm = isAtomic ? (int)AtomicOperation.StoreRelease : 0,
            },
            new Instruction(instruction.Opcode, 0, 0, 0, 0),
        ];
        foreach (var candidate in candidates)
        foreach (var second in (int[])[upper, 0])
        {
            Instruction[] slots =
                candidate.Opcode == Opcode.LoadImmediate64
                    ? [candidate, new Instruction(0, 0, 0, 0, second)]
                    : [candidate];
            if (EncodingRules.Violation(slots, 0) is null)
                return slots;
        }
        throw new InvalidOperationException($"no legal form of {instruction}");
    }

    private static Instruction Decode(int[] bytes) => Bytecode.Decode(bytes.Select(value => (byte)value).ToArray())[0];
}
