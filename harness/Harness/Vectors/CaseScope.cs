using Conformance.Harness.Json;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Vectors;

/// <summary>What the steps of one case may refer to, as far as it has been read.</summary>
internal sealed class CaseScope(IReadOnlyList<string> rules, ErrorSink errors)
{
    public ErrorSink Errors { get; } = errors;

    /// <summary>Rules of the vector; the first is the default.</summary>
    public IReadOnlyList<string> Rules { get; } = rules;

    /// <summary>Rules that an expectation names.</summary>
    public HashSet<string> RulesNamed { get; init; } = [];

    /// <summary>What <c>$attach_type</c> stands for, or null.</summary>
    public AttachType? AttachType { get; init; }

    /// <summary>What <c>$program_type</c> stands for, or null.</summary>
    public ProgramType? ProgramType { get; init; }

    public Dictionary<string, CgroupCreate> Cgroups { get; } = [];

    public Dictionary<string, MapCreate> Maps { get; } = [];

    public Dictionary<string, CaseProgram> Programs { get; } = [];

    /// <summary>Maps that are further descriptors of another, by name.</summary>
    public Dictionary<string, string> Aliases { get; } = [];

    public HashSet<string> Links { get; } = [];

    public HashSet<string> Sockets { get; } = [];

    /// <summary>Numbers that an earlier expectation has bound.</summary>
    public HashSet<string> Bound { get; } = [];

    public int CpusNeeded { get; private set; } = 1;

    /// <summary>Whether the steps being read are those of a track.</summary>
    public bool InTrack { get; set; }

    public void NeedCpu(int cpu) => CpusNeeded = Math.Max(CpusNeeded, cpu + 1);

    /// <summary>The cgroup a field names; an unknown one is an error.</summary>
    public string Cgroup(Fields fields, string field = "cgroup") =>
        Known(fields.Required(field), Cgroups.ContainsKey, "cgroup");

    public string Map(Fields fields) => Map(fields.Required("map"));

    public string Map(LocatedNode? node) => Known(node, Maps.ContainsKey, "map");

    public string Program(Fields fields, string field = "program") => Program(fields.Required(field));

    public string Program(LocatedNode? node) => Known(node, Programs.ContainsKey, "program");

    public string? OptionalProgram(Fields fields, string field) =>
        fields.Optional(field) is { } node ? Program(node) : null;

    public string Link(Fields fields) => Known(fields.Required("link"), Links.Contains, "link");

    public string Socket(Fields fields, string field = "socket") =>
        Known(fields.Required(field), Sockets.Contains, "socket");

    /// <summary>The program or link an attachment is placed relative to.</summary>
    public string? OptionalRelative(Fields fields) =>
        fields.Optional("relative") is { } node
            ? Known(node, name => Programs.ContainsKey(name) || Links.Contains(name), "program or link")
            : null;

    /// <summary>The attach type a field names, by default that of the case.</summary>
    public AttachType AttachTypeOf(Fields fields)
    {
        if (fields.Optional("attach_type") is { } node)
            return node.AttachType(Errors);
        if (AttachType is null)
            Errors.Add(fields.Node, "\"attach_type\" is missing, and no axis defines $attach_type");
        return AttachType ?? default;
    }

    /// <summary>The map of this name; null where there is none, which has been reported then.</summary>
    public MapCreate? FindMap(string name) => Maps.GetValueOrDefault(name);

    private string Known(LocatedNode? node, Func<string, bool> exists, string what)
    {
        if (node?.NonEmptyString(Errors) is not { } name)
            return "";
        if (!exists(name))
            Errors.Add(node, $"unknown {what} \"{name}\"");
        return name;
    }
}

internal static class MapShape
{
    /// <summary>Per-CPU areas are <c>value_size</c> rounded up to this many bytes apart.</summary>
    private const int AreaAlignment = 8;

    public static bool IsPerCpu(this MapCreate map) => map.Type is MapType.PercpuArray or MapType.PercpuCgroupStorage;

    public static bool IsStorage(this MapCreate map) =>
        map.Type is MapType.CgroupStorage or MapType.PercpuCgroupStorage;

    /// <summary>With the flags cpu (8) and all_cpus (16) the buffer of a per-CPU map is one value, without padding.</summary>
    public static MapUpdateElem OneValue(this MapUpdateElem update, MapCreate? map)
    {
        const ulong flags = 8 | 16;
        return map is not null && map.IsPerCpu() && (update.Flags & flags) != 0 && update.Value.Length == map.AreaSize()
            ? update with
            {
                Value = update.Value[..map.ValueSize],
            }
            : update;
    }

    /// <summary>Bytes of one CPU's area, or of the whole value of a map that is not per CPU.</summary>
    public static int AreaSize(this MapCreate map) =>
        map.IsPerCpu() ? checked((map.ValueSize + AreaAlignment - 1) / AreaAlignment * AreaAlignment) : map.ValueSize;
}
