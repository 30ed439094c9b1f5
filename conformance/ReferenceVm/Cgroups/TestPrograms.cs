using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.ReferenceVm.Cgroups;

/// <summary>Programs that are never run: what attaching looks at is their type and their maps.</summary>
internal static class TestPrograms
{
    private static int _lastId;

    public static LoadedProgram Of(params Map[] maps) => Of(ProgramType.CgroupSock, maps);

    public static LoadedProgram Of(ProgramType type, params Map[] maps) =>
        new(Interlocked.Increment(ref _lastId), new ResolvedProgram([], type, default, maps));

    public static CgroupStorageMap StorageMap(
        Arena arena,
        MapType type = MapType.CgroupStorage,
        int keySize = CgroupStorageMap.IsolatedKeySize,
        int valueSize = 8
    )
    {
        var definition = new MapDefinition(type, keySize, valueSize, 0);
        MapFactory.Create(
            definition,
            arena,
            new Limits(),
            Behaviour.Latest,
            Interlocked.Increment(ref _lastId),
            out var map
        );
        return (CgroupStorageMap)map!;
    }
}
