using System.Diagnostics;
using System.Globalization;
using Conformance.Harness.Machines;
using Conformance.Linux.Bpf;
using Conformance.Linux.Calls;
using Conformance.Linux.Cgroups;
using Conformance.Linux.Events;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using ParallelOperation = Conformance.Harness.Machines.Parallel;

namespace Conformance.Linux;

/// <summary>
/// The live kernel as a virtual machine under test. It creates cgroups only below one of its own, attaches only there, moves
/// only its own threads, sends only over loopback, and removes everything at the end.
/// </summary>
public sealed class LinuxVirtualMachine : IVirtualMachine
{
    private const string NotFound = "no {0} is named '{1}'";
    private readonly CgroupTree tree;
    private readonly List<Worker> workers = [];
    private readonly int idleThreads;
    private readonly Dictionary<string, OpenCgroup> cgroups = [];
    private readonly List<OpenCgroup> cgroupOrder = [];
    private readonly Dictionary<string, KernelMap> maps = [];
    private readonly Dictionary<string, int> programs = [];
    private readonly Dictionary<string, int> links = [];
    private readonly Dictionary<uint, string> programNames = [];
    private readonly Dictionary<ulong, string> cgroupNames = [];
    private readonly List<int> btfs = [];
    private int created;

    private LinuxVirtualMachine(CgroupTree tree, MachineIdentity identity)
    {
        this.tree = tree;
        Identity = identity;
        idleThreads = tree.OpenThreads();
    }

    /// <inheritdoc/>
    public MachineIdentity Identity { get; }

