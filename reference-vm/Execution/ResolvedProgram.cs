using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// A program ready to run. Slot indices are those of the loaded bytecode. Every 64-bit immediate load has source field 0: map
/// references are replaced by map tokens (see <see cref="MapTokens"/>), function references by absolute slot indices. Loads of
/// context pointers are 8-byte loads of the context block's pointer slots.
/// </summary>
/// <param name="Instructions">The rewritten slots; not changed any more.</param>
/// <param name="Type">The program type.</param>
/// <param name="Expected">The recorded expected attach type.</param>
/// <param name="Maps">Every map the program refers to, in order of first reference.</param>
public sealed record ResolvedProgram(
    Instruction[] Instructions,
    ProgramType Type,
    AttachType Expected,
    IReadOnlyList<Map> Maps
)
{
    private Code? _code;

    /// <summary>
    /// Whether some path returns a value that only the expected attach type understands
    /// (<see cref="ProgramTypeInfo.TyingReturns"/>): such a program is attached there and nowhere else.
    /// </summary>
    public bool TiedToExpected { get; init; }

    /// <summary>Whether the program contains a tail call.</summary>
    public bool TailCalls { get; init; }

    // Compared with its source, because a copy of this record may have other instructions.
    internal Code Code =>
        _code is { } code && code.Source == Instructions ? code : _code = CodeDecoder.Decode(Instructions);

    /// <summary>
    /// A program that no verifier has seen, without maps: the interpreter stops it where it does wrong. Function references
    /// are resolved; a map reference traps.
    /// </summary>
    public static ResolvedProgram Unverified(ReadOnlySpan<Instruction> instructions)
    {
        var resolved = instructions.ToArray();
        for (var slot = 0; slot < resolved.Length; slot += EncodingRules.SlotsAt(resolved, slot))
        {
            if (resolved[slot] is { Opcode: Opcode.LoadImmediate64, Src: (byte)ImmediateKind.Function } reference)
            {
                resolved[slot] = reference with { Src = 0, Imm = slot + 1 + reference.Imm };
            }
        }

        return new ResolvedProgram(resolved, ProgramType.Unspecified, default, []);
    }

    /// <summary>The program's storage map of a kind, or null: there is at most one of each.</summary>
    public Map? StorageMap(StorageKind kind) => Maps.FirstOrDefault(map => map.Definition.StorageKind == kind);
}
