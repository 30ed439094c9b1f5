using System.Buffers.Binary;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm;

/// <content>The map commands of bpf(2): what belongs to descriptors is checked here, what belongs to a map type in the map.</content>
public sealed partial class Machine
{
    private const uint ReadOnlyDescriptor = 0x8;
    private const uint WriteOnlyDescriptor = 0x10;
    private const ulong LockFlag = 4;

    // BPF_F_CPU and BPF_F_ALL_CPUS; the CPU stands in the upper half.
    private const ulong CpuFlags = 8 | 16;

    private readonly List<Map> _retiredMaps = [];
    private bool _hasRetiredMaps;

    /// <summary>BPF_MAP_CREATE. The descriptor permits what BPF_F_RDONLY and BPF_F_WRONLY leave of reading and writing; the map itself is not limited by them.</summary>
    public Errno MapCreate(MapDefinition definition, out int descriptor)
    {
        lock (_gate)
        {
            descriptor = -1;
            var id = _lastMapId + 1;
            var errno = MapFactory.Create(definition, _arena, Limits, Behaviour, id, out var map);
            if (errno != Errno.None)
            {
                return errno;
            }

            _lastMapId = id;
            _environment.Maps.Add(map!);
            var entry = new MapObject(map!);
            _mapsById.Add(id, entry);
            var access =
                (definition.Flags & ReadOnlyDescriptor) != 0 ? DescriptorAccess.Read
                : (definition.Flags & WriteOnlyDescriptor) != 0 ? DescriptorAccess.Write
                : DescriptorAccess.Both;
            descriptor = Open(entry, access);
            return Errno.None;
        }
    }

    /// <summary>BPF_MAP_GET_FD_BY_ID: ENOENT where no such map lives. The descriptor permits everything.</summary>
    public Errno MapGetById(int id, out int descriptor)
    {
        lock (_gate)
        {
            descriptor = -1;
            if (!_mapsById.TryGetValue(id, out var map))
            {
                return Errno.ENOENT;
            }

            descriptor = Open(map, DescriptorAccess.Both);
            return Errno.None;
        }
    }

    /// <summary>The map behind a descriptor, for its definition, id and sizes; null where it is no map's.</summary>
    public Map? MapOf(int descriptor)
    {
        lock (_gate)
        {
            return Find<MapObject>(descriptor)?.Map;
        }
    }

    /// <summary>
    /// BPF_MAP_LOOKUP_ELEM. <paramref name="value"/> has <see cref="Map.UserSize"/> bytes. In all commands on elements an empty key or
    /// value is a null pointer: EFAULT.
    /// </summary>
    public Errno MapLookup(int descriptor, ReadOnlySpan<byte> key, Span<byte> value, ulong flags = 0)
    {
        lock (_gate)
        {
            if (Behaviour.LookupFlagsBeforeDescriptor && (flags & ~LockFlag) != 0)
            {
                return Errno.EINVAL;
            }

            var errno = Access(descriptor, DescriptorAccess.Read, out var map);
            if (errno == Errno.None)
            {
                errno = CheckLookupFlags(map!.Map, flags);
            }

            return errno != Errno.None ? errno
                : key.IsEmpty ? Errno.EFAULT
                : LookupInto(map!.Map, key, value, flags);
        }
    }

    // The value is looked up before it is copied out.
    private static Errno LookupInto(Map map, ReadOnlySpan<byte> key, Span<byte> value, ulong flags)
    {
        var errno = map.Lookup(key, value.IsEmpty ? new byte[map.UserSize(flags)] : value, flags);
        return errno == Errno.None && value.IsEmpty ? Errno.EFAULT : errno;
    }

    /// <summary>BPF_MAP_UPDATE_ELEM. For a prog_array the value is a program's descriptor (4 bytes, little-endian).</summary>
    public Errno MapUpdate(int descriptor, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags = 0)
    {
        lock (_gate)
        {
            var errno = Access(descriptor, DescriptorAccess.Write, out var map);
            if (errno != Errno.None)
            {
                return errno;
            }

            if ((flags & LockFlag) != 0 && map!.Map.Definition.SpinLockOffset is null)
            {
                return Errno.EINVAL;
            }

            if (key.IsEmpty || value.IsEmpty)
            {
                return Errno.EFAULT;
            }

            return map!.Map is ProgArrayMap
                ? ProgArrayUpdate(map, key, BinaryPrimitives.ReadInt32LittleEndian(value), flags)
                : map.Map.Update(key, value, flags);
        }
    }

    /// <summary>BPF_MAP_DELETE_ELEM.</summary>
    public Errno MapDelete(int descriptor, ReadOnlySpan<byte> key)
    {
        lock (_gate)
        {
            var errno = Access(descriptor, DescriptorAccess.Write, out var map);
            if (errno != Errno.None)
            {
                return errno;
            }

            return key.IsEmpty ? Errno.EFAULT
                : map!.Map is ProgArrayMap ? ProgArrayDelete(map, key)
                : map.Map.Delete(key);
        }
    }

    /// <summary>BPF_MAP_LOOKUP_AND_DELETE_ELEM: only hash maps have it, others fail with ENOTSUPP (524).</summary>
    public Errno MapLookupAndDelete(int descriptor, ReadOnlySpan<byte> key, Span<byte> value, ulong flags = 0)
    {
        lock (_gate)
        {
            if (!Behaviour.LookupAndDelete || (flags & ~LockFlag) != 0)
            {
                return Errno.EINVAL;
            }

            var errno = Access(descriptor, DescriptorAccess.Both, out var map);
            if (errno != Errno.None)
            {
                return errno;
            }

            if (flags != 0 && map!.Map.Definition.SpinLockOffset is null)
            {
                return Errno.EINVAL;
            }

            if (key.IsEmpty)
            {
                return Errno.EFAULT;
            }

            if (map!.Map.Definition.Type != MapType.Hash || !Behaviour.HashLookupAndDelete)
            {
                return Errno.ENOTSUPP;
            }

            errno = LookupInto(map.Map, key, value, flags);
            return errno == Errno.None ? map.Map.Delete(key) : errno;
        }
    }

