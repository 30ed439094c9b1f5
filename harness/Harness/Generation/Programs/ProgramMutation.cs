using Conformance.ReferenceVm.Isa;

namespace Conformance.Harness.Generation.Programs;

/// <summary>Small random damage.</summary>
public static class ProgramMutation
{
    /// <summary>Changes a field of some slot, or puts a copy of another slot in its place.</summary>
    public static void Apply(Random random, Instruction[] code)
    {
        var at = random.Next(code.Length);
        var slot = code[at];
        code[at] = random.Next(7) switch
        {
            0 => slot with { Dst = (byte)random.Next(11) },
            1 => slot with { Src = (byte)random.Next(11) },
            2 => slot with { Offset = (short)(slot.Offset + random.Next(-9, 10)) },
            3 => slot with { Imm = slot.Imm + random.Next(-9, 10) },
            4 => slot with { Imm = random.Next(int.MinValue, int.MaxValue) },
            5 => slot with { Opcode = (byte)(slot.Opcode ^ 1 << random.Next(8)) },
            _ => code[random.Next(code.Length)],
        };
    }
}
