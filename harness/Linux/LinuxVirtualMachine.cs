using Conformance.Harness.Machines;
using Conformance.Linux.Bpf;
using Conformance.Linux.Calls;
using Conformance.Linux.Cgroups;
using Conformance.Linux.Host;
using Conformance.ReferenceVm;

namespace Conformance.Linux;

/// <summary>
/// The live kernel as a virtual machine under test. It creates cgroups only below one of its own, attaches only there, moves
/// only its own process and threads, sends only over loopback, and removes everything at the end.
/// </summary>
public sealed class LinuxVirtualMachine : IVirtualMachine
{
    private readonly CgroupTree _tree;
    private readonly KernelObjects _objects = new();
    private readonly MapOperations _maps;
    private readonly ProgramOperations _programs;
    private readonly EventOperations _events;
    private readonly SocketLifetimes _sockets;
    private readonly StorageMapGuard _guard;
    private readonly AttachTypeSupport _attachTypes;
    private readonly KernelAge? _age;
    private readonly int _idleThreads;

    private LinuxVirtualMachine(CgroupTree tree, MachineIdentity identity, AttachTypeSupport attachTypes)
    {
        _tree = tree;
        _attachTypes = attachTypes;
        Identity = identity;
        _idleThreads = _tree.OpenThreads();
        _maps = new MapOperations(_objects, identity.Cpus);
        _guard = new StorageMapGuard(identity.Version);
        _programs = new ProgramOperations(_objects, _guard);
        _age = KernelAge.Of(identity);
        _events = new EventOperations(_objects, _idleThreads);
        _sockets = new SocketLifetimes(_objects, _events);
    }

    /// <inheritdoc/>
    public MachineIdentity Identity { get; }

    /// <summary>Opens the machine.</summary>
    /// <param name="machine">The machine, where the result is null.</param>
    /// <returns>Null, or one sentence that says what is missing.</returns>
    public static string? TryOpen(out LinuxVirtualMachine? machine) =>
        TryOpen(() => AttachTypeSupport.OfThisKernel, out machine);

    internal static string? TryOpen(Func<AttachTypeSupport> attachTypes, out LinuxVirtualMachine? machine)
    {
        machine = null;
        if (HostKernel.Missing() is { } missing)
        {
            return missing;
        }

        try
        {
            var version = HostKernel.Release();
            var identity = new MachineIdentity("linux", version, HostKernel.PossibleCpus())
            {
                Kernel = version,
                LiveArchitecture = HostKernel.Architecture(),
            };
            machine = new LinuxVirtualMachine(CgroupTree.Acquire(), identity, attachTypes());
            machine._events.Open();
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
        _events.LeaveCgroups();
        _objects.Reset();
        _programs.Reset();
        _guard.Reset();
        _age?.Reset();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Reset();
        }
        finally
        {
            _events.Dispose();
            _ = Libc.Close(_idleThreads);
            _tree.Release();
        }
    }

    private Answer Perform(Operation operation, int track, Meeting? meeting)
    {
        var answer = Do(operation, track, meeting);
        return _age?.Explain(operation, answer) ?? answer;
    }

    private Answer Do(Operation operation, int track, Meeting? meeting)
    {
        try
        {
            return _attachTypes.Refuses(operation)
                ?? operation switch
                {
                    CgroupCreate op => Create(op),
                    CgroupRemove op => Remove(op),
                    MapCreate op => _maps.Create(op),
                    MapReopen op => _maps.Reopen(op),
                    MapBatch op => _maps.Batch(op),
                    MapNullPointer op => _maps.NullPointer(op),
                    MapFile op => _maps.File(op),
                    ProgBindMap op => _programs.BindMap(op),
                    SocketCreate op => _sockets.Create(op),
                    SocketAccept op => _sockets.Accept(op),
                    SocketClose op => _sockets.Close(op),
                    MapClose op => _maps.Close(op),
                    MapLookupElem op => _maps.Lookup(op.Map, op.Key, op.Flags, BpfCommand.MapLookupElem),
                    MapLookupAndDeleteElem op => _maps.Lookup(
                        op.Map,
                        op.Key,
                        op.Flags,
                        BpfCommand.MapLookupAndDeleteElem
                    ),
                    MapUpdateElem op => _maps.Update(op),
                    ProgArrayUpdate op => _maps.Update(op),
                    MapDeleteElem op => _maps.Delete(op),
                    MapGetNextKey op => _maps.NextKey(op),
                    MapFreeze op => _maps.Freeze(op),
                    Await op => _maps.Await(op),
                    ProgLoad op => _programs.Load(op),
                    ProgClose op => _programs.Close(op),
                    ProgAttach op => _programs.Attach(op),
                    ProgDetach op => _programs.Detach(op),
                    LinkCreate op => _programs.Create(op),
                    LinkUpdate op => _programs.Update(op),
                    LinkDetach op => _programs.Detach(op),
                    LinkClose op => _programs.Close(op),
                    ProgQuery op => _programs.Query(op),
                    ProgTestRun op => _programs.TestRun(op),
                    Fire op => _events.Fire(op, track),
                    Harness.Machines.Parallel op => _events.Parallel(op, Perform),
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
        int? parent = op.Parent is null ? null : _objects.Cgroup(op.Parent).Descriptor;
        var errno = _tree.Add(parent, out var cgroup);
        if (errno == Errno.None)
        {
            _objects.Add(op.Cgroup, cgroup);
        }

        return Answers.Of(errno);
    }

    private Answer Remove(CgroupRemove op)
    {
        _events.LeaveCgroups();
        var errno = _objects.Remove(op.Cgroup);
        if (errno == Errno.EBUSY)
        {
            // The runtime starts threads of its own from ours, and a thread is born where its parent is.
            _tree.Evacuate(_objects.Cgroup(op.Cgroup));
            errno = _objects.Remove(op.Cgroup);
        }

        return Answers.Of(errno);
    }
}
