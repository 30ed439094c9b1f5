using System.Text.Json;
using System.Text.Json.Nodes;
using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Harness.Generation;

/// <summary>Names for the addresses a reproduction speaks of.</summary>
internal sealed class PointerNames
{
    private readonly HashSet<(int Buffer, int Cpu)> _seen = [];

    /// <summary>What a field must hold that is the address of an area: what it held before, or something that no other has.</summary>
    public JsonNode Expect(Area area, IEnumerable<Area> living)
    {
        var name = NameOf(area.Buffer, area.Cpu);
        if (_seen.Contains((area.Buffer, area.Cpu)))
        {
            return JsonValue.Create($"@{name}");
        }

        // An address that is free again may be used again.
        _seen.IntersectWith(living.Select(other => (other.Buffer, other.Cpu)));
        JsonNode[] others = [.. _seen.Order().Select(other => JsonValue.Create($"@{NameOf(other.Buffer, other.Cpu)}"))];
        _seen.Add((area.Buffer, area.Cpu));
        return new JsonObject
        {
            ["bind"] = name,
            ["not"] = new JsonArray([JsonValue.Create(0), .. others]),
            ["aligned"] = sizeof(ulong),
        };
    }

    private static string NameOf(int buffer, int cpu) => $"buffer{buffer}cpu{cpu}";
}

/// <summary>Predictions as expectations of a vector file.</summary>
internal static class ReproductionExpectation
{
    /// <summary>Adds what an answer must show beside success.</summary>
    public static void Add(
        JsonObject expect,
        Operation operation,
        Prediction prediction,
        ModelState state,
        PointerNames pointers
    )
    {
        switch (prediction)
        {
            case { Kind: AnswerKind.Refused }:
                expect["refused"] = new JsonObject { ["errno"] = $"{prediction.Errno}" };
                break;
            case { Outcome: { } outcome }:
                expect["outcome"] = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{outcome}");
                AddErrno(expect, prediction);
                break;
            case { Areas: { } areas }:
                AddValue(expect, areas, state.Maps[((MapLookupElem)operation).Map], state, pointers);
                break;
            case { Key: { } key }:
                expect["key"] = ReproductionStep.Key(key);
                break;
            case { ReturnValue: { } value }:
                expect["return_value"] = value;
                break;
            case { Programs: { } programs }:
                expect["programs"] = new JsonArray([.. programs.Select(name => JsonValue.Create(name))]);
                expect["attach_flags"] = prediction.AttachFlags;
                break;
            default:
                AddErrno(expect, prediction);
                break;
        }
    }

    /// <summary>How an event ended, as an expectation.</summary>
    public static JsonObject Ended(Answer answer, string rule)
    {
        var expect = new JsonObject
        {
            ["rule"] = rule,
            ["outcome"] = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{answer.Outcome}"),
        };
        if (answer.Errno != Errno.None)
        {
            expect["errno"] = $"{answer.Errno}";
        }

        return expect;
    }

    /// <summary>A value as it stands, area by area.</summary>
    public static JsonArray Areas(byte[] value, int areaSize)
    {
        var fields = new JsonArray();
        foreach (var (cpu, area) in value.Chunk(areaSize).Index())
        {
            var field = Field(0, cpu);
            field["hex"] = Convert.ToHexStringLower(area);
            fields.Add(field);
        }

        return fields;
    }

    private static void AddErrno(JsonObject expect, Prediction prediction)
    {
        if (prediction.Errno != Errno.None)
        {
            expect["errno"] = $"{prediction.Errno}";
        }
    }

    private static void AddValue(
        JsonObject expect,
        IReadOnlyList<Area> areas,
        ModelMap map,
        ModelState state,
        PointerNames pointers
    )
    {
        var fields = new JsonArray();
        foreach (var area in areas)
        {
            var address = area.HoldsOwnAddress ? WritePointer.Offset : area.Bytes.Length;
            AddBytes(fields, area, 0, address);
            if (area.HoldsOwnAddress)
            {
                var field = Field(address, area.Cpu);
                field["u64"] = pointers.Expect(area, state.Storages.SelectMany(storage => storage.Areas));
                fields.Add(field);
                AddBytes(fields, area, address + sizeof(ulong), area.Bytes.Length);
            }
        }

        expect["value"] = fields;
        if (map.Kind == StorageKind.Shared)
        {
            expect["size"] = map.Definition.ValueSize;
        }
    }

    private static void AddBytes(JsonArray fields, Area area, int from, int to)
    {
        if (from < to)
        {
            var field = Field(from, area.Cpu);
            field["hex"] = Convert.ToHexStringLower(area.Bytes.AsSpan()[from..to]);
            fields.Add(field);
        }
    }

    private static JsonObject Field(int offset, int cpu)
    {
        var field = new JsonObject { ["offset"] = offset };
        if (cpu != 0)
        {
            field["cpu"] = cpu;
        }

        return field;
    }
}
