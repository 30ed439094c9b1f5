using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Programs.Contexts;
using Conformance.ReferenceVm.Programs.Events;

namespace Conformance.ReferenceVm;

/// <content>Events and test runs. They take no lock of the machine, only their CPU.</content>
public sealed partial class Machine
{
    private const int EthernetHeader = 14;

    // Instructions between two moments at which a run gives way: some ten milliseconds.
    private const long Slice = 1 << 20;

    // The same, of a run that something interrupts: programs that wait for it need not wait long.
    private const long InterruptedSlice = 1 << 10;

    // A page less the room that the kernel reserves before and behind the frame on x86-64.
    private const int LargestFrame = 4096 - 64 - 320;

    // One list for each CPU, by nesting level; touched only by the thread that is on the CPU.
    private readonly List<Workspace>[] _workspaces;
    private int _eventsUnderWay;

    /// <summary>Makes the event of an attach type happen in a cgroup.</summary>
    /// <param name="cgroup">The cgroup of the task that causes it and of its socket.</param>
    /// <param name="attachType">What happens.</param>
    /// <param name="cpu">Where.</param>
    /// <param name="options">What differs from the default event.</param>
    /// <param name="times">How often, one after the other, as long as nothing traps. The result is the last one's.</param>
    public EventResult Fire(int cgroup, AttachType attachType, int cpu = 0, EventOptions? options = null, int times = 1)
    {
        Cgroup? target;
        lock (_gate)
        {
            target = Find<Cgroup>(cgroup);
        }

        if (target is null)
        {
            return new(Errno.EBADF);
        }

        if (target.IsRemoved)
        {
            return new(Errno.ENOENT);
        }

        return Fire(target, target, attachType, cpu, options, times);
    }

    private EventResult Fire(
        Cgroup target,
        Cgroup task,
        AttachType attachType,
        int cpu,
        EventOptions? options,
        int times
    )
    {
        if ((uint)cpu >= (uint)Limits.PossibleCpus || EventDescription.Of(attachType, options) is not { } description)
        {
            return new(Errno.EINVAL);
        }

        var result = new EventResult(Errno.None);
        for (var time = 0; time < times && result.Run.Status == RunStatus.Returned; time++)
        {
            result = Fire(target, description, cpu, task);
        }

        return result;
    }

    /// <summary>Sets what interrupts the programs that run on a CPU, again and again and nested in them; null for nothing.</summary>
    /// <param name="cpu">The CPU, from 0.</param>
    /// <param name="interrupt">It may make events happen on that CPU. It is called on the thread of the run, and is not interrupted by itself.</param>
    public void InterruptWith(int cpu, Action? interrupt) => _processors.InterruptWith(cpu, interrupt);

    /// <summary>
    /// BPF_PROG_TEST_RUN: runs a CGROUP_SKB program on a frame, with fresh zeroed storages that exist for this call alone and last over
    /// its repetitions. ENOTSUPP (524) for other types, EINVAL for a frame without an Ethernet header or of more than a page.
    /// </summary>
    /// <param name="program">The program; it need not be attached.</param>
    /// <param name="frame">The frame, from its Ethernet header.</param>
    /// <param name="repeat">How often; 0 means once.</param>
    /// <param name="cpu">The CPU it runs on.</param>
    /// <param name="result">The last run: R0 as the program left it.</param>
    public Errno TestRun(int program, ReadOnlySpan<byte> frame, int repeat, int cpu, out RunResult result)
    {
        result = default;
        LoadedProgram? tested;
        lock (_gate)
        {
            tested = Find<LoadedProgram>(program);
            if (tested is null)
            {
                return NotA(program);
            }

            if (!ProgramTypes.Of(tested.Type).HasTestRun)
            {
                return Errno.ENOTSUPP;
            }

            if (frame.Length is < EthernetHeader or > LargestFrame)
            {
                return Errno.EINVAL;
            }

            Hold(tested);
        }

        try
        {
            return TestRun(tested, frame, repeat, cpu, out result);
        }
        finally
        {
            lock (_gate)
            {
                Release(tested);
            }
        }
    }

