using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm;

/// <summary>A map in the machine. It lives while a descriptor or a loaded program refers to it.</summary>
internal sealed class MapObject(Map map)
{
    public Map Map { get; } = map;

    /// <summary>Descriptors and programs.</summary>
    public int References { get; set; }

    /// <summary>Descriptors alone: with the last one a prog_array loses its entries, so that arrays and programs cannot keep each other alive.</summary>
    public int Descriptors { get; set; }

    public bool IsFrozen { get; set; }

    /// <summary>For prog_array maps: what is in it, and is kept alive by it.</summary>
    public Dictionary<int, LoadedProgram> Programs { get; } = [];
}
