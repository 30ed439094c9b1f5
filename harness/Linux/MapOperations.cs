using Conformance.Harness.Machines;
using Conformance.Linux.Bpf;
using Conformance.Linux.Calls;
using Conformance.Linux.Cgroups;
using Conformance.Linux.Host;
using Conformance.ReferenceVm;

namespace Conformance.Linux;

/// <summary>The operations on maps.</summary>
internal sealed class MapOperations(KernelObjects objects, int cpus)
{
    // BPF_F_CPU and BPF_F_ALL_CPUS: the buffer is one value.
    private const ulong OneValue = 8 | 16;

    private int _created;

    public Answer Create(MapCreate op)
    {
        if (op.Without.Contains(Capability.Bpf) && UnprivilegedBpf.IsAllowed)
        {
            return Answers.Unsupported("kernel.unprivileged_bpf_disabled is 0: maps are for everybody");
        }

        var types = LoadTypes(op, out var refused);
        var inner = op.InnerMap is null ? 0 : objects.Map(op.InnerMap).Descriptor;
        var map = Create(op, inner, types);
        if (map >= 0 && refused != Errno.None)
        {
            _ = Libc.Close(map);
            return Answer.Fail(refused);
        }

        if (map < 0)
        {
            return Answers.Of(map);
        }

        var created = new KernelMap(Interlocked.Increment(ref _created), map, op.Type, op.KeySize, op.ValueSize);
        objects.Maps[op.Map] = created;
        if (created.IsStorage)
        {
            objects.MapIds[op.Map] = (BpfCall.MapId(map), created);
        }

        return Answer.Ok;
    }

    private static int Create(MapCreate op, int inner, MapTypes types)
    {
        using var rights = Capabilities.Without(op.Without);
        return BpfCall.MapCreate(op, inner, types);
    }

    // Sizes that no map has may be sizes that no type has either. The kernel looks at a map's sizes before its types: created
    // without types, such a map fails as it would have failed with them.
    private MapTypes LoadTypes(MapCreate op, out Errno refused)
    {
        refused = Errno.None;
        var (key, value) = (0u, 0u);
        byte[] information;
        if (op.SpinLockOffset is { } offset)
        {
            information = SpinLockTypes.Build(op.KeySize, op.ValueSize, offset, out key, out value);
        }
        else if (op.KeyType is not null || op.ValueType is not null)
        {
            information = TypeInformation.Build(op.KeyType, op.ValueType, out key, out value);
        }
        else
        {
            return default;
        }

        var btf = BpfCall.BtfLoad(information);
        if (btf < 0)
        {
            refused = (Errno)(-btf);
            return default;
        }

        objects.Keep(btf);
        return new MapTypes(btf, key, value);
    }

    public Answer Reopen(MapReopen op)
    {
        var (id, map) = objects.MapIds.TryGetValue(op.Of, out var known)
            ? known
            : throw new UnknownNameException("map", op.Of);
        // A descriptor that the name still stands for would keep the map alive while this step is repeated.
        if (objects.Maps.TryRemove(op.Map, out var before))
        {
            _ = Libc.Close(before.Descriptor);
        }

        var descriptor = BpfCall.MapGetFdById(id);
        if (descriptor < 0)
        {
            return Answers.Of(descriptor);
        }

        objects.Maps[op.Map] = map with { Descriptor = descriptor };
        return Answer.Ok;
    }

    public Answer Batch(MapBatch op)
    {
        var map = objects.Map(op.Map);
        if (!map.IsStorage)
        {
            return Answers.Unsupported("batch commands are offered for storage maps only");
        }

        var command = op.Command switch
        {
            MapBatchCommand.Lookup => BpfCommand.MapLookupBatch,
            MapBatchCommand.LookupAndDelete => BpfCommand.MapLookupAndDeleteBatch,
            MapBatchCommand.Update => BpfCommand.MapUpdateBatch,
            _ => BpfCommand.MapDeleteBatch,
        };
        return Answers.Of(
            BpfCall.Batch(command, map.Descriptor, new byte[map.KeySize], new byte[map.UserValueSize(cpus)])
        );
    }

    public unsafe Answer File(MapFile op)
    {
        var map = objects.Map(op.Map);
        if (!map.IsStorage)
        {
            return Answers.Unsupported("file operations are offered for storage maps only");
        }

        var buffer = stackalloc byte[8];
        switch (op.Call)
        {
            case MapFileCall.Read:
                return Answers.Of(Libc.ErrnoOf(Libc.Read(map.Descriptor, buffer, 8)));
            case MapFileCall.Write:
                return Answers.Of(Libc.ErrnoOf(Libc.Write(map.Descriptor, buffer, 8)));
            case MapFileCall.OpenPinned:
                return OpenPinned(map.Descriptor);
            default:
                var page = Libc.Mmap(
                    0,
                    (nuint)Environment.SystemPageSize,
                    Libc.PROT_READ,
                    Libc.MAP_SHARED,
                    map.Descriptor,
                    0
                );
                if (page == -1)
                {
                    return Answers.Of(Libc.LastErrno);
                }

                _ = Libc.Munmap(page, (nuint)Environment.SystemPageSize);
                return Answer.Ok;
        }
    }

