using Conformance.Harness.Machines;
using Conformance.Linux.Bpf;
using Conformance.Linux.Calls;
using Conformance.Linux.Cgroups;
using Conformance.ReferenceVm;

namespace Conformance.Linux;

/// <summary>
/// The live kernel as a virtual machine under test. It creates cgroups only below one of its own, attaches only there, moves
/// only its own threads, sends only over loopback, and removes everything at the end.
/// </summary>
public sealed class LinuxVirtualMachine : IVirtualMachine
{
    private readonly CgroupTree tree;
    private readonly KernelObjects objects = new();
    private readonly MapOperations maps;
    private readonly ProgramOperations programs;
    private readonly EventOperations events;
    private readonly int idleThreads;
    private int directories;

    private LinuxVirtualMachine(CgroupTree tree, MachineIdentity identity)
    {
        this.tree = tree;
        Identity = identity;
        idleThreads = tree.OpenThreads();
        maps = new MapOperations(objects, identity.Cpus);
        programs = new ProgramOperations(objects);
        events = new EventOperations(objects, idleThreads);
    }

    /// <inheritdoc/>
    public MachineIdentity Identity { get; }

    /// <summary>Opens the machine.</summary>
    /// <param name="machine">The machine, where the result is null.</param>
    /// <returns>Null, or one sentence that says what is missing.</returns>
    public static string? TryOpen(out LinuxVirtualMachine? machine)
    {
        machine = null;
        if (HostKernel.Missing() is { } missing)
        {
            return missing;
        }

        if (CgroupMount.Find() is not { } mount)
        {
            return "no cgroup2 mount was found in /proc/self/mounts";
        }

        try
        {
            var version = HostKernel.Release();
            var identity = new MachineIdentity("linux", version, HostKernel.PossibleCpus()) { Kernel = version };
            machine = new LinuxVirtualMachine(CgroupTree.Create(mount), identity);
            machine.events.Open();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            machine?.Dispose();
            machine = null;
            return e.Message;
        }
    }

    /// <inheritdoc/>
    public Answer Perform(Operation operation) => Perform(operation, 0, null);

    /// <inheritdoc/>
    public void Reset()
    {
        events.LeaveCgroups();
        objects.Reset();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reset();
        events.Dispose();
        _ = Libc.Close(idleThreads);
        tree.Dispose();
    }

    private Answer Perform(Operation operation, int track, Meeting? meeting)
    {
        try
        {
            return operation switch
            {
                CgroupCreate op => Create(op),
                CgroupRemove op => Remove(op),
                MapCreate op => maps.Create(op),
                MapClose op => maps.Close(op),
                MapLookupElem op => maps.Lookup(op.Map, op.Key, op.Flags, BpfCommand.MapLookupElem),
                MapLookupAndDeleteElem op => maps.Lookup(op.Map, op.Key, op.Flags, BpfCommand.MapLookupAndDeleteElem),
                MapUpdateElem op => maps.Update(op),
                ProgArrayUpdate op => maps.Update(op),
                MapDeleteElem op => maps.Delete(op),
                MapGetNextKey op => maps.NextKey(op),
                MapFreeze op => maps.Freeze(op),
                Await op => maps.Await(op),
                ProgLoad op => programs.Load(op),
                ProgClose op => programs.Close(op),
                ProgAttach op => programs.Attach(op),
                ProgDetach op => programs.Detach(op),
                LinkCreate op => programs.Create(op),
                LinkUpdate op => programs.Update(op),
                LinkDetach op => programs.Detach(op),
                LinkClose op => programs.Close(op),
                ProgQuery op => programs.Query(op),
                ProgTestRun op => programs.TestRun(op),
                Fire op => events.Fire(op, track),
                Harness.Machines.Parallel op => events.Parallel(op, Perform),
                Rendezvous op => meeting?.Arrive(op.Name)
                    ?? Answers.Broken("a rendezvous needs a parallel operation around it"),
                _ => Answers.Unsupported($"the live kernel does not know the operation {operation.GetType().Name}"),
            };
        }
        catch (UnknownNameException e)
        {
            return Answers.Broken(e.Message);
        }
    }

    private Answer Create(CgroupCreate op)
    {
        int? parent = op.Parent is null ? null : objects.Cgroup(op.Parent).Descriptor;
        // Directory names are the machine's own: a case may name two cgroups alike, one after the other.
        var errno = tree.Add($"c{Interlocked.Increment(ref directories)}", parent, out var cgroup);
        if (errno == Errno.None)
        {
            objects.Add(op.Cgroup, cgroup);
        }

        return Answers.Of(errno);
    }

    private Answer Remove(CgroupRemove op)
    {
        events.LeaveCgroups();
        // The kernel says EBUSY both for children and for tasks; there are no tasks.
        return Answers.Of(CgroupTree.Remove(objects.Cgroup(op.Cgroup)));
    }
}
