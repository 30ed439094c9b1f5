using System.Text;
using Conformance.ReferenceVm.Isa;
using Conformance.Tests.Snapshots;

namespace Conformance.Tests.ReferenceVm.Isa;

/// <summary>The instruction set on one page: every known opcode, with every modifier that changes its spelling.</summary>
public sealed class DisassemblySnapshotTests
{
    [Fact]
    public Task Every_instruction_has_its_spelling()
    {
        var page = new StringBuilder();
        foreach (var opcode in Enumerable.Range(0, 256).Select(value => (byte)value).Where(EncodingRules.IsKnown))
        foreach (var program in Variants(opcode).Where(program => EncodingRules.Violation(program, 0) is null))
            page.Append($"{Convert.ToHexStringLower(Bytecode.Encode(program)), -32}  {Disassembler.ToText(program)}");
        return Snapshot.Verify(page.ToString());
    }

    private static IEnumerable<Instruction[]> Variants(byte opcode)
    {
        if (opcode == Opcode.LoadImmediate64)
            return Enumerable
                .Range(0, 7)
                .Select(kind =>
                    new[] { new Instruction(opcode, 1, (byte)kind, 0, 5), new Instruction(0, 0, 0, 0, UpperOf(kind)) }
                );
        if (Opcode.IsAtomic(opcode))
            return Enum.GetValues<AtomicOperation>()
                .Distinct()
                .Select(atomic => Single(new(opcode, 1, 2, -8, (int)atomic)));
        if (Opcode.IsArithmetic(opcode) && Opcode.AluOperationOf(opcode) == AluOperation.ByteSwap)
            return new[] { 16, 32, 64 }.Select(bits => Single(new(opcode, 1, 0, 0, bits)));
        if (opcode == Opcode.Call)
            return
            [
                Single(new(opcode, 0, 0, 0, 81)),
                Single(new(opcode, 0, 0, 0, 5000)),
                Single(new(opcode, 0, 1, 0, -2)),
                Single(new(opcode, 0, 2, 0, 7)),
            ];
        // The first of these that is legal is the plain form; the other offsets are modifiers of some operations.
        Instruction[] forms =
        [
            new(opcode, 1, 2, -8, 0),
            new(opcode, 1, 0, -8, 7),
            new(opcode, 1, 2, 0, 0),
            new(opcode, 1, 0, 0, 7),
            new(opcode, 1, 0, 0, 0),
            new(opcode, 0, 2, 0, 7),
            new(opcode, 0, 0, 0, 7),
            new(opcode, 0, 0, -8, 0),
            new(opcode, 0, 0, 0, 0),
        ];
        var plain = forms.First(form => EncodingRules.Violation(Single(form), 0) is null);
        return plain.Offset != 0
            ? [Single(plain)]
            : new short[] { 0, 1, 8, 16, 32 }.Select(offset => Single(plain with { Offset = offset }));
    }

    private static Instruction[] Single(Instruction instruction) => [instruction];

    // Where the second slot may carry something, it does.
    private static int UpperOf(int kind) =>
        (ImmediateKind)kind is ImmediateKind.MapDescriptor or ImmediateKind.MapIndex or ImmediateKind.Function ? 0 : 3;
}
