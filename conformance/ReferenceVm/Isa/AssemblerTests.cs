using Conformance.ReferenceVm.Isa;

namespace Conformance.Tests.ReferenceVm.Isa;

public sealed class AssemblerTests
{
    [Fact]
    public void Labels_count_slots_and_64_bit_immediates_take_two()
    {
        var result = Assembler.Assemble(
            """
            start:
                if r1 == 0 goto end
                r1 = 0x1 ll
                goto start
            end: exit
            """
        );
        result.Instructions!.Select(instruction => (int)instruction.Offset).Should().Equal(3, 0, 0, -4, 0);
        result.Labels.Should().BeEquivalentTo(new Dictionary<string, int> { ["start"] = 0, ["end"] = 4 });
        result.Lines.Should().Equal(2, 3, 3, 4, 5);
    }

    [Fact]
    public void A_map_reference_is_a_descriptor_load_with_its_slot_and_name()
    {
        var result = Assembler.Assemble("r0 = 0\nr1 = map[storage] ll\nr2 = map_value[counts + 8] ll\nexit");
        result.MapReferences.Should().Equal((1, "storage"), (3, "counts"));
        result.Instructions![1].Should().Be(new Instruction(Opcode.LoadImmediate64, 1, 1, 0, 0));
        result.Instructions[3].Should().Be(new Instruction(Opcode.LoadImmediate64, 2, 2, 0, 0));
        result.Instructions[4].Imm.Should().Be(8);
    }

    [Fact]
    public void A_call_of_a_label_is_local_and_a_label_goes_before_a_helper_of_that_name()
    {
        var result = Assembler.Assemble("call f\nexit\nf: exit\ncall bpf_ktime_get_ns\nbpf_loop: call bpf_loop");
        result.Instructions![0].Should().Be(new Instruction(Opcode.Call, 0, 1, 0, 1));
        result.Instructions[3].Should().Be(new Instruction(Opcode.Call, 0, 0, 0, 5));
        result.Instructions[4].Should().Be(new Instruction(Opcode.Call, 0, 1, 0, -1));
    }

    [Fact]
    public void A_function_reference_counts_from_the_slot_after_its_first()
    {
        var result = Assembler.Assemble("r2 = func[body] ll\nexit\nbody: exit");
        result.Instructions![0].Should().Be(new Instruction(Opcode.LoadImmediate64, 2, 4, 0, 2));
    }

    [Fact]
    public void An_empty_text_is_an_empty_program() =>
        Assembler.Assemble("\n ; nothing\n\r\n").Instructions.Should().BeEmpty();

    [Fact]
    public void Labels_and_map_names_survive_a_disassembly()
    {
        const string text = """
            L0:
                r1 = map[storage] ll
                call L4
                goto L0
            L4:
                r2 = func[L4] ll
                if w2 s< -3 goto L8
                exit
            L8:
                exit

            """;
        var result = Assembler.Assemble(text);
        var maps = result.MapReferences.ToDictionary(reference => reference.Instruction, reference => reference.Map);
        var names = new DisassemblyNames { Labels = true, MapAt = slot => maps.GetValueOrDefault(slot) };
        Disassembler.ToText(result.Instructions!, names).Should().Be(text);
    }

    [Fact]
    public void Jumps_out_of_the_program_and_into_an_immediate_stay_numbers()
    {
        const string text = "    goto +1\n    r0 = 0x0 ll\n    goto +7\n    goto -9\n";
        var program = Assembler.Assemble(text).Instructions!;
        Disassembler.ToText(program, new DisassemblyNames { Labels = true }).Should().Be(text);
    }
}
