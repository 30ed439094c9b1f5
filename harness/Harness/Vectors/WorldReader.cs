using Conformance.Harness.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Vectors;

/// <summary>Reads the cgroups and maps of a vector.</summary>
internal static class WorldReader
{
    public static void Cgroups(LocatedNode node, CaseScope scope)
    {
        foreach (var (name, value) in node.Members(scope.Errors))
        {
            CheckName(name, value, scope);
            string? parent = null;
            if (value.Kind != NodeKind.Null && value.NonEmptyString(scope.Errors) is { } above)
            {
                parent = above;
                if (!scope.Cgroups.ContainsKey(parent))
                    scope.Errors.Add(value, $"the parent \"{parent}\" does not stand before its child");
            }

            scope.Cgroups[name] = new CgroupCreate(name, parent);
        }
    }

    public static void Maps(LocatedNode node, CaseScope scope)
    {
        foreach (var (name, value) in node.Members(scope.Errors))
        {
            CheckName(name, value, scope);
            if (Fields.Of(value, scope.Errors) is not { } fields)
                continue;
            if (fields.Optional("same_as") is { } original)
            {
                Alias(name, original, scope);
                fields.Done();
                continue;
            }

            scope.Maps[name] = new MapCreate(
                name,
                fields.Required("type")?.MapType(scope.Errors) ?? default,
                fields.Required("key_size")?.Int(0, int.MaxValue, scope.Errors) ?? 0,
                fields.Required("value_size")?.Int(0, int.MaxValue - sizeof(ulong), scope.Errors) ?? 0,
                fields.OptionalInt("max_entries", 0, int.MaxValue, 0),
                fields.Flags32(CaseNames.MapFlags)
            )
            {
                SpinLockOffset = fields.Optional("spin_lock_offset")?.Int(0, int.MaxValue, scope.Errors),
                NumaNode = fields.Optional("numa_node")?.Int(0, int.MaxValue, scope.Errors),
                Extra = fields.Optional("map_extra")?.Number(64, scope.Errors) ?? 0,
                InnerMap = fields.Optional("inner_map") is { } inner ? scope.Map(inner) : null,
                KeyType = fields.Optional("key_type") is { } key ? TypeReader.Read(key, scope.Errors) : null,
                ValueType = fields.Optional("value_type") is { } type ? TypeReader.Read(type, scope.Errors) : null,
                ExclusiveProgramHash = fields.Optional("excl_prog_hash")?.Hex(scope.Errors),
                Without = CapabilityReader.Read(fields.Optional("without"), scope.Errors),
            };
            fields.Done();
        }
    }

    private static void Alias(string name, LocatedNode original, CaseScope scope)
    {
        var of = scope.Map(original);
        if (scope.FindMap(of) is not { } map)
            return;
        if (scope.Aliases.ContainsKey(of))
            scope.Errors.Add(original, $"\"{of}\" is another map's descriptor itself");
        scope.Maps[name] = map with { Map = name };
        scope.Aliases[name] = of;
    }

    public static void CheckName(string name, LocatedNode value, CaseScope scope)
    {
        if (!CaseNames.IsName(name))
            scope.Errors.Add(value, $"a name is of letters, digits, _ and -: \"{name}\" is not");
    }
}
