using System.Collections.Immutable;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Model;

/// <summary>Everything there is, at one moment. Never changes; an operation makes a new one.</summary>
public sealed record ModelState
{
    /// <summary>Possible CPUs.</summary>
    public required int Cpus { get; init; }

    /// <summary>What the programs do that may be loaded, by name.</summary>
    public required ImmutableDictionary<string, ProgramSketch> Sketches { get; init; }

    /// <summary>Cgroups by number, removed ones included.</summary>
    public ImmutableDictionary<int, ModelCgroup> Cgroups { get; init; } = ImmutableDictionary<int, ModelCgroup>.Empty;

    /// <summary>The cgroup a name means: the last one created under it.</summary>
    public ImmutableDictionary<string, int> CgroupNames { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Maps by name, as long as anything refers to them.</summary>
    public ImmutableDictionary<string, ModelMap> Maps { get; init; } = ImmutableDictionary<string, ModelMap>.Empty;

    /// <summary>Loaded programs by name, as long as anything refers to them.</summary>
    public ImmutableDictionary<string, ModelProgram> Programs { get; init; } =
        ImmutableDictionary<string, ModelProgram>.Empty;

    /// <summary>Links by name, as long as their descriptor is open.</summary>
    public ImmutableDictionary<string, ModelLink> Links { get; init; } = ImmutableDictionary<string, ModelLink>.Empty;

    /// <summary>Number of the next cgroup.</summary>
    public int NextCgroup { get; init; } = 1;

    /// <summary>Number of the next buffer.</summary>
    public int NextBuffer { get; init; } = 1;

    /// <summary>A machine on which nothing has happened yet.</summary>
    public static ModelState Empty(int cpus, IEnumerable<ProgramSketch> sketches) =>
        new() { Cpus = cpus, Sketches = sketches.ToImmutableDictionary(sketch => sketch.Name) };

    /// <summary>The cgroup a name means, or null if there never was one.</summary>
    public ModelCgroup? Cgroup(string name) => CgroupNames.TryGetValue(name, out var id) ? Cgroups[id] : null;

    /// <summary>The storage with this identity, or null.</summary>
    public Storage? Storage(StorageId id) => Maps.GetValueOrDefault(id.Map)?.Storages.Find(storage => storage.Id == id);

    /// <summary>Every storage that exists.</summary>
    public IEnumerable<Storage> Storages => Maps.Values.SelectMany(map => map.Storages);

    internal ModelState With(ModelCgroup cgroup) => this with { Cgroups = Cgroups.SetItem(cgroup.Id, cgroup) };

    internal ModelState With(ModelMap map) => this with { Maps = Maps.SetItem(map.Name, map) };

    internal ModelState With(ModelLink link) => this with { Links = Links.SetItem(link.Name, link) };

    internal ModelState With(Storage storage) => With(Maps[storage.Id.Map].With(storage));
}

/// <summary>A cgroup.</summary>
/// <param name="Id">Its number, never used again.</param>
/// <param name="Parent">Number of the parent; null at the top.</param>
public sealed record ModelCgroup(int Id, string Name, int? Parent)
{
    /// <summary>False once it was removed.</summary>
    public bool Alive { get; init; } = true;

    /// <summary>What is attached, by attach type.</summary>
    public ImmutableDictionary<AttachType, Hook> Hooks { get; init; } = ImmutableDictionary<AttachType, Hook>.Empty;

    /// <summary>What is attached at one attach type.</summary>
    public Hook Hook(AttachType type) => Hooks.GetValueOrDefault(type, Model.Hook.Empty);
}

/// <summary>How many programs one attach type of one cgroup takes, and what descendants may do.</summary>
public enum AttachMode : uint
{
    /// <summary>One program, and descendants may attach nothing.</summary>
    None = 0,

    /// <summary>One program, which a descendant's replaces for its subtree.</summary>
    Override = AttachFlags.AllowOverride,

    /// <summary>Many programs, and descendants add theirs.</summary>
    Multi = AttachFlags.AllowMulti,
}

/// <summary>The attachments of one cgroup at one attach type.</summary>
public sealed record Hook(AttachMode Mode, ImmutableList<Attachment> Attachments, ulong Revision)
{
    /// <summary>Nothing attached yet.</summary>
    public static Hook Empty { get; } = new(AttachMode.None, [], 1);
}

/// <summary>A program at its place, with the storages it got when it was attached: never looked up at run time.</summary>
/// <param name="Program">The program.</param>
/// <param name="Link">The link that holds it, or null.</param>
/// <param name="Preorder">Whether it runs before all programs that are not.</param>
public sealed record Attachment(string Program, string? Link, bool Preorder)
{
    /// <summary>Its storage of the shared kind, if its program refers to such a map.</summary>
    public StorageId? Shared { get; init; }

    /// <summary>Its storage of the per-CPU kind, if its program refers to such a map.</summary>
    public StorageId? PerCpu { get; init; }
}

/// <summary>A map of one of the two storage types.</summary>
public sealed record ModelMap(MapCreate Definition)
{
    /// <summary>Its name.</summary>
    public string Name => Definition.Map;

    /// <summary>Whether the client's descriptor is open.</summary>
    public bool Open { get; init; } = true;

    /// <summary>Whether user space lost the right to write.</summary>
    public bool Frozen { get; init; }

    /// <summary>Whether a storage went with its cgroup: Linux removes those a moment later.</summary>
    public bool LostStorages { get; init; }

    /// <summary>Its storages, most recently created first.</summary>
    public ImmutableList<Storage> Storages { get; init; } = [];

    /// <summary>Which kind of storage it has.</summary>
    public StorageKind Kind => Definition.Type == MapType.PercpuCgroupStorage ? StorageKind.PerCpu : StorageKind.Shared;

    /// <summary>The identity of the storage for a place in this map: with 8-byte keys the attach type makes no difference.</summary>
    public StorageId IdFor(int cgroup, AttachType? type) =>
        new(Name, cgroup, Definition.KeySize == LocalStorageModel.IsolatedKeySize ? type : null);

    internal ModelMap With(Storage storage) =>
        this with
        {
            Storages = Storages.SetItem(Storages.FindIndex(other => other.Id == storage.Id), storage),
        };
}

/// <summary>A loaded program.</summary>
public sealed record ModelProgram(ProgramSketch Sketch)
{
    /// <summary>Whether the client's descriptor is open.</summary>
    public bool Open { get; init; } = true;
}

/// <summary>A link.</summary>
/// <param name="Cgroup">Number of the cgroup it holds a program on; null once it was detached or the cgroup was removed.</param>
public sealed record ModelLink(string Name, string Program, int? Cgroup, AttachType AttachType);
