using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.Model;

/// <summary>A model state and the few verbs the tests of the model are written in.</summary>
internal sealed class ModelWorld
{
    public const AttachType Create = AttachType.CgroupInetSockCreate;
    public const AttachType Release = AttachType.CgroupInetSockRelease;
    public const AttachType Sysctl = AttachType.CgroupSysctl;
    public const AttachType Device = AttachType.CgroupDevice;
    public const AttachType Ingress = AttachType.CgroupInetIngress;
    public const AttachType Egress = AttachType.CgroupInetEgress;
    public const uint Override = AttachFlags.AllowOverride;
    public const uint Multi = AttachFlags.AllowMulti;
    public const uint Replace = AttachFlags.Replace;

    public ModelState State { get; private set; } = ModelState.Empty(2, []);

    public Prediction Do(Operation operation)
    {
        (State, var prediction) = LocalStorageModel.Step(State, operation);
        return prediction;
    }

    /// <summary>Cgroups by name; <c>child&lt;parent</c> makes a child.</summary>
    public ModelWorld Cgroups(params string[] cgroups)
    {
        foreach (var parts in cgroups.Select(cgroup => cgroup.Split('<')))
            Do(new CgroupCreate(parts[0], parts.Length > 1 ? parts[1] : null)).Should().Be(Prediction.Ok);
        return this;
    }

    public ModelWorld Map(string name, int keySize = 16, int valueSize = 16, bool perCpu = false)
    {
        var type = perCpu ? MapType.PercpuCgroupStorage : MapType.CgroupStorage;
        Do(new MapCreate(name, type, keySize, valueSize, 0)).Should().Be(Prediction.Ok);
        return this;
    }

    /// <summary>Loads a program that allows, unless a verdict is given.</summary>
    public ModelWorld Load(string name, AttachType type, Effect effect, Verdict? verdict = null) =>
        Load(new ProgramSketch(name, TypeOf(type), type, [effect], verdict ?? new Allow()));

    public ModelWorld Load(ProgramSketch sketch)
    {
        Sketch(sketch);
        Do(LoadOf(sketch.Name)).Should().Be(Prediction.Ok);
        return this;
    }

    public void Sketch(ProgramSketch sketch) =>
        State = State with { Sketches = State.Sketches.SetItem(sketch.Name, sketch) };

    public static ProgLoad LoadOf(string name) => new(name, ProgramType.CgroupSkb, AttachType.CgroupInetEgress, [], []);

    public Prediction Attach(string program, string cgroup, AttachType type, uint flags = 0, string? replace = null) =>
        Do(new ProgAttach(program, cgroup, type, flags) { Replace = replace });

    public Errno Detach(string? program, string cgroup, AttachType type) =>
        Do(new ProgDetach(program, cgroup, type)).Errno;

    public Prediction Fire(AttachType type, string cgroup, int times = 1, int cpu = 0) =>
        Do(new Fire(type, cgroup, cpu, times));

    public Prediction Lookup(string map, string cgroup, AttachType? type = null) =>
        Do(new MapLookupElem(map, new StorageKey(cgroup, type)));

    /// <summary>The number in a storage, on one CPU.</summary>
    public ulong Count(string map, string cgroup, AttachType? type = null, int cpu = 0) =>
        Lookup(map, cgroup, type).Areas![cpu].Count;

    /// <summary>All keys, as GET_NEXT_KEY walks them.</summary>
    public IReadOnlyList<StorageKey> Keys(string map)
    {
        List<StorageKey> keys = [];
        for (var next = Do(new MapGetNextKey(map)); next.Key is { } key; next = Do(new MapGetNextKey(map, key)))
            keys.Add(key);
        return keys;
    }

    public Errno Update(string map, string cgroup, AttachType? type, ulong count, ulong flags = 0, int length = 16)
    {
        var value = new byte[length];
        for (var area = 0; area < length; area += 16)
            BitConverter.TryWriteBytes(value.AsSpan(area), count);
        return Do(new MapUpdateElem(map, new StorageKey(cgroup, type), value, flags)).Errno;
    }

    private static ProgramType TypeOf(AttachType type) =>
        type switch
        {
            Ingress or Egress => ProgramType.CgroupSkb,
            Create or Release => ProgramType.CgroupSock,
            Sysctl => ProgramType.CgroupSysctl,
            Device => ProgramType.CgroupDevice,
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not used by these tests."),
        };
}
