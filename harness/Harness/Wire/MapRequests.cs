using System.Text.Json;
using Conformance.Harness.Machines;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Harness.Wire;

/// <summary>Requests that are about maps.</summary>
internal static class MapRequests
{
    /// <summary>Writes the members; false where the operation is about something else.</summary>
    public static bool Write(Utf8JsonWriter json, Operation operation)
    {
        switch (operation)
        {
            case MapCreate op:
                WriteDefinition(json, op);
                return true;
            case MapClose op:
                json.WriteString("map"u8, op.Map);
                return true;
            case MapFreeze op:
                json.WriteString("map"u8, op.Map);
                return true;
            case MapReopen op:
                json.WriteString("map"u8, op.Map);
                json.WriteString("of"u8, op.Of);
                return true;
            case MapBatch op:
                json.WriteString("map"u8, op.Map);
                json.WriteString("command"u8, WireValues.Words<MapBatchCommand>.Of(op.Command));
                return true;
            case MapNullPointer op:
                json.WriteString("map"u8, op.Map);
                json.WriteString("command"u8, WireValues.Words<MapElementCommand>.Of(op.Command));
                json.WriteString("null"u8, WireValues.Words<MapPointer>.Of(op.Null));
                if (op.Key is { } key)
                    WriteKey(json, key);
                return true;
            case MapFile op:
                json.WriteString("map"u8, op.Map);
                json.WriteString("call"u8, WireValues.Words<MapFileCall>.Of(op.Call));
                return true;
            case MapLookupElem op:
                WriteElement(json, op.Map, op.Key);
                RequestWriter.WriteUnlessZero(json, "flags"u8, op.Flags);
                return true;
            case MapLookupAndDeleteElem op:
                WriteElement(json, op.Map, op.Key);
                RequestWriter.WriteUnlessZero(json, "flags"u8, op.Flags);
                return true;
            case MapUpdateElem op:
                WriteElement(json, op.Map, op.Key);
                json.WriteHex("value"u8, op.Value);
                RequestWriter.WriteUnlessZero(json, "flags"u8, op.Flags);
                return true;
            case MapDeleteElem op:
                WriteElement(json, op.Map, op.Key);
                return true;
            case MapGetNextKey op:
                WriteElement(json, op.Map, op.Key);
                return true;
            case ProgArrayUpdate op:
                json.WriteString("map"u8, op.Map);
                json.WriteNumber("index"u8, op.Index);
                json.WriteString("program"u8, op.Program);
                return true;
            case Await op:
                WriteElement(json, op.Map, op.Key);
                json.WriteNumber("offset"u8, op.Offset);
                json.WriteNumber64("at_least"u8, op.AtLeast);
                return true;
            default:
                return false;
        }
    }

    public static void WriteKey(Utf8JsonWriter json, MapKey key)
    {
        json.WriteStartObject("key"u8);
        switch (key)
        {
            case StorageKey storage:
                json.WriteString("cgroup"u8, storage.Cgroup);
                if (storage.AttachType is { } type)
                    json.WriteType("attach_type"u8, type);
                if (storage.Padding != 0)
                    json.WriteNumber("padding"u8, storage.Padding);
                break;
            case RawKey raw:
                json.WriteHex("hex"u8, raw.Bytes);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteElement(Utf8JsonWriter json, string map, MapKey? key)
    {
        json.WriteString("map"u8, map);
        if (key is not null)
            WriteKey(json, key);
    }

    private static void WriteDefinition(Utf8JsonWriter json, MapCreate op)
    {
        json.WriteString("map"u8, op.Map);
        json.WriteType("type"u8, op.Type);
        json.WriteNumber("key_size"u8, op.KeySize);
        json.WriteNumber("value_size"u8, op.ValueSize);
        json.WriteNumber("max_entries"u8, op.MaxEntries);
        RequestWriter.WriteUnlessZero(json, "flags"u8, op.Flags);
        if (op.SpinLockOffset is { } offset)
            json.WriteNumber("spin_lock_offset"u8, offset);
        if (op.NumaNode is { } node)
            json.WriteNumber("numa_node"u8, node);
        RequestWriter.WriteUnlessZero(json, "map_extra"u8, op.Extra);
        RequestWriter.WriteName(json, "inner_map"u8, op.InnerMap);
        if (op.ExclusiveProgramHash is { } hash)
            json.WriteHex("excl_prog_hash"u8, hash);
        RequestWriter.WriteCapabilities(json, op.Without);
        if (op.KeyType is { } keyType)
            WriteType(json, "key_type", keyType);
        if (op.ValueType is { } valueType)
            WriteType(json, "value_type", valueType);
    }

    private static void WriteType(Utf8JsonWriter json, string member, TypeDescription type)
    {
        if (TypeWords.Of(type) is { } word)
        {
            json.WriteString(member, word);
            return;
        }

        json.WriteStartObject(member);
        switch (type)
        {
            case TypedefType named:
                WriteType(json, "typedef", named.Of);
                break;
            case ArrayType array:
                WriteType(json, "array", array.Of);
                json.WriteNumber("count"u8, array.Count);
                break;
            case StructType structure:
                json.WriteStartArray(structure.IsUnion ? "union"u8 : "struct"u8);
                foreach (var part in structure.Members)
                {
                    json.WriteStartObject();
                    json.WriteNumber("offset"u8, part.Offset);
                    WriteType(json, "type", part.Type);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteNumber("size"u8, structure.Bytes);
                break;
        }

        json.WriteEndObject();
    }
}
