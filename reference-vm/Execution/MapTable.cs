using Conformance.ReferenceVm.Maps;

namespace Conformance.ReferenceVm.Execution;

/// <summary>The live maps of a machine by id: what map tokens are checked against. Reading takes no lock.</summary>
public sealed class MapTable
{
    private const int InitialCapacity = 16;

    private readonly Lock _lock = new();
    private Map?[] _maps = new Map?[InitialCapacity];

    /// <summary>The live map with this id, or null.</summary>
    public Map? Find(int id)
    {
        var maps = Volatile.Read(ref _maps);
        return (uint)id < (uint)maps.Length ? Volatile.Read(ref maps[id]) : null;
    }

    /// <summary>Adds a map under its id (<see cref="Map.Id"/>).</summary>
    public void Add(Map map)
    {
        lock (_lock)
        {
            if (map.Id >= _maps.Length)
            {
                var grown = new Map?[Math.Max(map.Id + 1, _maps.Length * 2)];
                _maps.CopyTo(grown, 0);
                Volatile.Write(ref _maps, grown);
            }

            Volatile.Write(ref _maps[map.Id], map);
        }
    }

    /// <summary>Removes a map: its token is worthless from now on.</summary>
    public void Remove(int id)
    {
        lock (_lock)
        {
            if ((uint)id < (uint)_maps.Length)
            {
                Volatile.Write(ref _maps[id], null);
            }
        }
    }

    /// <summary>Removes all maps.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            Volatile.Write(ref _maps, new Map?[InitialCapacity]);
        }
    }
}