    /// <summary>Opens the machine, or says what is missing.</summary>
    /// <param name="machine">The machine, where the result is null.</param>
    /// <returns>Null, or one sentence that says what is missing.</returns>
    public static string? TryOpen(out LinuxVirtualMachine? machine)
    {
        machine = null;
        if (!OperatingSystem.IsLinux())
        {
            return "the live kernel is not Linux";
        }

        var mount = CgroupMount.Find();
        if (mount is null)
        {
            return "no cgroup2 mount was found in /proc/self/mounts";
        }

        var probe = BpfCall.MapCreate((uint)MapType.CgroupStorage, 16, 8, 0, 0, default);
        if (probe < 0)
        {
            return (Errno)(-probe) == Errno.EPERM
                ? "no permission to use bpf(2): CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON are needed"
                : $"the kernel does not create maps of type cgroup_storage ({(Errno)(-probe)}): CONFIG_CGROUP_BPF is needed";
        }

        _ = Libc.Close(probe);
        try
        {
            var version = Release();
            machine = new LinuxVirtualMachine(
                CgroupTree.Create(mount),
                new MachineIdentity("linux", version, PossibleCpus()) { Kernel = version }
            );
            machine.GetWorker(0);
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
        foreach (var worker in workers)
        {
            worker.Do(worker.Leave);
        }

        foreach (
            var descriptor in links
                .Values.Concat(programs.Values)
                .Concat(maps.Values.Select(map => map.Descriptor))
                .Concat(btfs)
        )
        {
            _ = Libc.Close(descriptor);
        }

        for (var i = cgroupOrder.Count - 1; i >= 0; i--)
        {
            var cgroup = cgroupOrder[i];
            _ = CgroupTree.Remove(cgroup);
            _ = Libc.Close(cgroup.Threads);
            _ = Libc.Close(cgroup.Descriptor);
        }

        cgroups.Clear();
        cgroupOrder.Clear();
        maps.Clear();
        programs.Clear();
        links.Clear();
        btfs.Clear();
        programNames.Clear();
        cgroupNames.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reset();
        foreach (var worker in workers)
        {
            worker.Dispose();
        }

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
                MapCreate op => Create(op),
                MapClose op => Done(CloseOf(maps, op.Map, map => map.Descriptor)),
                MapLookupElem op => Lookup(op.Map, op.Key, op.Flags, BpfCommand.MapLookupElem),
                MapLookupAndDeleteElem op => Lookup(op.Map, op.Key, op.Flags, BpfCommand.MapLookupAndDeleteElem),
                MapUpdateElem op => Done(
                    BpfCall.Element(
                        BpfCommand.MapUpdateElem,
                        Find(op.Map).Descriptor,
                        KeyBytes(op.Map, op.Key),
                        op.Value,
                        op.Flags
                    )
                ),
                ProgArrayUpdate op => Done(
                    BpfCall.Element(
                        BpfCommand.MapUpdateElem,
                        Find(op.Map).Descriptor,
                        BitConverter.GetBytes(op.Index),
                        BitConverter.GetBytes(Find(programs, "program", op.Program)),
                        0
                    )
                ),
                MapDeleteElem op => Done(
                    BpfCall.Element(BpfCommand.MapDeleteElem, Find(op.Map).Descriptor, KeyBytes(op.Map, op.Key), [], 0)
                ),
                MapGetNextKey op => NextKey(op),
                MapFreeze op => Done(BpfCall.MapFreeze(Find(op.Map).Descriptor)),
                ProgLoad op => Load(op),
                ProgClose op => Done(CloseOf(programs, op.Program, program => program)),
                ProgAttach op => Done(
                    BpfCall.ProgAttach(
                        Cgroup(op.Cgroup).Descriptor,
                        Find(programs, "program", op.Program),
                        (uint)op.AttachType,
                        op.Flags,
                        op.Replace is null ? 0 : Find(programs, "program", op.Replace),
                        Relative(op.Relative),
                        op.ExpectedRevision
                    )
                ),
                ProgDetach op => Done(
                    BpfCall.ProgDetach(
                        Cgroup(op.Cgroup).Descriptor,
                        op.Program is null ? 0 : Find(programs, "program", op.Program),
                        (uint)op.AttachType,
                        op.Flags
                    )
                ),
                LinkCreate op => Create(op),
                LinkUpdate op => Done(
                    BpfCall.LinkUpdate(
                        Find(links, "link", op.Link),
                        Find(programs, "program", op.Program),
                        op.Old is null ? 0 : 4u,
                        op.Old is null ? 0 : Find(programs, "program", op.Old)
                    )
                ),
                LinkDetach op => Done(BpfCall.LinkDetach(Find(links, "link", op.Link))),
                LinkClose op => Done(CloseOf(links, op.Link, link => link)),
                ProgQuery op => Query(op),
                ProgTestRun op => TestRun(op),
                Fire op => Fire(op, track),
                ParallelOperation op => Parallel(op),
                Rendezvous op => meeting is null
                    ? Broken("a rendezvous needs a parallel operation around it")
                    : meeting.Arrive(op.Name),
                Await op => Await(op),
                _ => new Answer(AnswerKind.Unsupported)
                {
                    Message = $"the live kernel does not know the operation {operation.GetType().Name}",
                },
            };
        }
        catch (UnknownNameException e)
        {
            return Broken(e.Message);
        }
    }

    private Answer Create(CgroupCreate op)
    {
        int? parent = op.Parent is null ? null : Cgroup(op.Parent).Descriptor;
        // Directory names are the machine's own: a case may name two cgroups alike, one after the other.
        var errno = tree.Add($"c{created++}", parent, out var cgroup);
        if (errno != Errno.None)
        {
            return Answer.Fail(errno);
        }

        cgroups[op.Cgroup] = cgroup;
        cgroupOrder.Add(cgroup);
        cgroupNames[cgroup.Id] = op.Cgroup;
        return Answer.Ok;
    }

    private Answer Remove(CgroupRemove op)
    {
        foreach (var worker in workers)
        {
            worker.Do(worker.Leave);
        }

        var errno = CgroupTree.Remove(Cgroup(op.Cgroup));
        return errno == Errno.None
            ? Answer.Ok
            // The kernel says EBUSY both for children and for tasks; there are no tasks.
            : Answer.Fail(errno == Errno.EBUSY ? Errno.ENOTEMPTY : errno);
    }

    private Answer Create(MapCreate op)
    {
        var types = default(MapTypes);
        if (op.SpinLockOffset is { } offset)
        {
            var btf = BpfCall.BtfLoad(
                SpinLockTypes.Build(op.KeySize, op.ValueSize, offset, out var key, out var value)
            );
            if (btf < 0)
            {
                return Done(btf);
            }

            btfs.Add(btf);
            types = new MapTypes(btf, key, value);
        }

        var map = BpfCall.MapCreate((uint)op.Type, op.KeySize, op.ValueSize, op.MaxEntries, op.Flags, types);
        if (map < 0)
        {
            return Done(map);
        }

        maps[op.Map] = new KernelMap(map, op.Type, op.KeySize, op.ValueSize);
        return Answer.Ok;
    }

    private Answer Lookup(string name, MapKey key, ulong flags, BpfCommand command)
    {
        var map = Find(name);
        var value = new byte[map.UserValueSize(Identity.Cpus)];
        var result = BpfCall.Element(command, map.Descriptor, KeyBytes(name, key), value, flags);
        return result < 0 ? Done(result) : Answer.Ok with { Value = value };
    }

    private Answer NextKey(MapGetNextKey op)
    {
        var map = Find(op.Map);
        var next = new byte[map.KeySize];
        var key = op.Key is null ? [] : KeyBytes(op.Map, op.Key);
        var result = BpfCall.Element(BpfCommand.MapGetNextKey, map.Descriptor, key, next, 0);
        return result < 0 ? Done(result) : Answer.Ok with { Key = Symbolic(map, next) };
    }

    private MapKey Symbolic(KernelMap map, byte[] key) =>
        map.IsStorage && cgroupNames.TryGetValue(BitConverter.ToUInt64(key), out var cgroup)
            ? key.Length == 16
                ? new StorageKey(cgroup, (AttachType)BitConverter.ToInt32(key, 8), BitConverter.ToUInt32(key, 12))
                : new StorageKey(cgroup)
            : new RawKey(key);

    private byte[] KeyBytes(string map, MapKey key)
    {
        if (key is RawKey raw)
        {
            return raw.Bytes;
        }

        var storage = (StorageKey)key;
        var bytes = new byte[16];
        BitConverter.TryWriteBytes(bytes, Cgroup(storage.Cgroup).Id);
        BitConverter.TryWriteBytes(bytes.AsSpan(8), (int)storage.AttachType.GetValueOrDefault());
        BitConverter.TryWriteBytes(bytes.AsSpan(12), storage.Padding);
        return Find(map).KeySize == 8 ? bytes[..8] : bytes;
    }

    private Answer Load(ProgLoad op)
    {
        const byte PseudoMapFd = 1;
        var code = (byte[])op.Instructions.Clone();
        foreach (var reference in op.Maps)
        {
            var slot = code.AsSpan(reference.Instruction * 8);
            slot[1] = (byte)(slot[1] & 0x0f | PseudoMapFd << 4);
            BitConverter.TryWriteBytes(slot[4..], Find(reference.Map).Descriptor);
        }

        // Without a log a load is several times faster; a refusal is asked again for its reason.
        var result = BpfCall.ProgLoad(
            (uint)op.Type,
            (uint)op.ExpectedAttachType,
            code,
            op.Flags,
            op.LogLevel,
            out var log
        );
        if (result < 0 && op.LogLevel == 0)
        {
            result = BpfCall.ProgLoad((uint)op.Type, (uint)op.ExpectedAttachType, code, op.Flags, 1, out log);
        }

        if (result < 0)
        {
            return new Answer(AnswerKind.Refused) { Errno = (Errno)(-result), Message = log };
        }

        programs[op.Program] = result;
        return Answer.Ok with { Message = log.Length > 0 ? log : null };
    }

    private Answer Create(LinkCreate op)
    {
        var link = BpfCall.LinkCreate(
            Find(programs, "program", op.Program),
            Cgroup(op.Cgroup).Descriptor,
            (uint)op.AttachType,
            op.Flags,
            Relative(op.Relative),
            op.ExpectedRevision
        );
        if (link < 0)
        {
            return Done(link);
        }

        links[op.Link] = link;
        return Answer.Ok;
    }

    private Answer Query(ProgQuery op)
    {
        var result = BpfCall.ProgQuery(
            Cgroup(op.Cgroup).Descriptor,
            (uint)op.AttachType,
            op.Effective,
            out var flags,
            out var ids
        );
        if (result < 0)
        {
            return Done(result);
        }

        var names = programs.ToDictionary(pair => BpfCall.ProgramId(pair.Value), pair => pair.Key);
        return Answer.Ok with
        {
            AttachFlags = flags,
            Programs =
            [
                .. ids.Select(id =>
                    names.GetValueOrDefault(id)
                    ?? programNames.GetValueOrDefault(id)
                    ?? id.ToString(CultureInfo.InvariantCulture)
                ),
            ],
        };
    }

    private Answer TestRun(ProgTestRun op)
    {
        var result = BpfCall.ProgTestRun(Find(programs, "program", op.Program), op.Data, op.Repeat, out var returned);
        return result < 0 ? Done(result) : Answer.Ok with { ReturnValue = returned };
    }

    private Answer Fire(Fire op, int track)
    {
        if (op.Cpu < 0 || op.Cpu >= Environment.ProcessorCount)
        {
            return new Answer(AnswerKind.Unsupported) { Message = $"CPU {op.Cpu} is not online here" };
        }

        var cgroup = Cgroup(op.Cgroup);
        var worker = GetWorker(track);
        var ended = default(Ended);
        void Happen()
        {
            worker.Pin(op.Cpu);
            worker.Enter(cgroup.Threads);
            ended = EventCatalogue.Fire(
                op.AttachType,
                new EventSite(worker, cgroup.Threads, op.Times, op.Event ?? new EventParameters())
            );
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
            return new Answer(AnswerKind.Unsupported) { Message = e.Message };
        }

        return Answer.Ok with
        {
            Outcome = ended.Outcome,
            Errno = ended.Errno,
        };
    }

    private Answer Parallel(ParallelOperation op)
    {
        var meeting = new Meeting(op.Tracks);
        // Track 0 is the thread of everything outside parallel operations.
        var tracks = op
            .Tracks.Select(
                (track, index) =>
                {
                    var answers = new Answer[track.Operations.Count];
                    var done = GetWorker(index + 1)
                        .Start(() =>
                        {
                            for (var i = 0; i < answers.Length; i++)
                            {
                                answers[i] = Perform(track.Operations[i], index + 1, meeting);
                            }
                        });
                    return (answers, done);
                }
            )
            .ToList();
        Task.WaitAll([.. tracks.Select(track => track.done)]);
        return Answer.Ok with { Tracks = [.. tracks.Select(track => track.answers)] };
    }

    private Answer Await(Await op)
    {
        var map = Find(op.Map);
        var value = new byte[map.UserValueSize(Identity.Cpus)];
        var key = KeyBytes(op.Map, op.Key);
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < Meeting.Patience)
        {
            var result = BpfCall.Element(BpfCommand.MapLookupElem, map.Descriptor, key, value, 0);
            if (result < 0)
            {
                return Done(result);
            }

            if (BitConverter.ToUInt64(value, op.Offset) >= op.AtLeast)
            {
                return Answer.Ok;
            }

            Thread.Yield();
        }

        return Broken($"{op.Map} did not reach {op.AtLeast} within {Meeting.Patience.TotalSeconds} s");
    }

    private Worker GetWorker(int index)
    {
        while (workers.Count <= index)
        {
            workers.Add(new Worker($"events {workers.Count}", idleThreads));
        }

        return workers[index];
    }

    private KernelMap Find(string map) => Find(maps, "map", map);

    private OpenCgroup Cgroup(string name) => Find(cgroups, "cgroup", name);

    private int Relative(string? name) =>
        name is null ? 0
        : links.TryGetValue(name, out var link) ? link
        : Find(programs, "program or link", name);

    private static T Find<T>(Dictionary<string, T> names, string kind, string name) =>
        names.TryGetValue(name, out var found)
            ? found
            : throw new UnknownNameException(string.Format(CultureInfo.InvariantCulture, NotFound, kind, name));

    private static int CloseOf<T>(Dictionary<string, T> names, string name, Func<T, int> descriptor)
    {
        if (!names.Remove(name, out var found))
        {
            throw new UnknownNameException($"'{name}' is not open");
        }

        return Libc.Close(descriptor(found)) < 0 ? -(int)Libc.LastErrno : 0;
    }

    private static Answer Done(int result) => result < 0 ? Answer.Fail((Errno)(-result)) : Answer.Ok;

    private static Answer Broken(string message) => new(AnswerKind.Broken) { Message = message };

    // "0-3" or "0"; the list may have holes only on machines that hot-plug.
    private static int PossibleCpus()
    {
        var text = File.ReadAllText("/sys/devices/system/cpu/possible").Trim();
        return int.Parse(text[(text.LastIndexOfAny(['-', ',']) + 1)..], CultureInfo.InvariantCulture) + 1;
    }

    // Numbers only: "6.18.44-some-vendor" is 6.18.44.
    private static string Release()
    {
        var text = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var end = text.AsSpan().IndexOfAnyExcept("0123456789.");
        return end < 0 ? text : text[..end].TrimEnd('.');
    }

    private sealed class UnknownNameException(string message) : Exception(message);
}
