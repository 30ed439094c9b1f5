using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Programs;

/// <summary>A program in the machine: verified, with an id. Lives while a descriptor, an attachment or a prog_array entry refers to it.</summary>
public sealed class LoadedProgram
{
    private readonly CgroupStorageMap? _shared;
    private readonly CgroupStorageMap? _perCpu;

    internal LoadedProgram(int id, ResolvedProgram code)
    {
        Id = id;
        Code = code;
        _shared = (CgroupStorageMap?)code.StorageMap(StorageKind.Shared);
        _perCpu = (CgroupStorageMap?)code.StorageMap(StorageKind.PerCpu);
    }

    /// <summary>The machine-wide id, from 1.</summary>
    public int Id { get; }

    /// <summary>What runs.</summary>
    public ResolvedProgram Code { get; }

    /// <summary>Its type.</summary>
    public ProgramType Type => Code.Type;

    /// <summary>Descriptors, attachments and prog_array entries that refer to it.</summary>
    internal int References { get; set; }

    /// <summary>Maps that it keeps alive without using them.</summary>
    internal HashSet<MapObject> BoundMaps { get; } = [];

    internal CgroupStorageMap? StorageMap(StorageKind kind) => kind == StorageKind.Shared ? _shared : _perCpu;
}