    /// <summary>The batch commands of bpf(2), none of which storage maps have: ENOTSUPP (524), after the descriptor's permissions.</summary>
    /// <returns>EINVAL for maps of other types, which have them and are not offered here.</returns>
    public Errno MapBatch(int descriptor, bool reads, bool writes)
    {
        lock (_gate)
        {
            if (!Behaviour.MapBatch)
            {
                return Errno.EINVAL;
            }

            var wanted = (reads, writes) switch
            {
                (true, true) => DescriptorAccess.Both,
                (true, false) => DescriptorAccess.Read,
                _ => DescriptorAccess.Write,
            };
            var errno = Access(descriptor, wanted, out var map);
            return errno != Errno.None ? errno
                : map!.Map is CgroupStorageMap ? Errno.ENOTSUPP
                : Errno.EINVAL;
        }
    }

    /// <summary>BPF_MAP_GET_NEXT_KEY; an empty key asks for the first.</summary>
    public Errno MapGetNextKey(int descriptor, ReadOnlySpan<byte> key, Span<byte> next)
    {
        lock (_gate)
        {
            var errno = Access(descriptor, DescriptorAccess.Read, out var map);
            if (errno != Errno.None)
            {
                return errno;
            }

            errno = map!.Map.GetNextKey(key, next.IsEmpty ? new byte[map.Map.Definition.KeySize] : next);
            return errno == Errno.None && next.IsEmpty ? Errno.EFAULT : errno;
        }
    }

    /// <summary>BPF_MAP_FREEZE: user space writes no more, programs go on. ENOTSUPP (524) where the value has a spin lock.</summary>
    public Errno MapFreeze(int descriptor)
    {
        lock (_gate)
        {
            if (!Behaviour.MapFreeze)
            {
                return Errno.EINVAL;
            }

            if (Find<MapObject>(descriptor) is { Map.Definition.SpinLockOffset: not null })
            {
                return Errno.ENOTSUPP;
            }

            var errno = Access(descriptor, DescriptorAccess.Write, out var map);
            if (errno == Errno.None)
            {
                map!.IsFrozen = true;
            }

            return errno;
        }
    }

    // A frozen map has lost its write permission, whatever the descriptor (B19).
    private Errno Access(int descriptor, DescriptorAccess wanted, out MapObject? map)
    {
        var open = _descriptors.Find(descriptor);
        map = open.Target as MapObject;
        if (map is null)
        {
            return Errno.EBADF;
        }

        var granted = map.IsFrozen ? open.Access & ~DescriptorAccess.Write : open.Access;
        return (granted & wanted) == wanted ? Errno.None : Errno.EPERM;
    }

    private Errno CheckLookupFlags(Map map, ulong flags)
    {
        var known = LockFlag | (Behaviour.PerCpuElementFlags ? CpuFlags : 0);
        if (((uint)flags & ~known) != 0)
        {
            return Errno.EINVAL;
        }

        return (flags & LockFlag) != 0 && map.Definition.SpinLockOffset is null ? Errno.EINVAL : Errno.None;
    }

    private Errno ProgArrayUpdate(MapObject map, ReadOnlySpan<byte> key, int programDescriptor, ulong flags)
    {
        if (_descriptors.Find(programDescriptor).Target is not { } target)
        {
            return Errno.EBADF;
        }

        if (target is not LoadedProgram program)
        {
            return Errno.EINVAL;
        }

        var index = BinaryPrimitives.ReadInt32LittleEndian(key);
        var errno = ((ProgArrayMap)map.Map).Set(
            (uint)index,
            program.Code,
            program.Id,
            flags,
            Behaviour.TailCallsKeepAttachType
        );
        if (errno != Errno.None)
        {
            return errno;
        }

        Hold(program);
        map.Programs.Remove(index, out var old);
        map.Programs.Add(index, program);
        if (old is not null)
        {
            Release(old);
        }

        return Errno.None;
    }

    private Errno ProgArrayDelete(MapObject map, ReadOnlySpan<byte> key)
    {
        var errno = map.Map.Delete(key);
        if (errno == Errno.None && map.Programs.Remove(BinaryPrimitives.ReadInt32LittleEndian(key), out var old))
        {
            Release(old);
        }

        return errno;
    }

    private void EmptyProgArray(MapObject map)
    {
        foreach (var index in map.Programs.Keys.ToList())
        {
            _ = ProgArrayDelete(map, BitConverter.GetBytes(index));
        }
    }

    private int Open(MapObject map, DescriptorAccess access)
    {
        map.References++;
        map.Descriptors++;
        return _descriptors.Open(map, access);
    }

    // A run that began before may still hold the map; it is freed when no event is under way.
    private void Retire(Map map)
    {
        _retiredMaps.Add(map);
        Volatile.Write(ref _hasRetiredMaps, true);
        // Against the same pair in EndEvent, the other way round: one of the two sees the other.
        Interlocked.MemoryBarrier();
        FreeRetiredMaps();
    }

    private void FreeRetiredMaps()
    {
        if (Volatile.Read(ref _eventsUnderWay) != 0)
        {
            return;
        }

        foreach (var map in _retiredMaps)
        {
            _environment.Maps.Remove(map.Id);
            map.Free();
        }

        _retiredMaps.Clear();
        Volatile.Write(ref _hasRetiredMaps, false);
    }
}
