using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Machines;

/// <summary>
/// The reference VM as a machine under test, in this process: names become descriptors, symbolic keys become bytes, and
/// the tracks of a parallel operation become threads.
/// </summary>
public sealed partial class ReferenceVirtualMachine : IVirtualMachine
{
    /// <summary>
    /// Instructions a run may execute before it counts as exhausted: about half a second. A program that waits for another track stays
    /// far below.
    /// </summary>
    public const long RunInstructions = 64_000_000;

    private readonly Machine _machine;
    private readonly ReferenceObjects _objects;
    private readonly KernelAge? _age;

    /// <summary>A machine of a kernel version, by default the newest.</summary>
    /// <param name="behaviour">What it does; a wrong machine is one with a wrong behaviour.</param>
    /// <param name="limits">The numbers that bound it.</param>
    /// <param name="isChecked">Whether every access outside a live object traps.</param>
    public ReferenceVirtualMachine(Behaviour? behaviour = null, Limits? limits = null, bool isChecked = false)
    {
        _machine = new Machine(behaviour, limits ?? new Limits { RunInstructions = RunInstructions }, isChecked);
        _objects = new ReferenceObjects(_machine);
        var version = typeof(Machine).Assembly.GetName().Version?.ToString(3) ?? "0";
        Identity = new MachineIdentity("reference", version, _machine.Limits.PossibleCpus)
        {
            Kernel = _machine.Behaviour.Kernel,
        };
        _age = KernelAge.Of(Identity);
    }

    /// <inheritdoc/>
    public MachineIdentity Identity { get; }

    /// <inheritdoc/>
    public Answer Perform(Operation operation) => Perform(operation, meeting: null);

    /// <inheritdoc/>
    public void Reset()
    {
        _objects.Clear();
        _age?.Reset();
        _machine.Reset();
    }

    /// <inheritdoc/>
    public void Dispose() => _machine.Dispose();

    private static Answer Done(Errno errno) => errno == Errno.None ? Answer.Ok : Answer.Fail(errno);

    private static Answer Broken(string message) => new(AnswerKind.Broken) { Message = message };

    private Answer Perform(Operation operation, Meeting? meeting)
    {
        var answer = Do(operation, meeting);
        return _age?.Explain(operation, answer) ?? answer;
    }

