using System.Collections.Frozen;
using System.Text.Json;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Harness.Vectors;

/// <summary>libbpf's spelling of map types (<c>percpu_cgroup_storage</c>).</summary>
public static class MapTypeNames
{
    private static readonly FrozenDictionary<string, MapType> ByName = Enum.GetValues<MapType>()
        .Where(type => type != MapType.Unspecified)
        .ToFrozenDictionary(type => JsonNamingPolicy.SnakeCaseLower.ConvertName(type.ToString()));

    private static readonly FrozenDictionary<MapType, string> Spelling = ByName.ToFrozenDictionary(
        pair => pair.Value,
        pair => pair.Key
    );

    /// <summary>All names.</summary>
    public static IEnumerable<string> All => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The name of a map type; <c>map_type_N</c> for a number that has none here.</summary>
    public static string Of(MapType type) => Spelling.GetValueOrDefault(type) ?? $"map_type_{(int)type}";

    /// <summary>Finds a map type by its name.</summary>
    public static bool TryParse(string name, out MapType type) => ByName.TryGetValue(name, out type);
}
