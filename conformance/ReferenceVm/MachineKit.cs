using System.Buffers.Binary;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.ReferenceVm;

/// <summary>A machine and short words for what tests do with it. What a test takes for granted must succeed.</summary>
internal sealed class MachineKit : IDisposable
{
    public const AttachType Create = AttachType.CgroupInetSockCreate;

    public MachineKit(Behaviour? behaviour = null, Limits? limits = null) =>
        Machine = new Machine(behaviour, limits, isChecked: true);

    public Machine Machine { get; }

    /// <summary>A program that adds a number to the first 8 bytes of its storage and returns 1.</summary>
    public static string Adds(int number) =>
        $"""
            r1 = map[storage] ll
            r2 = 0
            call bpf_get_local_storage#81
            r1 = {number}
            lock *(u64 *)(r0 + 0) += r1
            r0 = 1
            exit
            """;

    public static string Returns(int value) => $"r0 = {value}\nexit";

    public int Cgroup(int parent = 0)
    {
        Machine.CgroupCreate(parent, out var descriptor).Should().Be(Errno.None);
        return descriptor;
    }

    public int Map(MapType type, int keySize, int valueSize, int maxEntries = 0, uint flags = 0, int? spinLock = null)
    {
        var definition = new MapDefinition(type, keySize, valueSize, maxEntries, flags) { SpinLockOffset = spinLock };
        Machine.MapCreate(definition, out var descriptor).Should().Be(Errno.None);
        return descriptor;
    }

    public int StorageMap(int keySize = 16, int valueSize = 8, uint flags = 0) =>
        Map(MapType.CgroupStorage, keySize, valueSize, flags: flags);

    public LoadOutcome TryLoad(ProgramType type, AttachType expected, string text, params (string Name, int Map)[] maps)
    {
        const byte pseudoMapDescriptor = 1;
        var assembly = Assembler.Assemble(text);
        assembly.Error.Should().BeNull();
        var instructions = (Instruction[])assembly.Instructions!.Clone();
        foreach (var (slot, name) in assembly.MapReferences)
        {
            var descriptor = maps.Single(map => map.Name == name).Map;
            instructions[slot] = instructions[slot] with { Src = pseudoMapDescriptor, Imm = descriptor };
        }

        return Machine.ProgLoad(new ProgramLoad(type, (int)expected, Bytecode.Encode(instructions)));
    }

    public int Load(ProgramType type, AttachType expected, string text, params (string Name, int Map)[] maps)
    {
        var outcome = TryLoad(type, expected, text, maps);
        outcome.Errno.Should().Be(Errno.None, "the verifier said: {0}", outcome.Log);
        return outcome.Descriptor;
    }

    /// <summary>A program of the type that an attach type belongs to.</summary>
    public int LoadFor(AttachType attachType, string text, params (string Name, int Map)[] maps) =>
        Load(ProgramTypes.Of(attachType)!.Value, attachType, text, maps);

    /// <summary>A program that adds to its storage at every socket creation.</summary>
    public int LoadAdds(int number, int map) => LoadFor(Create, Adds(number), ("storage", map));

    public void Attach(
        int program,
        int cgroup,
        AttachType attachType = Create,
        AttachFlags flags = AttachFlags.AllowMulti
    ) => Machine.ProgAttach(program, cgroup, attachType, flags).Should().Be(Errno.None);

    public EventResult Fire(int cgroup, AttachType attachType = Create, int cpu = 0, int times = 1)
    {
        var result = Machine.Fire(cgroup, attachType, cpu, times: times);
        result.Error.Should().Be(Errno.None);
        result.Run.Status.Should().Be(RunStatus.Returned, "{0}", result.Run.Message);
        return result;
    }

    public byte[] Key(int map, int cgroup, AttachType attachType = Create)
    {
        var key = new byte[Machine.MapOf(map)!.Definition.KeySize];
        BinaryPrimitives.WriteUInt64LittleEndian(key, Machine.CgroupId(cgroup));
        if (key.Length == CgroupStorageMap.IsolatedKeySize)
        {
            BinaryPrimitives.WriteInt32LittleEndian(key.AsSpan(CgroupStorageMap.SharedKeySize), (int)attachType);
        }

        return key;
    }

    /// <summary>The first 8 bytes of a storage as user space reads them; null where there is none.</summary>
    public ulong? Read(int map, int cgroup, AttachType attachType = Create) => Read(map, Key(map, cgroup, attachType));

    public ulong? Read(int map, byte[] key, int offset = 0)
    {
        var value = new byte[Machine.MapOf(map)!.UserValueSize];
        return Machine.MapLookup(map, key, value) == Errno.None ? BitConverter.ToUInt64(value, offset) : null;
    }

    public Errno Write(int map, byte[] key, ulong number, ulong flags = 0)
    {
        var value = new byte[Machine.MapOf(map)!.UserValueSize];
        BitConverter.TryWriteBytes(value, number);
        return Machine.MapUpdate(map, key, value, flags);
    }

    public void Dispose() => Machine.Dispose();
}