    private Answer Do(Operation operation, Meeting? meeting)
    {
        try
        {
            return operation switch
            {
                CgroupCreate op => Create(op),
                CgroupRemove op => Remove(op),
                MapCreate { InnerMap: { } inner } op => CreateMapOfMaps(op, inner),
                MapCreate op => _objects.Create(op),
                MapReopen op => _objects.Reopen(op),
                MapBatch op => Batch(op),
                MapFile op => File(op),
                MapNullPointer op => NullPointer(op),
                ProgBindMap op => Done(_machine.ProgBindMap(_objects.Program(op.Program), _objects.Map(op.Map))),
                SocketCreate op => Create(op),
                SocketAccept op => Accept(op),
                SocketClose op => Ended(_machine.SocketClose(_objects.ForgetSocket(op.Socket))),
                MapClose op => Done(_machine.Close(_objects.ForgetMap(op.Map))),
                MapLookupElem op => Lookup(op),
                MapLookupAndDeleteElem op => LookupAndDelete(op),
                MapUpdateElem op => Update(op),
                MapDeleteElem op => Done(_machine.MapDelete(_objects.Map(op.Map), _objects.KeyBytes(op.Map, op.Key))),
                MapGetNextKey op => NextKey(op),
                MapFreeze op => Done(_machine.MapFreeze(_objects.Map(op.Map))),
                ProgArrayUpdate op => Done(
                    _machine.MapUpdate(
                        _objects.Map(op.Map),
                        BitConverter.GetBytes(op.Index),
                        BitConverter.GetBytes(_objects.Program(op.Program))
                    )
                ),
                ProgLoad op => _objects.Load(op),
                ProgClose op => Done(_machine.Close(_objects.ForgetProgram(op.Program))),
                ProgAttach op => Attach(op),
                ProgDetach op => Done(
                    _machine.ProgDetach(
                        op.Program is null ? 0 : _objects.Program(op.Program),
                        _objects.Cgroup(op.Cgroup),
                        op.AttachType,
                        (AttachFlags)op.Flags
                    )
                ),
                LinkCreate op => Create(op),
                LinkUpdate op => Done(
                    _machine.LinkUpdate(
                        _objects.Link(op.Link),
                        _objects.Program(op.Program),
                        op.Old is not null,
                        op.Old is null ? 0 : _objects.Program(op.Old)
                    )
                ),
                LinkDetach op => Done(_machine.LinkDetach(_objects.Link(op.Link))),
                LinkClose op => Done(_machine.Close(_objects.ForgetLink(op.Link))),
                ProgQuery op => Query(op),
                ProgTestRun op => TestRun(op),
                Fire { InterruptedBy: { } other } op => Fire(op with { InterruptedBy = null }, other),
                Fire op => Fire(op),
                Parallel op => meeting is null ? Perform(op) : Broken("a parallel operation within another"),
                Rendezvous op => meeting is null
                    ? Broken("a rendezvous needs a parallel operation around it")
                    : meeting.Arrive(op.Name),
                Await op => Await(op, meeting),
                _ => new Answer(AnswerKind.Unsupported)
                {
                    Message = $"the reference VM does not know the operation {operation.GetType().Name}",
                },
            };
        }
        catch (UnknownNameException exception)
        {
            return Broken(exception.Message);
        }
    }

    private Answer Create(CgroupCreate op)
    {
        var errno = _machine.CgroupCreate(op.Parent is null ? 0 : _objects.Cgroup(op.Parent), out var descriptor);
        if (errno == Errno.None)
        {
            _objects.AddCgroup(op.Cgroup, descriptor);
        }

        return Done(errno);
    }

    private Answer Remove(CgroupRemove op) => Done(_machine.CgroupRemove(_objects.Cgroup(op.Cgroup)));

    private Answer Lookup(MapLookupElem op)
    {
        var value = _objects.ValueBuffer(op.Map, op.Flags);
        var key = _objects.KeyBytes(op.Map, op.Key);
        var errno = _machine.MapLookup(_objects.Map(op.Map), key, value, op.Flags);
        return errno == Errno.None ? Answer.Ok with { Value = value } : Answer.Fail(errno);
    }

    private Answer LookupAndDelete(MapLookupAndDeleteElem op)
    {
        var value = _objects.ValueBuffer(op.Map);
        var key = _objects.KeyBytes(op.Map, op.Key);
        var errno = _machine.MapLookupAndDelete(_objects.Map(op.Map), key, value, op.Flags);
        return errno == Errno.None ? Answer.Ok with { Value = value } : Answer.Fail(errno);
    }

    // bpf(2) gets a pointer and reads as much as the map demands; a buffer of another length is the caller's mistake.
    private Answer Update(MapUpdateElem op)
    {
        var expected = _objects.ValueSize(op.Map, op.Flags);
        // Flags that ask for the value of one CPU shorten it; a machine that refuses the flags does not get that far.
        if (op.Value.Length != expected && op.Value.Length != _objects.ValueSize(op.Map, flags: 0))
        {
            return Broken($"a value of '{op.Map}' has {expected} bytes, not {op.Value.Length}");
        }

        var key = _objects.KeyBytes(op.Map, op.Key);
        return Done(_machine.MapUpdate(_objects.Map(op.Map), key, op.Value, op.Flags));
    }

