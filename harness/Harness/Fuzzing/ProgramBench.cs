using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Fuzzing;

/// <summary>Loads and runs random programs on one machine, one after the other, each in the same world.</summary>
internal sealed class ProgramBench(IVirtualMachine machine)
{
    /// <summary>Name of the cgroup that programs are attached to.</summary>
    public const string Cgroup = "here";

    /// <summary>Name of the program under test.</summary>
    public const string Program = "program";

    // A new world now and then: a machine that leaks is found out, and one that has lost its way finds back.
    private const int ProgramsPerWorld = 500;

    private const int ConcurrentVariation = -1;

    private int _left;

    public MachineIdentity Identity => machine.Identity;

    /// <summary>Loads a program; a refusal is answered with the log that shows where.</summary>
    public Answer Load(RandomProgram program)
    {
        if (_left-- == 0)
        {
            BuildWorld();
        }

        var load = program.Load(Program);
        var answer = machine.Perform(load);
        var isSilent = answer.Kind == AnswerKind.Refused && LoadVerdict.Of(answer).Instruction < 0;
        return isSilent && answer.Errno != Errno.E2BIG ? machine.Perform(load with { LogLevel = 1 }) : answer;
    }

    /// <summary>Loads a program in a new world.</summary>
    public Answer Renew(RandomProgram program)
    {
        BuildWorld();
        return machine.Perform(program.Load(Program));
    }

    public void Unload() => machine.Perform(new ProgClose(Program));

    /// <summary>Makes the next program begin in a new world.</summary>
    public void Forget() => _left = 0;

    /// <summary>Runs the loaded program once.</summary>
    /// <param name="program">The program.</param>
    /// <param name="variation">Another event and other values in the maps for each number.</param>
    public ProgramResult Run(RandomProgram program, int variation = 0)
    {
        var steps = new ProgramSteps(program, machine.Identity.Cpus, variation);
        return Run(program, steps, steps.Run());
    }

    /// <summary>Runs the loaded program on two CPUs at the same time, a few times on each.</summary>
    public ProgramResult RunConcurrently(RandomProgram program)
    {
        var steps = new ProgramSteps(program, machine.Identity.Cpus, ConcurrentVariation);
        return Run(program, steps, steps.RunConcurrently());
    }

    /// <summary>
    /// Runs a program once in a new world: every operation that a file needs to do so again, with its answer; nothing where the program is refused. What the run leaves
    /// behind goes with the world.
    /// </summary>
    public IReadOnlyList<Observation> Record(RandomProgram program)
    {
        BuildWorld();
        try
        {
            if (machine.Perform(program.Load(Program)).Kind != AnswerKind.Ok)
            {
                return [];
            }

            var steps = new ProgramSteps(program, machine.Identity.Cpus);
            var lookups = steps.Values.Select(value => new MapLookupElem(value.Map, value.Key));
            return
            [
                .. steps
                    .Run()
                    .Concat(lookups)
                    .Select(operation => new Observation(operation, machine.Perform(operation))),
            ];
        }
        finally
        {
            machine.Reset();
            Forget();
        }
    }

    private ProgramResult Run(RandomProgram program, ProgramSteps steps, IEnumerable<Operation> operations)
    {
        var lines = new List<ResultLine>();
        string? trap = null;
        var isExhausted = false;
        var isUndefined = false;
        var ending = "";
        foreach (var operation in operations)
        {
            var answer = machine.Perform(operation);
            var ends = (answer.Tracks ?? []).SelectMany(track => track).Append(answer).ToList();
            trap ??= ends.Find(end => end.Kind == AnswerKind.Trapped)?.Message;
            isExhausted |= ends.Exists(end => end.Kind == AnswerKind.Exhausted);
            isUndefined |= ends.Exists(end => end.Kind == AnswerKind.Unsupported);
            ending = operation is Fire ? $"{answer.Outcome} {answer.Errno}" : ending;
            if (answer.Kind != AnswerKind.Ok || operation is Fire)
            {
                lines.Add(
                    operation is Fire
                        ? new ResultLine("event", Ended(program, answer))
                        : new ResultLine(operation.GetType().Name, $"{answer.Errno}")
                );
            }
        }

        foreach (var (map, key, name) in steps.Values)
        {
            var answer = machine.Perform(new MapLookupElem(map, key));
            lines.Add(new ResultLine(name, answer.Value is { } value ? Convert.ToHexString(value) : $"{answer.Errno}"));
        }

        lines.AddRange(TakeHash());
        machine.Perform(steps.Detach);
        return new ProgramResult(lines)
        {
            Trap = trap,
            IsExhausted = isExhausted,
            IsUndefined = isUndefined,
            Ending = ending,
        };
    }

    // What these two types write to their context goes into the system call: whether that succeeds is the network's business,
    // not the program's. That the programs denied it is told by the errno.
    private static string Ended(RandomProgram program, Answer answer) =>
        answer.Kind == AnswerKind.Ok && program.Type is ProgramType.CgroupSockAddr or ProgramType.CgroupSockopt
            ? answer.Errno == Errno.EPERM
                ? "denied"
                : "passed on"
            : $"{answer.Kind} {answer.Outcome} {answer.Errno}";

    private void BuildWorld()
    {
        machine.Reset();
        machine.Perform(new CgroupCreate(Cgroup));
        foreach (var map in ProgramWorld.Maps)
        {
            if (machine.Perform(map) is { Kind: not AnswerKind.Ok } answer)
            {
                throw new InvalidOperationException(
                    $"{machine.Identity.Name} cannot make the map {map.Map}: {answer.Errno} {answer.Message}"
                );
            }
        }

        _left = ProgramsPerWorld - 1;
    }

    // Emptied as it is read: the next program begins with the same elements. Machines may order keys as they like.
    private List<ResultLine> TakeHash()
    {
        var elements = new SortedDictionary<string, string>(StringComparer.Ordinal);
        while (
            machine.Perform(new MapGetNextKey(ProgramWorld.Hash)) is { Key: { } key }
            && elements.Count <= ProgramWorld.Elements
        )
        {
            var value = machine.Perform(new MapLookupElem(ProgramWorld.Hash, key)).Value ?? [];
            elements[Convert.ToHexString(((RawKey)key).Bytes)] = Convert.ToHexString(value);
            machine.Perform(new MapDeleteElem(ProgramWorld.Hash, key));
        }

        return [.. elements.Select(element => new ResultLine("hash", $"{element.Key} {element.Value}"))];
    }
}
