using Conformance.ReferenceVm.Isa;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Conformance.Tests.ReferenceVm.Isa;

/// <summary>What is decoded encodes to the same bytes; what is disassembled assembles to the same slots.</summary>
public sealed class RoundTripProperties
{
    [Property(MaxTest = 500)]
    public bool Decoding_and_encoding_any_slots_gives_the_same_bytes(byte[] bytes)
    {
        var whole = bytes.AsSpan(0, bytes.Length / Instruction.Size * Instruction.Size);
        return Bytecode.Encode(Bytecode.Decode(whole)).AsSpan().SequenceEqual(whole);
    }

    [Property(MaxTest = 500)]
    public Property Encoding_and_decoding_any_instruction_gives_the_same_instruction() =>
        Prop.ForAll(
            RandomInstructions.AnySlot().ToArbitrary(),
            instruction => Bytecode.Decode(Bytecode.Encode([instruction]))[0] == instruction
        );

    [Property(MaxTest = 300)]
    public Property Disassembling_and_assembling_legal_programs_gives_the_same_slots() =>
        Prop.ForAll(
            RandomInstructions.LegalProgram().ToArbitrary(),
            program => SurvivesAsText(program, labels: false) && !Disassembler.ToText(program).Contains(".raw")
        );

    [Property(MaxTest = 300)]
    public Property Labels_in_a_disassembly_change_nothing() =>
        Prop.ForAll(
            RandomInstructions.LegalProgram().Select(JumpingInside).ToArbitrary(),
            program => SurvivesAsText(program, labels: true)
        );

    [Property(MaxTest = 300)]
    public Property Disassembling_and_assembling_any_slots_gives_the_same_slots() =>
        Prop.ForAll(
            RandomInstructions.AnySlot().ArrayOf(20).ToArbitrary(),
            program => SurvivesAsText(program, labels: false) && SurvivesAsText(program, labels: true)
        );

    private static bool SurvivesAsText(Instruction[] program, bool labels)
    {
        var text = Disassembler.ToText(program, new DisassemblyNames { Labels = labels });
        var result = Assembler.Assemble(text);
        return result.Succeeded
            ? result.Instructions.AsSpan().SequenceEqual(program)
            : throw new InvalidOperationException($"{result.Error}\n{text}");
    }

    // Random distances rarely stay inside; these always do, often at the start of an instruction.
    private static Instruction[] JumpingInside(Instruction[] program)
    {
        for (var slot = 0; slot < program.Length; slot++)
        {
            var instruction = program[slot];
            if (JumpTargets.Of(instruction, slot) is null)
                continue;
            var target = (int)((uint)instruction.GetHashCode() % program.Length);
            var distance = target - slot - 1;
            program[slot] = instruction.Opcode is Opcode.GotoLong or Opcode.Call or Opcode.LoadImmediate64
                ? instruction with
                {
                    Imm = distance,
                }
                : instruction with
                {
                    Offset = (short)distance,
                };
        }
        return program;
    }
}
