using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.ReferenceVm.Execution;

/// <summary>Guest memory, CPUs and maps without a machine around them: programs run unverified.</summary>
internal sealed class Guest : IDisposable
{
    private const long DefaultBudget = 1_000_000;

    private readonly Dictionary<string, Map> _byName = [];

    public Guest(bool isChecked = true, Limits? limits = null, Behaviour? behaviour = null)
    {
        Behaviour = behaviour ?? Behaviour.Latest;
        Limits = limits ?? new Limits();
        Arena = new Arena(Limits, isChecked);
        Environment = new RunEnvironment(Arena, Limits, Maps, new OpenChoices { ClockStep = 1 });
        Processors = new Processors(Environment);
    }

    public Limits Limits { get; }

    public Behaviour Behaviour { get; }

    public Arena Arena { get; }

    public MapTable Maps { get; } = new();

    public RunEnvironment Environment { get; }

    public Processors Processors { get; }

    public Map Map(string name, MapDefinition definition)
    {
        MapFactory.Create(definition, Arena, Limits, Behaviour, _byName.Count + 1, out var map).Should().Be(Errno.None);
        Maps.Add(map!);
        _byName.Add(name, map!);
        return map!;
    }

    public T Map<T>(string name, MapDefinition definition)
        where T : Map => (T)Map(name, definition);

    public ResolvedProgram Program(string source)
    {
        var assembled = Assembler.Assemble(source);
        assembled.Error.Should().BeNull();
        var instructions = assembled.Instructions!;
        foreach (var (slot, name) in assembled.MapReferences)
        {
            var token = MapTokens.Of(_byName[name].Id);
            instructions[slot] = instructions[slot] with { Src = 0, Imm = (int)token };
            instructions[slot + 1] = instructions[slot + 1] with { Imm = (int)(token >> 32) };
        }

        return ResolvedProgram.Unverified(instructions) with
        {
            Type = ProgramType.CgroupSkb,
            Maps = [.. assembled.MapReferences.Select(reference => _byName[reference.Map])],
        };
    }

    public RunResult Run(string source, Action<RunContext>? setUp = null, int cpu = 0, long budget = DefaultBudget) =>
        Run(Program(source), setUp, cpu, budget);

    public RunResult Run(
        ResolvedProgram program,
        Action<RunContext>? setUp = null,
        int cpu = 0,
        long budget = DefaultBudget
    )
    {
        var run = Processors.Enter(cpu);
        try
        {
            setUp?.Invoke(run);
            return Interpreter.Run(program, run, budget);
        }
        finally
        {
            Processors.Leave(run);
        }
    }

    /// <summary>R0 of a program that must return.</summary>
    public ulong Result(string source, Action<RunContext>? setUp = null, int cpu = 0)
    {
        var result = Run(source, setUp, cpu);
        result.Status.Should().Be(RunStatus.Returned, result.Message);
        return result.Value;
    }

    /// <summary>The message of a program that must trap.</summary>
    public string Trap(string source, Action<RunContext>? setUp = null)
    {
        var result = Run(source, setUp);
        result.Status.Should().Be(RunStatus.Trapped);
        return result.Message!;
    }

    public void Dispose() => Arena.Dispose();
}
