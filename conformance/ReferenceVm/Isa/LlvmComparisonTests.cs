using Conformance.ReferenceVm.Isa;
using FsCheck;
using FsCheck.Fluent;

namespace Conformance.Tests.ReferenceVm.Isa;

/// <summary>The disassembler's text of random legal instructions, assembled by LLVM, must give the same bytes.</summary>
public sealed class LlvmComparisonTests
{
    // What llvm-mc 14 with -mcpu=v3 cannot read, each with the reason. A newer one reads more, and is not asked for it.
    private static readonly (string Reason, Func<Instruction, string, bool> Applies)[] LeftOut =
    [
        ("v4: signed division and modulo", (_, text) => text.Contains(" s/= ") || text.Contains(" s%= ")),
        (
            "v4: sign-extending moves and loads",
            (_, text) => text.Contains("(s8") || text.Contains("(s16") || text.Contains("(s32")
        ),
        ("v4: unconditional byte swap", (_, text) => text.Contains("bswap")),
        ("v4: long jump", (_, text) => text.StartsWith("gotol", StringComparison.Ordinal)),
        ("v4: stores of an immediate", (one, _) => Opcode.ClassOf(one.Opcode) == InstructionClass.Store),
        ("no modulo before LLVM 16", (_, text) => text.Contains(" %= ")),
        (
            "no test of bits before LLVM 18",
            (_, text) => text.StartsWith("if ", StringComparison.Ordinal) && text.Contains(" & ")
        ),
        (
            "Linux 6.15: load-acquire and store-release",
            (_, text) => text.Contains("_acquire") || text.Contains("_release")
        ),
        (
            "only printed, not read, by LLVM 14: fetching atomics",
            (_, text) => text.Contains("fetch") || text.Contains("xchg")
        ),
        ("our spelling of local calls, kfuncs and helpers by name", (one, _) => one.Opcode == Opcode.Call),
        (
            "our spelling of references that LLVM leaves to relocations",
            (one, _) => one.Opcode == Opcode.LoadImmediate64 && one.Src != 0
        ),
        ("LLVM knows no register plus constant here", (one, text) => text.Contains("skb[r") && one.Imm != 0),
    ];

    [RequiresLlvmMcFact]
    public void Random_instructions_have_the_bytes_that_llvm_gives_them()
    {
        var programs = RandomInstructions
            .LegalProgram()
            .Sample(size: 50, seed: new Rnd(9669, 1), numberOfSamples: 100)
            .ToList();
        var lines = programs
            .SelectMany(program =>
                Disassembler.Disassemble(program).Select(line => (line.Text, Slots: Slots(program, line.Instruction)))
            )
            .Where(line => !LeftOut.Any(rule => rule.Applies(line.Slots[0], line.Text)))
            .DistinctBy(line => line.Text)
            .ToList();
        lines.Should().HaveCountGreaterThan(500, "most of the instruction set is within llvm-mc's reach");
        var encodings = LlvmMc.Assemble(lines.Select(line => line.Text).ToList());
        var differences = lines
            .Zip(
                encodings,
                (line, theirs) => (line.Text, Ours: Convert.ToHexStringLower(Bytecode.Encode(line.Slots)), theirs)
            )
            .Where(row => row.Ours != row.theirs)
            .ToList();
        differences.Should().BeEmpty();
    }

    private static Instruction[] Slots(Instruction[] program, int slot) =>
        program.AsSpan(slot, EncodingRules.SlotsAt(program, slot)).ToArray();
}
