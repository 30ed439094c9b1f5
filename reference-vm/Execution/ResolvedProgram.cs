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
    /// <summary>The program's storage map of a kind, or null: there is at most one of each.</summary>
    public Map? StorageMap(StorageKind kind) => Maps.FirstOrDefault(map => map.Definition.StorageKind == kind);
}
