using Conformance.Harness.Machines;
using Conformance.Linux.Events;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Linux;

/// <summary>Causes events, each on a thread that has gone to the right cgroup and CPU.</summary>
internal sealed class EventOperations(KernelObjects objects, int idleThreads) : IDisposable
{
    private readonly List<Worker> _workers = [];

    /// <summary>Opens the first thread, so that what is missing shows at once.</summary>
    public void Open() => Worker(0);

    /// <summary>Takes every thread out of the case's cgroups.</summary>
    public void LeaveCgroups()
    {
        foreach (var worker in _workers)
        {
            worker.Do(worker.Leave);
        }
    }

    /// <summary>Causes an event from the calling thread's point of view: track 0 is everything outside parallel operations.</summary>
    public Answer Fire(Fire op, int track)
    {
        if (op.Cpu < 0 || op.Cpu >= Environment.ProcessorCount)
        {
            return Answers.Unsupported($"CPU {op.Cpu} is not there for this process");
        }

        var cgroup = objects.Cgroup(op.Cgroup);
        if (objects.IsRemoved(cgroup))
        {
            return Answers.Broken($"cgroup '{op.Cgroup}' has been removed: nothing can happen in it");
        }

        if (op.InterruptedBy is not null && !LatePacket.Interrupts(op.AttachType))
        {
            return Answers.Unsupported($"no timer interrupts an event of {Names.Of(op.AttachType)}");
        }

        var worker = Worker(track);
        if (worker.MissingIpv6 is { } missing && EventCatalogue.UsesIpv6(op.AttachType, op.Event))
        {
            return Answers.Unsupported(missing);
        }

        var ended = default(Ended);
        void Happen()
        {
            worker.Pin(op.Cpu);
            using var packet = op.InterruptedBy is { } other
                ? LatePacket.Send(worker, objects.Cgroup(other.Cgroup).Threads, other.AttachType)
                : null;
            worker.Enter(cgroup.Threads);
            ended = EventCatalogue.Fire(
                op.AttachType,
                new EventSite(worker, cgroup.Threads, op.Times, op.Event ?? new EventParameters())
                {
                    Socket = op.Socket is null ? null : objects.Socket(op.Socket),
                }
            );
            packet?.Await();
        }

        try
        {
            if (track == 0)
            {
                worker.Do(Happen);
            }
            else
            {
                Happen();
            }
        }
        catch (NotSupportedException e)
        {
            return Answers.Unsupported(e.Message);
        }

        return Answer.Ok with
        {
            Outcome = ended.Outcome,
            Errno = ended.Errno,
        };
    }

    /// <summary>Does something on the first thread, as a task of a cgroup.</summary>
    public Answer In(string name, Func<EventSite, Answer> action)
    {
        var cgroup = objects.Cgroup(name);
        if (objects.IsRemoved(cgroup))
        {
            return Answers.Broken($"cgroup '{name}' has been removed: nothing can happen in it");
        }

        var worker = Worker(0);
        var answer = Answer.Ok;
        worker.Do(() =>
        {
            worker.Pin(0);
            worker.Enter(cgroup.Threads);
            answer = action(new EventSite(worker, cgroup.Threads, 1, new EventParameters()));
        });
        return answer;
    }

    /// <summary>Does something on the first thread, in none of the case's cgroups.</summary>
    public void Outside(Action action)
    {
        var worker = Worker(0);
        worker.Do(() =>
        {
            worker.Pin(0);
            worker.Leave();
            action();
        });
    }

    /// <summary>Runs each track on a thread of its own.</summary>
    public Answer Parallel(Harness.Machines.Parallel op, Func<Operation, int, Meeting, Answer> perform)
    {
        using var meeting = new Meeting(op.Tracks);
        var tracks = op
            .Tracks.Select(
                (track, index) =>
                {
                    var answers = new Answer[track.Operations.Count];
                    var worker = Worker(index + 1);
                    var done = worker.Start(() =>
                    {
                        worker.Unpin();
                        for (var i = 0; i < answers.Length; i++)
                        {
                            answers[i] = perform(track.Operations[i], index + 1, meeting);
                        }
                    });
                    return (answers, done);
                }
            )
            .ToList();
        Task.WaitAll([.. tracks.Select(track => track.done)]);
        return Answer.Ok with { Tracks = [.. tracks.Select(track => track.answers)] };
    }

    public void Dispose()
    {
        foreach (var worker in _workers)
        {
            worker.Dispose();
        }
    }

    private Worker Worker(int index)
    {
        while (_workers.Count <= index)
        {
            _workers.Add(new Worker($"events {_workers.Count}", idleThreads));
        }

        return _workers[index];
    }
}
