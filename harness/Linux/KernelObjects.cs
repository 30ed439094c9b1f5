using System.Collections.Concurrent;
using Conformance.Harness.Machines;
using Conformance.Linux.Calls;
using Conformance.Linux.Cgroups;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Linux;

/// <summary>
/// The objects of one case by the names the case gives them, and the way back from what the kernel says to those names. Tracks of
/// a parallel operation use it at the same time.
/// </summary>
internal sealed class KernelObjects
{
    private readonly ConcurrentStack<OpenCgroup> _inOrder = new();
    private readonly ConcurrentDictionary<ulong, string> _cgroupNames = new();
    private readonly ConcurrentBag<int> _others = [];
    private readonly ConcurrentDictionary<ulong, bool> _removed = new();

    public ConcurrentDictionary<string, OpenCgroup> Cgroups { get; } = new();

    public ConcurrentDictionary<string, KernelMap> Maps { get; } = new();

    public ConcurrentDictionary<string, int> Programs { get; } = new();

    public ConcurrentDictionary<string, int> Links { get; } = new();

    public ConcurrentDictionary<string, int> Sockets { get; } = new();

    /// <summary>Storage maps by the name they were created under, with their ids, also when that descriptor is closed.</summary>
    public ConcurrentDictionary<string, (uint Id, KernelMap Map)> MapIds { get; } = new();

    public void Add(string name, in OpenCgroup cgroup)
    {
        Cgroups[name] = cgroup;
        _cgroupNames[cgroup.Id] = name;
        _inOrder.Push(cgroup);
    }

    /// <summary>Removes a cgroup's directory. What the case knows of it stays: its keys can still be looked up.</summary>
    public Errno Remove(string name)
    {
        var cgroup = Cgroup(name);
        var errno = CgroupTree.Remove(cgroup);
        if (errno == Errno.None)
        {
            _removed[cgroup.Id] = true;
        }

        return errno;
    }

    public bool IsRemoved(in OpenCgroup cgroup) => _removed.ContainsKey(cgroup.Id);

    /// <summary>Keeps a descriptor that has no name until the case ends.</summary>
    public void Keep(int descriptor) => _others.Add(descriptor);

    public OpenCgroup Cgroup(string name) => Find(Cgroups, "cgroup", name);

    public KernelMap Map(string name) => Find(Maps, "map", name);

    public int Program(string name) => Find(Programs, "program", name);

    public int Link(string name) => Find(Links, "link", name);

    public int Socket(string name) => Find(Sockets, "socket", name);

    /// <summary>The descriptor an optional name stands for; 0 for none, as bpf(2) has it.</summary>
    public int ProgramOrNone(string? name) => name is null ? 0 : Program(name);

    /// <summary>A program or a link, for relative_fd.</summary>
    public int RelativeOrNone(string? name) =>
        name is not null && Links.TryGetValue(name, out var link) ? link : ProgramOrNone(name);

    /// <summary>A key as the kernel takes it.</summary>
    public byte[] KeyBytes(in KernelMap map, MapKey key)
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
        return map.KeySize == 8 ? bytes[..8] : bytes;
    }

    /// <summary>A key as the case would write it.</summary>
    public MapKey Symbolic(in KernelMap map, byte[] key) =>
        map.IsStorage && _cgroupNames.TryGetValue(BitConverter.ToUInt64(key), out var cgroup)
            ? key.Length == 16
                ? new StorageKey(cgroup, (AttachType)BitConverter.ToInt32(key, 8), BitConverter.ToUInt32(key, 12))
                : new StorageKey(cgroup)
            : new RawKey(key);

    /// <summary>Closes the client's descriptor of an object and forgets its name.</summary>
    public static Errno Close<T>(
        ConcurrentDictionary<string, T> names,
        string kind,
        string name,
        Func<T, int> descriptor
    ) =>
        names.TryRemove(name, out var found)
            ? Libc.ErrnoOf(Libc.Close(descriptor(found)))
            : throw new UnknownNameException(kind, name);

    /// <summary>Gives everything back. No thread may be in one of the cgroups.</summary>
    public void Reset()
    {
        foreach (
            var descriptor in Sockets
                .Values.Concat(Links.Values)
                .Concat(Programs.Values)
                .Concat(Maps.Values.Select(map => map.Descriptor))
                .Concat(_others)
        )
        {
            _ = Libc.Close(descriptor);
        }

        // Children were made after their parents.
        while (_inOrder.TryPop(out var cgroup))
        {
            _ = CgroupTree.Remove(cgroup);
            _ = Libc.Close(cgroup.Threads);
            _ = Libc.Close(cgroup.Descriptor);
        }

        Sockets.Clear();
        MapIds.Clear();
        Links.Clear();
        Programs.Clear();
        Maps.Clear();
        _others.Clear();
        Cgroups.Clear();
        _cgroupNames.Clear();
        _removed.Clear();
    }

    private static T Find<T>(ConcurrentDictionary<string, T> names, string kind, string name) =>
        names.TryGetValue(name, out var found) ? found : throw new UnknownNameException(kind, name);
}

/// <summary>A case speaks of something that it did not make: the case's or the runner's fault, never the kernel's verdict.</summary>
internal sealed class UnknownNameException(string kind, string name) : Exception($"no {kind} is named '{name}'");
