using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>Refuses instructions that came later than the kernel modelled. To such a kernel they are unknown opcodes, or known ones with fields it reserves.</summary>
internal static class InstructionSet
{
    public static Refusal? Check(LoadRequest request)
    {
        var code = request.Instructions;
        for (var slot = 0; slot < code.Length; slot++)
            if (!request.Behaviour.Knows(code[slot]))
                return Refusal.Invalid(Reason(code[slot]), slot);
        return null;
    }

    private static string Reason(Instruction instruction)
    {
        var opcode = instruction.Opcode;
        if (InstructionAge.Of(instruction) == InstructionAge.AcquireRelease)
            return $"BPF_ATOMIC uses invalid atomic opcode {instruction.Imm:x2}";
        return Opcode.ClassOf(opcode) switch
        {
            InstructionClass.Load => "unrecognized bpf_ld_imm64 insn",
            InstructionClass.LoadRegister => "BPF_LDX uses reserved fields",
            InstructionClass.StoreRegister => "BPF_STX uses reserved fields",
            InstructionClass.Alu or InstructionClass.Alu64 => Opcode.AluOperationOf(opcode) switch
            {
                AluOperation.Move => "BPF_MOV uses reserved fields",
                AluOperation.ByteSwap => "BPF_END uses reserved fields",
                _ => "BPF_ALU uses reserved fields",
            },
            _ => $"unknown opcode {opcode:x2}",
        };
    }
}
