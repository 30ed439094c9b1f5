using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Maps;

/// <summary>
/// <c>cgroup_storage</c> and <c>percpu_cgroup_storage</c>: one storage for each cgroup, or, with 16-byte keys, for each cgroup and attach
/// type. Attaching creates storages (<see cref="Create"/>); user space reads and writes them and can neither create nor delete any.
/// </summary>
public sealed class CgroupStorageMap : Map
{
    /// <summary>Key size of a map whose storages belong to a cgroup, whatever the attach type: the cgroup id.</summary>
    public const int SharedKeySize = 8;

    /// <summary>Key size of a map whose storages belong to a cgroup and an attach type: cgroup id, attach type, 4 bytes of padding.</summary>
    public const int IsolatedKeySize = 16;

    private readonly int _cpus;
    private readonly bool _iterationEnds;
    private readonly PerCpuValues _perCpu;
    private readonly Dictionary<Key, LinkedListNode<Storage>> _entries = [];

    // Newest first, which is the order of iteration.
    private readonly LinkedList<Storage> _storages = new();

    // Also keeps a buffer from being replaced and freed while user space copies it.
    private readonly Lock _lock = new();

    internal CgroupStorageMap(MapDefinition definition, Arena arena, int id, int cpus, Behaviour behaviour)
        : base(definition, arena, id)
    {
        _cpus = cpus;
        _iterationEnds = behaviour.IterationEnds;
        _perCpu = new PerCpuValues(arena, definition.ValueSize, cpus, behaviour);
        Kind = definition.StorageKind!.Value;
    }

    /// <summary>Shared or per-CPU.</summary>
    public StorageKind Kind { get; }

    /// <summary>Whether attach types have storages of their own. The key size alone decides.</summary>
    public bool IsolatesAttachTypes => Definition.KeySize == IsolatedKeySize;

    /// <summary>The first program that was loaded with a reference to the map, as long as it lives. Before 5.9 no other could be.</summary>
    internal LoadedProgram? Owner { get; set; }

    /// <inheritdoc/>
    public override bool HasElementsForPrograms => false;

    /// <inheritdoc/>
    public override int UserSize(ulong flags) =>
        Kind == StorageKind.PerCpu ? _perCpu.UserSize(flags) : Definition.ValueSize;

    /// <summary>The storages that are visible, newest first.</summary>
    public IReadOnlyList<Storage> Storages
    {
        get
        {
            lock (_lock)
            {
                return [.. _storages];
            }
        }
    }

    /// <summary>The visible storage of a cgroup and attach type (of no meaning with 8-byte keys), or null.</summary>
    public Storage? Find(ulong cgroupId, AttachType attachType)
    {
        lock (_lock)
        {
            return _entries.GetValueOrDefault(KeyOf(cgroupId, attachType))?.Value;
        }
    }

    /// <summary>A new storage, zero in every byte, that is not visible in the map: for a test run, or until <see cref="Publish"/>. Null where memory has run out.</summary>
    public Storage? Allocate(ulong cgroupId, AttachType attachType)
    {
        var buffers = new ulong[Kind == StorageKind.PerCpu ? _cpus : 1];
        for (var index = 0; index < buffers.Length; index++)
        {
            buffers[index] = Arena.Allocate(Definition.ValueSize);
            if (buffers[index] == 0)
            {
                foreach (var taken in buffers.AsSpan(0, index))
                {
                    Arena.Free(taken);
                }

                return null;
            }
        }

        return new Storage(this, cgroupId, attachType, buffers);
    }

    /// <summary>Makes a storage visible, as the newest, unless another with its key is.</summary>
    public void Publish(Storage storage)
    {
        lock (_lock)
        {
            var node = new LinkedListNode<Storage>(storage);
            if (_entries.TryAdd(KeyOf(storage.CgroupId, storage.AttachType), node))
            {
                _storages.AddFirst(node);
            }
        }
    }

    /// <summary><see cref="Allocate"/> and <see cref="Publish"/>.</summary>
    public Storage? Create(ulong cgroupId, AttachType attachType)
    {
        var storage = Allocate(cgroupId, attachType);
        if (storage is not null)
        {
            Publish(storage);
        }

        return storage;
    }

    /// <summary>Ends a storage, visible or not: its cgroup is gone, or its test run over. Runs that hold it may use it to their end.</summary>
    public void Remove(Storage storage)
    {
        lock (_lock)
        {
            if (
                _entries.TryGetValue(KeyOf(storage.CgroupId, storage.AttachType), out var node)
                && node.Value == storage
            )
            {
                _entries.Remove(KeyOf(storage.CgroupId, storage.AttachType));
                _storages.Remove(node);
            }

            Retire(storage);
        }
    }

