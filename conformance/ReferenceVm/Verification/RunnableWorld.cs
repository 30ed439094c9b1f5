using System.Buffers.Binary;
using Conformance.Harness.Generation.Programs;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Verification;

namespace Conformance.Tests.ReferenceVm.Verification;

/// <summary>Real maps, a packet and a context in checked memory: where what the verifier accepted is run.</summary>
internal sealed class RunnableWorld : IDisposable
{
    private const int ObjectSize = ProgramWorld.StorageSize;
    private const int SocketSize = 80;
    private const int WalkLimit = 20_000;
    private const long RunBudget = 2_000_000;
    private const int LongestPacket = 80;

    // BPF_F_TEST_STATE_FREQ: a state is kept wherever one may be.
    private const uint EveryState = 8;

    private static readonly Limits Limits = new() { ArenaSize = 16 << 20, VerifiedInstructions = WalkLimit };

    private readonly Arena _arena = new(Limits, isChecked: true);
    private readonly MapTable _table = new();
    private readonly Dictionary<string, Map> _maps = [];
    private readonly Processors _processors;
    private readonly Storage _shared;
    private readonly Storage _perCpu;
    private readonly ulong _context;
    private readonly ulong _socket;
    private readonly ProgramTypeInfo _program = ProgramTypes.Of(ProgramType.CgroupSkb);

    public RunnableWorld()
    {
        foreach (var map in ProgramWorld.Maps)
            Add(map.Map, new(map.Type, map.KeySize, map.ValueSize, map.MaxEntries));
        _shared = ((CgroupStorageMap)_maps[ProgramWorld.Shared]).Allocate(1, AttachType.CgroupInetEgress)!;
        _perCpu = ((CgroupStorageMap)_maps[ProgramWorld.PerCpu]).Allocate(1, AttachType.CgroupInetEgress)!;
        _context = _arena.Allocate(_program.Context.BlockSize);
        _socket = _arena.Allocate(SocketSize);
        _processors = new Processors(new RunEnvironment(_arena, Limits, _table, new OpenChoices()));
    }

    /// <summary>The program's code with this world's maps.</summary>
    public Instruction[] Code(RandomProgram program)
    {
        var code = program.Code.ToArray();
        foreach (var (slot, map) in program.Maps)
            code[slot] = code[slot] with { Imm = _maps[map].Id };
        return code;
    }

    /// <summary>A program in assembly with this world's maps.</summary>
    public Instruction[] Code(string source)
    {
        var assembled = Assembler.Assemble(source);
        assembled.Succeeded.Should().BeTrue(assembled.Error?.ToString());
        var code = assembled.Instructions!.ToArray();
        foreach (var (slot, map) in assembled.MapReferences)
            code[slot] = code[slot] with { Imm = _maps[map].Id };
        return code;
    }

    public Verdict Verify(Instruction[] code, AttachType attachType, bool keepsEveryState = false) =>
        Verifier.Verify(
            new LoadRequest(code, _program, attachType, id => _maps.Values.FirstOrDefault(map => map.Id == id))
            {
                Limits = Limits,
                Flags = keepsEveryState ? EveryState : 0,
            }
        );

    /// <summary>Runs a program on a random packet, context and storage.</summary>
    public RunResult Run(ResolvedProgram program, Random random)
    {
        var length = random.Next(LongestPacket);
        var packet = _arena.Allocate(Math.Max(1, length));
        Fill(random, packet, length);
        Fill(random, _context, _program.Context.Size);
        Fill(random, _shared.AddressOn(0), ObjectSize);
        Fill(random, _perCpu.AddressOn(0), ObjectSize);
        foreach (var field in _program.Context.Fields.Where(field => field.PointerSlot >= 0))
        {
            var target = field.Kind switch
            {
                ContextFieldKind.PacketStart => packet,
                ContextFieldKind.PacketEnd => packet + (ulong)length,
                _ => random.Next(2) == 0 ? _socket : 0,
            };
            BinaryPrimitives.WriteUInt64LittleEndian(_arena.Bytes(_context + (ulong)field.PointerSlot, 8), target);
        }
        var run = _processors.Enter(cpu: 0);
        try
        {
            run.ContextAddress = _context;
            run.SharedStorage = _shared;
            run.PerCpuStorage = _perCpu;
            return Interpreter.Run(program, run, RunBudget);
        }
        finally
        {
            _processors.Leave(run);
            _arena.Free(packet);
        }
    }

    public void Dispose() => _arena.Dispose();

    private void Fill(Random random, ulong address, int size)
    {
        if (size == 0)
            return;
        var bytes = _arena.Bytes(address, size);
        random.NextBytes(bytes);
        // Small numbers get further into programs than large ones.
        for (var index = 0; index < size; index++)
            if (random.Next(3) != 0)
                bytes[index] = (byte)random.Next(3);
    }

    private void Add(string name, MapDefinition definition)
    {
        var id = _maps.Count + 1;
        MapFactory
            .Create(definition with { Name = name }, _arena, Limits, Behaviour.Latest, id, out var map)
            .Should()
            .Be(Errno.None);
        _maps[name] = map!;
        _table.Add(map!);
    }
}
