using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Verification;

namespace Conformance.Tests.ReferenceVm.Verification;

/// <summary>A few maps and a program in assembly: what a test of the verifier needs.</summary>
internal sealed class VerifierWorld
{
    private readonly List<Map> _maps = [];

    public ProgramType Type { get; init; } = ProgramType.CgroupSock;

    public AttachType Expected { get; init; } = AttachType.CgroupInetSockCreate;

    public bool CanLeakPointers { get; init; } = true;

    public uint Flags { get; init; }

    public int LogLevel { get; init; }

    public Limits Limits { get; init; } = new();

    public Behaviour Behaviour { get; init; } = Behaviour.Latest;

    /// <summary>Maps passed in the array of descriptors, by name.</summary>
    public string[]? MapArray { get; init; }

    public static VerifierWorld WithStorage(int valueSize = 64, uint flags = 0, int? spinLockOffset = null) =>
        new VerifierWorld().WithStorages(valueSize, flags, spinLockOffset);

    public static VerifierWorld Of(ProgramType type, AttachType expected) =>
        new VerifierWorld { Type = type, Expected = expected }.WithStorages(64);

    public VerifierWorld WithStorages(int valueSize, uint flags = 0, int? spinLockOffset = null) =>
        With("storage", new(MapType.CgroupStorage, 16, valueSize, 0, flags) { SpinLockOffset = spinLockOffset })
            .With("percpu", new(MapType.PercpuCgroupStorage, 16, valueSize, 0, flags))
            .With("other", new(MapType.CgroupStorage, 8, valueSize, 0))
            .With("hash", new(MapType.Hash, 4, 8, 16))
            .With("array", new(MapType.Array, 4, 16, 4))
            .With("single", new(MapType.Array, 4, 16, 1))
            .With("programs", new(MapType.ProgArray, 4, 4, 4));

    public VerifierWorld With(string name, MapDefinition definition)
    {
        _maps.Add(new StubMap(definition with { Name = name }, _maps.Count + 1));
        return this;
    }

    public LoadRequest Request(string source)
    {
        var assembled = Assembler.Assemble(source);
        assembled.Succeeded.Should().BeTrue(assembled.Error?.ToString());
        var code = assembled.Instructions!.ToArray();
        foreach (var (slot, map) in assembled.MapReferences)
            code[slot] = code[slot] with { Imm = Find(map).Id };
        return Request(code);
    }

    public LoadRequest Request(Instruction[] code) =>
        new(code, ProgramTypes.Of(Type), Expected, id => _maps.ElementAtOrDefault(id - 1))
        {
            CanLeakPointers = CanLeakPointers,
            Flags = Flags,
            LogLevel = LogLevel,
            Limits = Limits,
            Behaviour = Behaviour,
            MapArray = MapArray?.Select(Find).ToArray(),
        };

    public Verdict Verify(string source) => Verifier.Verify(Request(source));

    public Accepted Accepts(string source)
    {
        var verdict = Verify(source);
        return verdict.Should().BeOfType<Accepted>(verdict.Log).Subject;
    }

    public Refused Refuses(string source, Errno errno, string message)
    {
        var verdict = Verify(source);
        var refused = verdict.Should().BeOfType<Refused>(verdict.Log).Subject;
        refused.Message.Should().Be(message);
        refused.Errno.Should().Be(errno);
        refused.Log.Should().Contain(message).And.EndWith("\n");
        return refused;
    }

    private Map Find(string name) => _maps.First(map => map.Definition.Name == name);

    // The verifier looks at definitions only; a map that holds nothing will do.
    private sealed class StubMap(MapDefinition definition, int id) : Map(definition, null!, id)
    {
        public override Errno Lookup(ReadOnlySpan<byte> key, Span<byte> value, ulong flags) => Errno.ENOENT;

        public override Errno Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags) => Errno.ENOENT;

        public override Errno Delete(ReadOnlySpan<byte> key) => Errno.ENOENT;

        public override Errno GetNextKey(ReadOnlySpan<byte> key, Span<byte> next) => Errno.ENOENT;

        public override ulong LookupAddress(ReadOnlySpan<byte> key, int cpu) => 0x1000;

        public override void Free() { }
    }
}
