using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Benchmarks;

/// <summary>A program on a CPU of its own machine, ready to be run again and again.</summary>
internal sealed class Workload : IDisposable
{
    private const ulong Cgroup = 1;

    private readonly Arena _arena;
    private readonly Processors _processors;
    private readonly ResolvedProgram _program;
    private readonly Storage _storage;

    /// <summary>Assembles a program.</summary>
    /// <param name="source">Assembly; MAP stands for the token of a shared storage map with 16-byte values.</param>
    /// <param name="isChecked">Whether the arena also checks liveness.</param>
    public Workload(string source, bool isChecked = false)
    {
        var limits = new Limits();
        _arena = new Arena(limits, isChecked);
        var maps = new MapTable();
        _processors = new Processors(new RunEnvironment(_arena, limits, maps, new OpenChoices()));
        MapFactory.Create(
            new MapDefinition(MapType.CgroupStorage, 16, 16, 0),
            _arena,
            limits,
            Behaviour.Latest,
            id: 1,
            out var map
        );
        maps.Add(map!);
        _storage = ((CgroupStorageMap)map!).Create(Cgroup, AttachType.CgroupInetEgress)!;
        var assembled = Assembler.Assemble(
            source.Replace("MAP", $"0x{MapTokens.Of(map.Id):x}", StringComparison.Ordinal)
        );
        _program = ResolvedProgram.Unverified(assembled.Instructions!);
    }

    /// <summary>Runs the program once; returns the number of instructions executed.</summary>
    public long Run()
    {
        var run = _processors.Enter(0);
        try
        {
            run.SharedStorage = _storage;
            var result = Interpreter.Run(_program, run, long.MaxValue);
            return result.Status == RunStatus.Returned
                ? run.Executed
                : throw new InvalidOperationException(result.Message ?? result.Status.ToString());
        }
        finally
        {
            _processors.Leave(run);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();
}
