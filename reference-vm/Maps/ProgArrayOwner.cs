using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Maps;

/// <summary>
/// What a prog_array remembers of its first program. A tail-called program runs with the caller's storages, so its storage maps
/// must be the caller's.
/// </summary>
internal sealed record ProgArrayOwner(ProgramType Type, AttachType Expected, Map? SharedMap, Map? PerCpuMap)
{
    public static ProgArrayOwner Of(ResolvedProgram program) =>
        new(
            program.Type,
            program.Expected,
            program.StorageMap(StorageKind.Shared),
            program.StorageMap(StorageKind.PerCpu)
        );

    public bool Admits(ResolvedProgram program, bool keepsAttachType) =>
        Type == program.Type
        && (Expected == program.Expected || !keepsAttachType)
        && Admits(SharedMap, program.StorageMap(StorageKind.Shared), program)
        && Admits(PerCpuMap, program.StorageMap(StorageKind.PerCpu), program);

    // The same map, or none in a program that tail-calls nothing itself: through one that does, a storage-less attachment would
    // reach a program that needs a storage.
    private static bool Admits(Map? owners, Map? programs, ResolvedProgram program) =>
        owners == programs || (programs is null && !program.TailCalls);
}
