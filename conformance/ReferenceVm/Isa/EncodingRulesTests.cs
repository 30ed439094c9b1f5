using Conformance.ReferenceVm.Isa;

namespace Conformance.Tests.ReferenceVm.Isa;

/// <summary>What the instruction set defines and what not, in the words of the verifier.</summary>
public sealed class EncodingRulesTests
{
    [Theory]
    [InlineData("8d00000000000000", "unknown opcode 8d")]
    [InlineData("8600000000000000", "unknown opcode 86")]
    [InlineData("0000000000000000", "unknown opcode 00")]
    [InlineData("ff00000000000000", "unknown opcode ff")]
    [InlineData("df00000010000000", "unknown opcode df")]
    [InlineData("8f00000000000000", "unknown opcode 8f")]
    [InlineData("9900000000000000", "unknown opcode 99")]
    [InlineData("8501000051000000", "BPF_CALL uses reserved fields")]
    [InlineData("8500010051000000", "BPF_CALL uses reserved fields")]
    [InlineData("8530000051000000", "BPF_CALL uses reserved fields")]
    [InlineData("9500000001000000", "BPF_EXIT uses reserved fields")]
    [InlineData("0500000001000000", "BPF_JA uses reserved fields")]
    [InlineData("0600010000000000", "BPF_JA uses reserved fields")]
    [InlineData("1510000000000000", "BPF_JMP/JMP32 uses reserved fields")]
    [InlineData("1d10000001000000", "BPF_JMP/JMP32 uses reserved fields")]
    [InlineData("0710000000000000", "BPF_ALU uses reserved fields")]
    [InlineData("0700010000000000", "BPF_ALU uses reserved fields")]
    [InlineData("3700020000000000", "BPF_ALU uses reserved fields")]
    [InlineData("b710000000000000", "BPF_MOV uses reserved fields")]
    [InlineData("b700080000000000", "BPF_MOV uses reserved fields")]
    [InlineData("bf00090000000000", "BPF_MOV uses reserved fields")]
    [InlineData("bc00200000000000", "BPF_MOV uses reserved fields")]
    [InlineData("8700000001000000", "BPF_NEG uses reserved fields")]
    [InlineData("d400000011000000", "BPF_END uses reserved fields")]
    [InlineData("6100000001000000", "BPF_LDX uses reserved fields")]
    [InlineData("6210000000000000", "BPF_ST uses reserved fields")]
    [InlineData("6300000001000000", "BPF_STX uses reserved fields")]
    [InlineData("2001000000000000", "BPF_LD_[ABS|IND] uses reserved fields")]
    [InlineData("c300000020000000", "BPF_ATOMIC uses invalid atomic opcode 20")]
    [InlineData("d300000000000000", "invalid atomic operand size")]
    [InlineData("1800000000000000", "invalid bpf_ld_imm64 insn")]
    [InlineData("18000000000000009500000000000000", "invalid bpf_ld_imm64 insn")]
    [InlineData("18000100000000000000000000000000", "BPF_LD_IMM64 uses reserved fields")]
    [InlineData("18700000000000000000000000000000", "unrecognized bpf_ld_imm64 insn")]
    [InlineData("18100000000000000000000001000000", "unrecognized bpf_ld_imm64 insn")]
    [InlineData("b70b000000000000", "R11 is invalid")]
    [InlineData("bff0000000000000", "R15 is invalid")]
    public void An_illegal_encoding_has_its_reason(string bytes, string reason)
    {
        var program = Bytecode.Decode(Convert.FromHexString(bytes));
        EncodingRules.Violation(program, 0).Should().Be(reason);
        Disassembler.Instruction(program, 0).Should().StartWith(".raw ");
    }

    [Fact]
    public void Exactly_the_opcodes_of_the_standard_are_known()
    {
        // ALU64 and ALU: 12 operations from two sources, NEG, END (ALU: in two byte orders). JMP and JMP32: 11 conditions from two
        // sources and JA; CALL and EXIT in JMP. LD: the 64-bit immediate, ABS and IND in three sizes. LDX: MEM in four sizes,
        // MEMSX in three. ST: four sizes. STX: four sizes plain, and atomic, which load-acquire extends to all four.
        var known = Enumerable.Range(0, 256).Select(opcode => (byte)opcode).Where(EncodingRules.IsKnown).ToList();
        known
            .GroupBy(Opcode.ClassOf)
            .ToDictionary(group => group.Key, group => group.Count())
            .Should()
            .BeEquivalentTo(
                new Dictionary<InstructionClass, int>
                {
                    [InstructionClass.Alu64] = 26,
                    [InstructionClass.Alu] = 27,
                    [InstructionClass.Jump] = 25,
                    [InstructionClass.Jump32] = 23,
                    [InstructionClass.Load] = 7,
                    [InstructionClass.LoadRegister] = 7,
                    [InstructionClass.Store] = 4,
                    [InstructionClass.StoreRegister] = 8,
                }
            );
    }

    [Fact]
    public void The_first_violation_is_found_and_second_slots_are_passed_over()
    {
        var program = Assembler.Assemble("r1 = 0x8500000000 ll\nexit\n.raw 8d 00 00 00 00 00 00 00").Instructions;
        EncodingRules.FirstViolation(program).Should().Be(new IllegalEncoding(3, "unknown opcode 8d"));
        EncodingRules.FirstViolation(program.AsSpan(0, 3)).Should().BeNull();
    }

    [Theory]
    [InlineData("goto +1\nexit", 0, "jump out of range from insn 0 to 2")]
    [InlineData("goto -2\nexit", 0, "jump out of range from insn 0 to -1")]
    [InlineData("exit\ncall +2147483647", 1, "jump out of range from insn 1 to 2147483649")]
    [InlineData("goto +1\nr0 = 1 ll\nexit", 0, "jump into the middle of ldimm64 insn 1 from insn 0")]
    public void A_jump_that_goes_nowhere_is_found(string text, int slot, string reason) =>
        JumpTargets
            .FirstViolation(Assembler.Assemble(text).Instructions)
            .Should()
            .Be(new IllegalEncoding(slot, reason));
}