    private EventResult Fire(Cgroup cgroup, EventDescription description, int cpu, Cgroup? task = null)
    {
        if (description.RunsNothing)
        {
            return new(Errno.None);
        }

        BeginEvent();
        var run = _processors.Enter(cpu);
        try
        {
            var workspace = WorkspaceOf(run);
            run.AttachType = description.AttachType;
            // Packets arrive in the sender's context, and the sender is outside the cgroup.
            run.CurrentCgroupId =
                description.AttachType == AttachType.CgroupInetIngress ? _hierarchy.Root.Id : (task ?? cgroup).Id;
            var result = EventContexts.Write(workspace, description);
            run.ContextAddress = workspace.BlockAddress;
            if (description.AttachType == AttachType.CgroupGetsockopt)
            {
                run.ReturnValueAddress = workspace.BlockAddress + SockoptContext.Retval;
            }

            run.ReturnValue = result;
            return RunAll(cgroup, cgroup.Effective(description.AttachType), description, run, workspace);
        }
        finally
        {
            _processors.Leave(run);
            EndEvent();
        }
    }

    // E13, E14: all effective programs run, in order, whatever earlier ones returned.
    private EventResult RunAll(
        Cgroup cgroup,
        Attachment[] effective,
        EventDescription description,
        RunContext run,
        Workspace workspace
    )
    {
        var atRun = Behaviour.Storages.AtRun;
        var verdict = new Verdicts(description, Behaviour.VerdictIsAnError);
        var last = default(RunResult);
        foreach (var attachment in effective)
        {
            var storages = atRun is null ? attachment.Storages : atRun(attachment, cgroup);
            run.SharedStorage = storages.Shared;
            run.PerCpuStorage = storages.PerCpu;
            verdict.Before(workspace);
            last = Run(attachment.Program, run);
            if (last.Status != RunStatus.Returned)
            {
                return new EventResult(Errno.None, last);
            }

            verdict.After(run, (uint)last.Value);
        }

        return verdict.End(run, workspace) with
        {
            Run = last,
        };
    }

    private Errno TestRun(LoadedProgram tested, ReadOnlySpan<byte> frame, int repeat, int cpu, out RunResult result)
    {
        result = default;
        var shared = tested.StorageMap(StorageKind.Shared);
        var perCpu = tested.StorageMap(StorageKind.PerCpu);
        var first = shared?.Allocate(_hierarchy.Root.Id, tested.Code.Expected);
        var second = perCpu?.Allocate(_hierarchy.Root.Id, tested.Code.Expected);
        BeginEvent();
        var run = _processors.Enter(cpu);
        try
        {
            if (shared is not null && first is null || perCpu is not null && second is null)
            {
                return Errno.ENOMEM;
            }

            var workspace = WorkspaceOf(run);
            SkBuffEvent.WriteFrame(workspace, ProgramTypes.Of(tested.Type), frame);
            run.ContextAddress = workspace.BlockAddress;
            run.AttachType = tested.Code.Expected;
            run.CurrentCgroupId = _hierarchy.Root.Id;
            run.SharedStorage = first;
            run.PerCpuStorage = second;
            for (var time = 0; time < Math.Max(repeat, 1) && result.Status == RunStatus.Returned; time++)
            {
                SkBuffEvent.ClearControlBuffer(workspace);
                result = Run(tested, run);
            }

            return Errno.None;
        }
        finally
        {
            _processors.Leave(run);
            EndEvent();
            if (first is not null)
            {
                shared!.Remove(first);
            }

            if (second is not null)
            {
                perCpu!.Remove(second);
            }
        }
    }

    // A long run gives way to events that wait for its CPU, as a task does to an interrupt. The slice is long enough that what merely
    // counts is never interrupted, and its per-CPU numbers stay exact.
    private RunResult Run(LoadedProgram program, RunContext run)
    {
        Interpreter.Begin(program.Code, run);
        var slice = _processors.AreInterrupted(run.Cpu) ? InterruptedSlice : Slice;
        for (var left = Limits.RunInstructions; ; left -= slice)
        {
            var result = Interpreter.Continue(run, Math.Min(left, slice));
            if (result.Status != RunStatus.Paused)
            {
                return result;
            }

            if (left <= slice)
            {
                return result with { Status = RunStatus.Exhausted };
            }

            _processors.GiveWay(run);
        }
    }

    private Workspace WorkspaceOf(RunContext run)
    {
        var levels = _workspaces[run.Cpu];
        if (levels.Count == run.NestingLevel)
        {
            levels.Add(new Workspace(_arena, Behaviour.Open));
        }

        return levels[run.NestingLevel];
    }

    private void BeginEvent() => Interlocked.Increment(ref _eventsUnderWay);

    private void EndEvent()
    {
        if (Interlocked.Decrement(ref _eventsUnderWay) == 0 && Volatile.Read(ref _hasRetiredMaps))
        {
            lock (_gate)
            {
                FreeRetiredMaps();
            }
        }
    }
}
