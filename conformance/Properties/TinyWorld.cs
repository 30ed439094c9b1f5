using Conformance.Harness.Generation;
using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.Properties;

/// <summary>A machine with the few verbs the properties are written in.</summary>
internal sealed class TinyWorld : IDisposable
{
    public const uint Multi = AttachFlags.AllowMulti;
    private readonly IVirtualMachine machine;

    public TinyWorld(IVirtualMachine? machine = null, params string[] cgroups)
    {
        this.machine = machine ?? new ReferenceVirtualMachine(isChecked: true);
        foreach (var cgroup in cgroups)
            Do(new CgroupCreate(cgroup)).Kind.Should().Be(AnswerKind.Ok);
    }

    public int Cpus => machine.Identity.Cpus;

    public void Dispose() => machine.Dispose();

    public Answer Do(Operation operation) => machine.Perform(operation);

    public TinyWorld Map(string name, StorageKind kind, int keySize, int valueSize = 16)
    {
        var type = kind == StorageKind.Shared ? MapType.CgroupStorage : MapType.PercpuCgroupStorage;
        Do(new MapCreate(name, type, keySize, valueSize, 0)).Kind.Should().Be(AnswerKind.Ok);
        return this;
    }

    /// <summary>Loads a program that writes its pointer down and adds one.</summary>
    public TinyWorld Load(string name, AttachType type, string map, ulong delta = 1)
    {
        var effects = new Effect[] { new Add(map, delta), new WritePointer(map) };
        var sketch = new ProgramSketch(name, TypeOf(type), type, effects, new Allow());
        Do(SketchSource.Load(sketch)).Kind.Should().Be(AnswerKind.Ok);
        return this;
    }

    /// <summary>What becomes of loading a program of one's own.</summary>
    public Answer Load(string name, AttachType type, IEnumerable<string> lines)
    {
        var assembled = Assembler.Assemble(string.Join('\n', lines));
        assembled.Error.Should().BeNull();
        var maps = assembled.MapReferences.Select(map => new MapReference(map.Instruction, map.Map));
        return Do(new ProgLoad(name, TypeOf(type), type, Bytecode.Encode(assembled.Instructions), [.. maps]));
    }

    public void Attach(string program, string cgroup, AttachType type, uint flags = 0) =>
        Do(new ProgAttach(program, cgroup, type, flags)).Kind.Should().Be(AnswerKind.Ok);

    public void Fire(AttachType type, string cgroup, int times = 1, int cpu = 0) =>
        Do(new Fire(type, cgroup, cpu, times)).Kind.Should().Be(AnswerKind.Ok);

    public Answer Lookup(string map, string cgroup, AttachType? type = null) =>
        Do(new MapLookupElem(map, new StorageKey(cgroup, type)));

    /// <summary>The number and the pointer in a storage of 16 bytes, on one CPU.</summary>
    public (ulong Count, ulong Pointer) Read(string map, string cgroup, AttachType? type = null, int cpu = 0)
    {
        var value = Lookup(map, cgroup, type).Value!;
        return (BitConverter.ToUInt64(value, 16 * cpu), BitConverter.ToUInt64(value, 16 * cpu + 8));
    }

    private static ProgramType TypeOf(AttachType type) => Programs[type];

    private static readonly Dictionary<AttachType, ProgramType> Programs = new()
    {
        [AttachType.CgroupInetEgress] = ProgramType.CgroupSkb,
        [AttachType.CgroupInetIngress] = ProgramType.CgroupSkb,
        [AttachType.CgroupSysctl] = ProgramType.CgroupSysctl,
        [AttachType.CgroupDevice] = ProgramType.CgroupDevice,
        [AttachType.CgroupInetSockCreate] = ProgramType.CgroupSock,
        [AttachType.CgroupSockOps] = ProgramType.SockOps,
        [AttachType.CgroupInet4Connect] = ProgramType.CgroupSockAddr,
        [AttachType.CgroupSetsockopt] = ProgramType.CgroupSockopt,
        [AttachType.CgroupInet4Getsockname] = ProgramType.CgroupSockAddr,
    };

    /// <summary>An attach type of each program type, and both of the packets.</summary>
    public static IReadOnlyList<AttachType> AttachTypes { get; } = [.. Programs.Keys.Order()];
}
