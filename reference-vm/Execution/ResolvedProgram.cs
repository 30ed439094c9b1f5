using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// A program ready to run. Slot indices are those of the loaded bytecode. Map references are replaced by map tokens
/// (see <see cref="MapTokens"/>), loads of context pointers by 8-byte loads of the context block's pointer slots, function
/// references by absolute slot indices.
/// </summary>
/// <param name="Instructions">The rewritten slots.</param>
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
    /// <summary>
    /// Whether some path returns a value that only the expected attach type understands
    /// (<see cref="ProgramTypeInfo.TyingReturns"/>): such a program is attached there and nowhere else.
    /// </summary>
    public bool TiedToExpected { get; init; }

    /// <summary>Whether the program contains a tail call.</summary>
    public bool TailCalls { get; init; }

    /// <summary>The program's storage map of a kind, or null: there is at most one of each.</summary>
    public Map? StorageMap(StorageKind kind) => Maps.FirstOrDefault(map => map.Definition.StorageKind == kind);
}
