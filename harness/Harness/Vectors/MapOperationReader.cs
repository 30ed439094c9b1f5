using System.Text.Json;
using Conformance.Harness.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Vectors;

/// <summary>Reads the operations on maps.</summary>
internal static class MapOperationReader
{
    public static Operation? Read(string op, Fields fields, CaseScope scope)
    {
        if (op is "parallel" || !IsKnown(op))
        {
            scope.Errors.Add(fields.Node.Member("op")!, $"unknown op \"{op}\"");
            return null;
        }

        var map = scope.Map(fields);
        return op switch
        {
            "map_create" => Create(fields, map, scope),
            "map_reopen" => Reopen(fields, map, scope),
            "map_batch" => new MapBatch(map, Word<MapBatchCommand>(fields, "command")),
            "map_file" => new MapFile(map, Word<MapFileCall>(fields, "call")),
            "map_null_pointer" => NullPointer(fields, map, scope),
            "prog_bind_map" => new ProgBindMap(scope.Program(fields), map),
            "map_close" => new MapClose(map),
            "map_freeze" => new MapFreeze(map),
            "map_lookup_elem" => new MapLookupElem(map, KeyReader.Read(fields, map, scope), fields.ElementFlags()),
            "map_lookup_and_delete_elem" => new MapLookupAndDeleteElem(
                map,
                KeyReader.Read(fields, map, scope),
                fields.ElementFlags()
            ),
            "map_update_elem" => new MapUpdateElem(
                map,
                KeyReader.Read(fields, map, scope),
                fields.Required("value") is { } value ? FieldReader.Buffer(value, scope.FindMap(map), scope) : [],
                fields.ElementFlags()
            ).OneValue(scope.FindMap(map)),
            "map_delete_elem" => new MapDeleteElem(map, KeyReader.Read(fields, map, scope)),
            "map_get_next_key" => new MapGetNextKey(
                map,
                fields.Optional("key") is null ? null : KeyReader.Read(fields, map, scope)
            ),
            "prog_array_update" => new ProgArrayUpdate(
                map,
                fields.Required("index")?.Int(0, int.MaxValue, scope.Errors) ?? 0,
                scope.Program(fields)
            ),
            _ => Await(fields, map, scope),
        };
    }

    private static MapCreate? Create(Fields fields, string map, CaseScope scope)
    {
        if (scope.Aliases.ContainsKey(map))
            scope.Errors.Add(fields.Node, $"\"{map}\" is another map's descriptor: it is opened by map_reopen");
        return scope.FindMap(map);
    }

    private static MapNullPointer NullPointer(Fields fields, string map, CaseScope scope)
    {
        var command = Word<MapElementCommand>(fields, "command");
        var isNull = Word<MapPointer>(fields, "null");
        var key = fields.Optional("key") is null ? null : KeyReader.Read(fields, map, scope);
        if (isNull == MapPointer.Key && key is not null)
            scope.Errors.Add(fields.Node, "a key that is null has no bytes");
        else if (isNull == MapPointer.Value && key is null && command != MapElementCommand.GetNextKey)
            scope.Errors.Add(fields.Node, "\"key\" is missing");
        if (isNull == MapPointer.Value && command == MapElementCommand.DeleteElem)
            scope.Errors.Add(fields.Node, "delete_elem points to no value");
        return new MapNullPointer(map, command, isNull, key);
    }

    private static MapReopen Reopen(Fields fields, string map, CaseScope scope)
    {
        var of = scope.Aliases.GetValueOrDefault(map);
        if (of is null && map.Length > 0)
            scope.Errors.Add(
                fields.Node,
                $"\"{map}\" is no further descriptor of a map: its definition has no same_as"
            );
        return new MapReopen(map, of ?? "");
    }

    private static T Word<T>(Fields fields, string name)
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>()
            .ToDictionary(
                value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()),
                StringComparer.Ordinal
            );
        if (fields.Required(name) is not { } node || node.String(fields.Errors) is not { } text)
            return default;
        if (!words.TryGetValue(text, out var found))
            fields.Errors.Add(node, $"unknown {name} \"{text}\": expected one of {string.Join(", ", words.Keys)}");
        return found;
    }

    private static bool IsKnown(string op) =>
        op
            is "map_create"
                or "map_reopen"
                or "map_batch"
                or "map_file"
                or "map_null_pointer"
                or "prog_bind_map"
                or "map_close"
                or "map_freeze"
                or "map_lookup_elem"
                or "map_lookup_and_delete_elem"
                or "map_update_elem"
                or "map_delete_elem"
                or "map_get_next_key"
                or "prog_array_update"
                or "await";

    private static Await Await(Fields fields, string map, CaseScope scope)
    {
        if (!scope.InTrack)
            scope.Errors.Add(fields.Node, "await is for tracks of a parallel step");
        var offset = fields.Required("offset")?.Int(0, int.MaxValue, scope.Errors) ?? 0;
        if (scope.FindMap(map) is { } definition && offset > definition.AreaSize() - sizeof(ulong))
            scope.Errors.Add(fields.Node, $"the value of \"{map}\" has no 8 bytes at {offset}");
        return new Await(
            map,
            KeyReader.Read(fields, map, scope),
            offset,
            fields.Required("at_least")?.Number(64, scope.Errors) ?? 0
        );
    }
}