    private Answer NextKey(MapGetNextKey op)
    {
        var next = _objects.KeyBuffer(op.Map);
        var key = op.Key is null ? [] : _objects.KeyBytes(op.Map, op.Key);
        var errno = _machine.MapGetNextKey(_objects.Map(op.Map), key, next);
        return errno == Errno.None ? Answer.Ok with { Key = _objects.Symbolic(op.Map, next) } : Answer.Fail(errno);
    }

    private Answer Attach(ProgAttach op) =>
        Done(
            _machine.ProgAttach(
                _objects.Program(op.Program),
                _objects.Cgroup(op.Cgroup),
                op.AttachType,
                (AttachFlags)op.Flags,
                op.Replace is null ? 0 : _objects.Program(op.Replace),
                _objects.Relative(op.Relative, (AttachFlags)op.Flags),
                op.ExpectedRevision
            )
        );

    private Answer Create(LinkCreate op)
    {
        var errno = _machine.LinkCreate(
            _objects.Program(op.Program),
            _objects.Cgroup(op.Cgroup),
            op.AttachType,
            out var descriptor,
            (AttachFlags)op.Flags,
            _objects.Relative(op.Relative, (AttachFlags)op.Flags),
            op.ExpectedRevision
        );
        if (errno == Errno.None)
        {
            _objects.AddLink(op.Link, descriptor);
        }

        return Done(errno);
    }

    private Answer Query(ProgQuery op)
    {
        var errno = _machine.ProgQuery(_objects.Cgroup(op.Cgroup), op.AttachType, op.Effective, out var result);
        if (errno == Errno.None && op.Capacity < result.Programs.Count)
        {
            return Answer.Fail(Errno.ENOSPC);
        }

        return errno == Errno.None
            ? Answer.Ok with
            {
                Programs = [.. result.Programs.Select(_objects.ProgramName)],
                AttachFlags = (uint)result.Flags,
            }
            : Answer.Fail(errno);
    }

    private Answer TestRun(ProgTestRun op)
    {
        var errno = _machine.TestRun(_objects.Program(op.Program), op.Data, op.Repeat, cpu: 0, out var result);
        return errno != Errno.None
            ? Answer.Fail(errno)
            : Stopped(result) ?? Answer.Ok with { ReturnValue = (uint)result.Value };
    }

    private Answer Fire(Fire op)
    {
        if (op.Cpu < 0 || op.Cpu >= Identity.Cpus)
        {
            return new Answer(AnswerKind.Unsupported) { Message = $"there is no CPU {op.Cpu}" };
        }

        var options = ReferenceEvents.Translate(op.Event, out var error);
        if (error is not null)
        {
            return Broken(error);
        }

        var cgroup = _objects.Cgroup(op.Cgroup);
        var result = op.Socket is null
            ? _machine.Fire(cgroup, op.AttachType, op.Cpu, options, op.Times)
            : _machine.FireOnSocket(_objects.Socket(op.Socket), cgroup, op.AttachType, op.Cpu, options, op.Times);
        if (result.Error != Errno.None)
        {
            return Broken(
                result.Error == Errno.ENOENT
                    ? $"cgroup '{op.Cgroup}' has been removed: nothing can happen in it"
                    : $"the event of {Names.Of(op.AttachType)} does not know one of its parameters, or it does not exist"
            );
        }

        if (result.End == EventEnd.Undefined)
        {
            return new Answer(AnswerKind.Unsupported)
            {
                Message = "a program has set a result that is neither 0 nor an error, and what follows is not defined",
            };
        }

        return Stopped(result.Run) ?? Answer.Ok with { Outcome = (EventOutcome)result.End, Errno = result.Denial };
    }

    private static Answer? Stopped(RunResult run) =>
        run.Status switch
        {
            RunStatus.Trapped => new Answer(AnswerKind.Trapped)
            {
                Message = $"{run.Message} (instruction {run.InstructionIndex})",
            },
            RunStatus.Exhausted => new Answer(AnswerKind.Exhausted)
            {
                Message = $"the budget ran out at instruction {run.InstructionIndex}",
            },
            _ => null,
        };
}