    // In a file system of its own, which goes with its descriptor, and the pin with it.
    private static Answer OpenPinned(int descriptor)
    {
        var top = PrivateMount.Open("bpf");
        if (top < 0)
        {
            return Answers.Unsupported($"no BPF file system can be mounted here: {HostErrno.Name((Errno)(-top))}");
        }

        using var directory = new Descriptor(top);
        var path = $"/proc/self/fd/{top}/map";
        var pinned = BpfCall.Pin(descriptor, path);
        if (pinned < 0)
        {
            return Answers.Unsupported($"the map cannot be pinned: {HostErrno.Name((Errno)(-pinned))}");
        }

        using var file = new Descriptor(Libc.Open(path, Libc.O_RDONLY | Libc.O_CLOEXEC));
        return file.IsOpen ? Answer.Ok : Answers.Of(Libc.LastErrno);
    }

    public Answer NullPointer(MapNullPointer op)
    {
        var map = objects.Map(op.Map);
        var key = op.Null == MapPointer.Key || op.Key is null ? [] : objects.KeyBytes(map, op.Key);
        var pointsToValue = op.Null != MapPointer.Value && op.Command != MapElementCommand.DeleteElem;
        var value = pointsToValue ? new byte[map.UserValueSize(cpus)] : [];
        var command = op.Command switch
        {
            MapElementCommand.LookupElem => BpfCommand.MapLookupElem,
            MapElementCommand.LookupAndDeleteElem => BpfCommand.MapLookupAndDeleteElem,
            MapElementCommand.UpdateElem => BpfCommand.MapUpdateElem,
            MapElementCommand.DeleteElem => BpfCommand.MapDeleteElem,
            _ => BpfCommand.MapGetNextKey,
        };
        return Answers.Of(BpfCall.Element(command, map.Descriptor, key, value, flags: 0));
    }

    public Answer Lookup(string name, MapKey key, ulong flags, BpfCommand command)
    {
        var map = objects.Map(name);
        var value = new byte[map.UserValueSize(cpus)];
        var result = BpfCall.Element(command, map.Descriptor, objects.KeyBytes(map, key), value, flags);
        var isOneCpu = (flags & OneValue) != 0;
        return result < 0 ? Answers.Of(result) : Answer.Ok with { Value = isOneCpu ? value[..map.ValueSize] : value };
    }

    public Answer Update(MapUpdateElem op)
    {
        var map = objects.Map(op.Map);
        if (StorageMapGuard.RefusesUpdate(map) is { } unsafeHere)
        {
            return unsafeHere;
        }

        var value = op.Value;
        if (value.Length < map.UserValueSize(cpus))
        {
            // A kernel that does not know the flags of one CPU reads the areas of all.
            Array.Resize(ref value, map.UserValueSize(cpus));
        }

        return Answers.Of(
            BpfCall.Element(BpfCommand.MapUpdateElem, map.Descriptor, objects.KeyBytes(map, op.Key), value, op.Flags)
        );
    }

    public Answer Update(ProgArrayUpdate op) =>
        Answers.Of(
            BpfCall.Element(
                BpfCommand.MapUpdateElem,
                objects.Map(op.Map).Descriptor,
                BitConverter.GetBytes(op.Index),
                BitConverter.GetBytes(objects.Program(op.Program)),
                0
            )
        );

    public Answer Delete(MapDeleteElem op)
    {
        var map = objects.Map(op.Map);
        return Answers.Of(
            BpfCall.Element(BpfCommand.MapDeleteElem, map.Descriptor, objects.KeyBytes(map, op.Key), [], 0)
        );
    }

    public Answer NextKey(MapGetNextKey op)
    {
        var map = objects.Map(op.Map);
        var next = new byte[map.KeySize];
        var key = op.Key is null ? [] : objects.KeyBytes(map, op.Key);
        var result = BpfCall.Element(BpfCommand.MapGetNextKey, map.Descriptor, key, next, 0);
        return result < 0 ? Answers.Of(result) : Answer.Ok with { Key = objects.Symbolic(map, next) };
    }

    public Answer Freeze(MapFreeze op) => Answers.Of(BpfCall.MapFreeze(objects.Map(op.Map).Descriptor));

    public Answer Close(MapClose op) =>
        Answers.Of(KernelObjects.Close(objects.Maps, "map", op.Map, map => map.Descriptor));

    public Answer Await(Await op)
    {
        var map = objects.Map(op.Map);
        var value = new byte[map.UserValueSize(cpus)];
        var key = objects.KeyBytes(map, op.Key);
        var patience = new Patience();
        while (!patience.IsAtEnd)
        {
            var result = BpfCall.Element(BpfCommand.MapLookupElem, map.Descriptor, key, value, 0);
            if (result < 0)
            {
                return Answers.Of(result);
            }

            if (BitConverter.ToUInt64(value, op.Offset) >= op.AtLeast)
            {
                return Answer.Ok;
            }

            Thread.Yield();
        }

        return Answers.Broken($"{op.Map} did not reach {op.AtLeast} within {Patience.Length.TotalSeconds} s");
    }
}
