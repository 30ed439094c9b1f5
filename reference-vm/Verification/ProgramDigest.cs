using System.Security.Cryptography;
using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// The SHA-256 by which Linux knows a program (kernel/bpf/core.c bpf_prog_calc_tag): of its instructions as loaded, but that in 64-bit
/// immediate loads which name a map by its descriptor both immediates are zero. An index into an array of descriptors stays.
/// </summary>
internal static class ProgramDigest
{
    public static byte[] Of(Instruction[] code)
    {
        var hashed = (Instruction[])code.Clone();
        for (var slot = 0; slot + 1 < code.Length; slot++)
        {
            if (code[slot].Opcode != Opcode.LoadImmediate64)
                continue;
            var kind = (ImmediateKind)code[slot].Src;
            if (kind is ImmediateKind.MapDescriptor or ImmediateKind.MapDescriptorValue)
            {
                hashed[slot] = code[slot] with { Imm = 0 };
                hashed[slot + 1] = code[slot + 1] with { Imm = 0 };
            }
            slot++;
        }
        return SHA256.HashData(Bytecode.Encode(hashed));
    }
}
