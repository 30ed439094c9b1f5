using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Machines;

/// <summary>What a program needs that a kernel is too old for.</summary>
internal static class ProgramAge
{
    // BPF_MAXINSNS, the bound for everybody before 5.2.
    private const int SmallProgram = 4096;

    /// <summary>What is missing, as a sentence; null where nothing is.</summary>
    public static string? Missing(ProgLoad load, KernelVersion kernel) =>
        OfType(load, kernel)
        ?? OfCode(load.Instructions, kernel)
        ?? OfFlags(load.Flags, kernel)
        ?? (load.GlobalFunctions.Count > 0 ? Since("global functions", kernel, new(5, 6)) : null);

    /// <summary>Whether an attach type is missing, as a sentence.</summary>
    public static string? Missing(AttachType type, KernelVersion kernel) =>
        Enum.IsDefined(type) ? Since($"attach type {Names.Of(type)}", kernel, AttachTypeAge.Since(type)) : null;

    /// <summary>The sentence, where a kernel does not have something.</summary>
    public static string? Since(
        string what,
        KernelVersion kernel,
        KernelVersion since,
        params IReadOnlyList<KernelVersion> stable
    ) => kernel.Has(since, stable) ? null : $"Linux {kernel} has no {what} (since {since})";

    // A program type came with the first of its attach types. An attach type of another program type is refused by every kernel.
    private static string? OfType(ProgLoad load, KernelVersion kernel)
    {
        if (ProgramTypes.Find(load.Type)?.AttachTypes is not { Count: > 0 } types)
        {
            return null;
        }

        var missing = types.Select(type => Missing(type, kernel)).ToArray();
        return types.Contains(load.ExpectedAttachType) ? Missing(load.ExpectedAttachType, kernel)
            : Array.TrueForAll(missing, one => one is not null) ? missing[0]
            : null;
    }

    private static string? OfCode(byte[] bytecode, KernelVersion kernel)
    {
        if (!Bytecode.TryDecode(bytecode, out var code, out _))
        {
            return null;
        }

        for (var slot = 0; slot < code.Length; slot += EncodingRules.SlotsAt(code, slot))
        {
            var missing = OfInstruction(code[slot], slot, kernel);
            if (missing is not null)
            {
                return missing;
            }
        }

        return code.Length > SmallProgram
            ? Since($"programs of more than {SmallProgram} instructions", kernel, new(5, 2))
            : null;
    }

    private static string? OfInstruction(Instruction instruction, int slot, KernelVersion kernel)
    {
        if (InstructionAge.Of(instruction) is { } family)
        {
            return Since(family.Name, kernel, family.Since);
        }

        var opcode = instruction.Opcode;
        if (opcode == Opcode.Call && instruction.Src == (byte)CallTarget.Helper)
        {
            return HelperPrototypes.Find(instruction.Imm) is { } helper
                ? Since($"bpf_{helper.Name}#{instruction.Imm}", kernel, HelperAge.Since(helper.Id))
                : null;
        }

        return instruction.Offset < 0 && (Opcode.IsGoto(opcode) || Opcode.IsConditionalJump(opcode))
            ? Since($"loops, as that from instruction {slot}", kernel, new(5, 3))
            : null;
    }

    private static string? OfFlags(uint flags, KernelVersion kernel) =>
        LoadFlagAge
            .All.Where(flag => (flags & flag.Bit) != 0)
            .Select(flag => Since($"load flag {flag.Name}", kernel, flag.Since))
            .FirstOrDefault(missing => missing is not null);
}