    /// <inheritdoc/>
    public override Errno Lookup(ReadOnlySpan<byte> key, Span<byte> value, ulong flags)
    {
        var error =
            Kind == StorageKind.PerCpu ? _perCpu.CheckLookup(flags) : UpdateFlags.CheckLookup(Definition, flags);
        if (error != Errno.None)
        {
            return error;
        }

        lock (_lock)
        {
            if (Find(key) is not { } storage)
            {
                return Errno.ENOENT;
            }

            if (Kind == StorageKind.PerCpu)
            {
                _perCpu.Out(storage.Buffers, value, flags);
            }
            else if ((flags & UpdateFlags.Lock) != 0)
            {
                ValueCopy.OutLocked(Arena, storage.AddressOn(0), Data(value), Definition.SpinLockOffset!.Value);
            }
            else
            {
                ValueCopy.Out(Arena, storage.AddressOn(0), Data(value), Definition.SpinLockOffset);
            }

            return Errno.None;
        }
    }

    /// <inheritdoc/>
    public override Errno Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        if (CheckUpdate(flags) is var error and not Errno.None)
        {
            return error;
        }

        lock (_lock)
        {
            if (Find(key) is not { } storage)
            {
                return Errno.ENOENT;
            }

            if (Kind == StorageKind.PerCpu)
            {
                // In place, with no regard for running programs.
                _perCpu.In(storage.Buffers, value, flags);
                return Errno.None;
            }

            if ((flags & UpdateFlags.Lock) != 0)
            {
                ValueCopy.InLocked(Arena, storage.AddressOn(0), Data(value), Definition.SpinLockOffset!.Value);
                return Errno.None;
            }

            return Replace(storage, Data(value));
        }
    }

    /// <summary>Always EINVAL, for existing and missing keys alike.</summary>
    public override Errno Delete(ReadOnlySpan<byte> key) => Errno.EINVAL;

    /// <summary>From the newest to the oldest; ENOENT behind the last, for a key that does not exist, and in an empty map.</summary>
    public override Errno GetNextKey(ReadOnlySpan<byte> key, Span<byte> next)
    {
        lock (_lock)
        {
            var at = key.IsEmpty ? null : _entries.GetValueOrDefault(Parse(key));
            var node = key.IsEmpty ? _storages.First : at?.Next;
            if (node is null)
            {
                return at is null || _iterationEnds ? Errno.ENOENT : BehindTheLast(next);
            }

            BinaryPrimitives.WriteUInt64LittleEndian(next, node.Value.CgroupId);
            if (IsolatesAttachTypes)
            {
                // The upper half is the padding.
                BinaryPrimitives.WriteUInt64LittleEndian(next[SharedKeySize..], (uint)node.Value.AttachType);
            }

            return Errno.None;
        }
    }

    /// <inheritdoc/>
    public override void Free()
    {
        lock (_lock)
        {
            foreach (var storage in _storages)
            {
                Retire(storage);
            }

            _storages.Clear();
            _entries.Clear();
        }
    }

    // Per-CPU: 0 or EXIST. Shared: with LOCK too, where there is a lock. NOEXIST makes no sense, since an update never creates;
    // it is refused even where the key does not exist.
    private Errno CheckUpdate(ulong flags)
    {
        if (Kind == StorageKind.PerCpu)
        {
            return _perCpu.CheckUpdate(flags, UpdateFlags.Exist);
        }

        var known = Definition.SpinLockOffset is null ? UpdateFlags.Exist : UpdateFlags.Exist | UpdateFlags.Lock;
        return (flags & ~known) == 0 ? Errno.None : Errno.EINVAL;
    }

    // Not in place: a new zeroed buffer takes the old one's place. Runs that hold the old one go on with it unseen.
    private Errno Replace(Storage storage, ReadOnlySpan<byte> value)
    {
        var buffer = Arena.Allocate(Definition.ValueSize);
        if (buffer == 0)
        {
            return Errno.ENOMEM;
        }

        ValueCopy.In(Arena, buffer, value, Definition.SpinLockOffset);
        Arena.Retire(storage.Swap(buffer));
        return Errno.None;
    }

    // B15: the head of the list taken for an entry. What stands before it in the map is its lock, which is held, and the root of its tree.
    private Errno BehindTheLast(Span<byte> next)
    {
        const ulong heldLock = 1;
        BinaryPrimitives.WriteUInt64LittleEndian(next, heldLock);
        if (IsolatesAttachTypes)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(next[SharedKeySize..], _storages.First!.Value.Buffers[0]);
        }

        return Errno.None;
    }

    private void Retire(Storage storage)
    {
        foreach (var buffer in storage.Buffers)
        {
            Arena.Retire(buffer);
        }
    }

    private Span<byte> Data(Span<byte> value) => value[..Definition.ValueSize];

    private ReadOnlySpan<byte> Data(ReadOnlySpan<byte> value) => value[..Definition.ValueSize];

    private Storage? Find(ReadOnlySpan<byte> key) => _entries.GetValueOrDefault(Parse(key))?.Value;

    // The padding of a 16-byte key is not looked at.
    private Key Parse(ReadOnlySpan<byte> key) =>
        KeyOf(
            BinaryPrimitives.ReadUInt64LittleEndian(key),
            IsolatesAttachTypes ? (AttachType)BinaryPrimitives.ReadUInt32LittleEndian(key[SharedKeySize..]) : default
        );

    private Key KeyOf(ulong cgroupId, AttachType attachType) =>
        new(cgroupId, IsolatesAttachTypes ? attachType : default);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Key(ulong CgroupId, AttachType AttachType);
}
