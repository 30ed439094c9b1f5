using Conformance.Harness.Machines;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Harness.Wire;

/// <summary>Operations on maps, made of a request's members.</summary>
internal static class MapOperations
{
    public static Operation? Of(string op, RequestFields fields) =>
        op switch
        {
            "map_create" => new MapCreate(
                Map(fields),
                Type(fields),
                fields.Need(fields.KeySize, "key_size"),
                fields.Need(fields.ValueSize, "value_size"),
                fields.MaxEntries,
                fields.Flags32
            )
            {
                SpinLockOffset = fields.SpinLockOffset,
                NumaNode = fields.NumaNode,
                Extra = fields.MapExtra,
                InnerMap = fields.InnerMap,
                KeyType = fields.KeyType,
                ValueType = fields.ValueType,
                ExclusiveProgramHash = fields.ExclusiveProgramHash,
                Without = fields.Without,
            },
            "map_close" => new MapClose(Map(fields)),
            "map_freeze" => new MapFreeze(Map(fields)),
            "map_reopen" => new MapReopen(Map(fields), fields.Need(fields.Of, "of")),
            "map_batch" => new MapBatch(Map(fields), fields.NeedWord<MapBatchCommand>(fields.Command, "command")),
            "map_null_pointer" => new MapNullPointer(
                Map(fields),
                fields.NeedWord<MapElementCommand>(fields.Command, "command"),
                fields.NeedWord<MapPointer>(fields.Null, "null"),
                fields.Key
            ),
            "map_file" => new MapFile(Map(fields), fields.NeedWord<MapFileCall>(fields.Call, "call")),
            "map_lookup_elem" => new MapLookupElem(Map(fields), Key(fields), fields.Flags),
            "map_lookup_and_delete_elem" => new MapLookupAndDeleteElem(Map(fields), Key(fields), fields.Flags),
            "map_update_elem" => new MapUpdateElem(
                Map(fields),
                Key(fields),
                fields.Need(fields.Value, "value"),
                fields.Flags
            ),
            "map_delete_elem" => new MapDeleteElem(Map(fields), Key(fields)),
            "map_get_next_key" => new MapGetNextKey(Map(fields), fields.Key),
            "prog_array_update" => new ProgArrayUpdate(
                Map(fields),
                fields.Need(fields.Index, "index"),
                fields.Need(fields.Program, "program")
            ),
            "await" => new Await(
                Map(fields),
                Key(fields),
                fields.Need(fields.Offset, "offset"),
                fields.Need(fields.AtLeast, "at_least")
            ),
            _ => null,
        };

    private static string Map(RequestFields fields) => fields.Need(fields.Map, "map");

    private static MapKey Key(RequestFields fields) => fields.Need(fields.Key, "key");

    private static MapType Type(RequestFields fields)
    {
        var type = fields.Need(fields.Type, "type");
        if (type.Word is not { } word)
            return (MapType)type.Number;
        return MapTypeNames.TryParse(word, out var found)
            ? found
            : throw new WireFormatException($"\"type\": there is no map type \"{word}\"");
    }
}
