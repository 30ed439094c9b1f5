using System.Collections.Immutable;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Harness.Model;

/// <summary>What user space can do with a map. It never makes or deletes a storage.</summary>
internal static class MapRules
{
    // The sizes of the kernel's element header and per-CPU unit: x86-64, 4 KiB pages.
    private const int LargestSharedValue = 65407;
    private const int LargestPerCpuValue = 32768;

    public static (ModelState, Prediction) Create(ModelState state, MapCreate create)
    {
        if (create.Type is not (MapType.CgroupStorage or MapType.PercpuCgroupStorage))
        {
            return (state, Prediction.Open);
        }

        var map = new ModelMap(create);
        var error = CreationError(create, map.Kind);
        return error == Errno.None ? state.With(map).Succeed() : state.Fail(error);
    }

    public static (ModelState, Prediction) Close(ModelState state, MapClose close) =>
        Opened(state, close.Map) is { } map
            ? References.Release(state.With(map with { Open = false })).Succeed()
            : state.Fail(Errno.EBADF);

    public static (ModelState, Prediction) Freeze(ModelState state, MapFreeze freeze) =>
        Opened(state, freeze.Map) switch
        {
            null => state.Fail(Errno.EBADF),
            { Definition.SpinLockOffset: not null } => state.Fail(Errno.ENOTSUPP),
            var map when !Writable(map) => state.Fail(Errno.EPERM),
            // Only user space is frozen out: programs go on writing.
            var map => state.With(map with { Frozen = true }).Succeed(),
        };

    public static Prediction Lookup(ModelState state, MapLookupElem lookup)
    {
        if (Opened(state, lookup.Map) is not { } map)
        {
            return Prediction.Fail(Errno.EBADF);
        }

        if (!Readable(map))
        {
            // Up to 6.18 unknown flags are refused first, with EINVAL.
            return (lookup.Flags & ~MapFlags.Lock) == 0 ? Prediction.Fail(Errno.EPERM) : Prediction.Open;
        }

        if (FlagsAreOpen(map, lookup.Flags) || IdOf(state, map, lookup.Key) is not { } id)
        {
            return Prediction.Open;
        }

        if (!KnownFlags(map, lookup.Flags, MapFlags.Lock))
        {
            return Prediction.Fail(Errno.EINVAL);
        }

        return state.Storage(id) is { } storage
            ? Prediction.Ok with
            {
                Areas = storage.Areas,
            }
            : Prediction.Fail(Errno.ENOENT) with
            {
                Eventually = !state.Cgroups[id.Cgroup].Alive,
            };
    }

    public static (ModelState, Prediction) Update(ModelState state, MapUpdateElem update)
    {
        if (Opened(state, update.Map) is not { } map)
        {
            return state.Fail(Errno.EBADF);
        }

        if (!Writable(map))
        {
            return state.Fail(Errno.EPERM);
        }

        if (FlagsAreOpen(map, update.Flags) || IdOf(state, map, update.Key) is not { } id)
        {
            return (state, Prediction.Open);
        }

        // The flags are judged before the key: NOEXIST is an error whether or not there is such a storage.
        if (!KnownFlags(map, update.Flags, MapFlags.Exist | MapFlags.Lock))
        {
            return state.Fail(Errno.EINVAL);
        }

        if (state.Storage(id) is not { } storage)
        {
            var eventually = !state.Cgroups[id.Cgroup].Alive;
            return (state, Prediction.Fail(Errno.ENOENT) with { Eventually = eventually });
        }

        // The shared kind gets a new buffer with the new value, so the address changes; under the lock, and for the per-CPU
        // kind, the value is written in place, on every CPU.
        var inPlace = map.Kind == StorageKind.PerCpu || (update.Flags & MapFlags.Lock) != 0;
        var areas = storage.Areas.Select(area => new Area(
            inPlace ? area.Buffer : state.NextBuffer,
            area.Cpu,
            ValueFor(map, update.Value, area.Cpu)
        ));
        state = state.With(storage with { Areas = [.. areas] });
        return (inPlace ? state : state with { NextBuffer = state.NextBuffer + 1 }).Succeed();
    }

    public static Prediction Delete(ModelState state, MapDeleteElem delete) =>
        Prediction.Fail(
            Opened(state, delete.Map) switch
            {
                null => Errno.EBADF,
                var map when !Writable(map) => Errno.EPERM,
                _ => Errno.EINVAL,
            }
        );

    public static Prediction LookupAndDelete(ModelState state, MapLookupAndDeleteElem take) =>
        Prediction.Fail(
            Opened(state, take.Map) switch
            {
                null => Errno.EBADF,
                var map when !Readable(map) || !Writable(map) => Errno.EPERM,
                var map when !KnownFlags(map, take.Flags, MapFlags.Lock) => Errno.EINVAL,
                _ => Errno.ENOTSUPP,
            }
        );

    public static Prediction GetNextKey(ModelState state, MapGetNextKey next)
    {
        if (Opened(state, next.Map) is not { } map)
        {
            return Prediction.Fail(Errno.EBADF);
        }

        if (!Readable(map))
        {
            return Prediction.Fail(Errno.EPERM);
        }

        // From the newest storage to the oldest; an unknown key does not start over.
        var index = 0;
        if (next.Key is not null)
        {
            if (IdOf(state, map, next.Key) is not { } id)
            {
                return Prediction.Open;
            }

            index = map.Storages.FindIndex(storage => storage.Id == id) + 1;
            index = index == 0 ? map.Storages.Count : index;
        }

        var answer =
            index == map.Storages.Count
                ? Prediction.Fail(Errno.ENOENT)
                : Prediction.Ok with
                {
                    Key = KeyOf(state, map.Storages[index].Id),
                };
        return answer with { Eventually = map.LostStorages };
    }

    /// <summary>The map behind an open descriptor.</summary>
    public static ModelMap? Opened(ModelState state, string name) =>
        state.Maps.GetValueOrDefault(name) is { Open: true } map ? map : null;

    private static Errno CreationError(MapCreate create, StorageKind kind)
    {
        const uint NoAccess = MapFlags.ReadOnly | MapFlags.WriteOnly;
        const uint NoProgramAccess = MapFlags.ReadOnlyForPrograms | MapFlags.WriteOnlyForPrograms;
        var largest = kind == StorageKind.Shared ? LargestSharedValue : LargestPerCpuValue;
        return create switch
        {
            _ when (create.Flags & NoAccess) == NoAccess => Errno.EINVAL,
            { KeySize: not (LocalStorageModel.SharedKeySize or LocalStorageModel.IsolatedKeySize) } => Errno.EINVAL,
            { ValueSize: <= 0 } => Errno.EINVAL,
            _ when create.ValueSize > largest => Errno.E2BIG,
            _ when (create.Flags & ~MapFlags.All) != 0 => Errno.EINVAL,
            _ when (create.Flags & NoProgramAccess) == NoProgramAccess => Errno.EINVAL,
            { MaxEntries: not 0 } => Errno.EINVAL,
            { SpinLockOffset: not null } when (create.Flags & NoProgramAccess) != 0 => Errno.EACCES,
            { SpinLockOffset: not null } when kind == StorageKind.PerCpu => Errno.EOPNOTSUPP,
            _ => Errno.None,
        };
    }

    private static bool Readable(ModelMap map) => (map.Definition.Flags & MapFlags.WriteOnly) == 0;

    private static bool Writable(ModelMap map) => (map.Definition.Flags & MapFlags.ReadOnly) == 0 && !map.Frozen;

    private static bool FlagsAreOpen(ModelMap map, ulong flags) =>
        map.Kind == StorageKind.PerCpu && (flags & MapFlags.ChooseCpu) != 0;

    private static bool KnownFlags(ModelMap map, ulong flags, ulong known) =>
        (flags & ~(map.Definition.SpinLockOffset is null ? known & ~MapFlags.Lock : known)) == 0;

    // Padding makes no difference, nor does an attach type in a map with 8-byte keys.
    private static StorageId? IdOf(ModelState state, ModelMap map, MapKey key)
    {
        if (key is not StorageKey storage || state.Cgroup(storage.Cgroup) is not { } cgroup)
        {
            return null;
        }

        var isolated = map.Definition.KeySize == LocalStorageModel.IsolatedKeySize;
        return isolated && storage.AttachType is null ? null : map.IdFor(cgroup.Id, storage.AttachType);
    }

    private static StorageKey KeyOf(ModelState state, StorageId id) =>
        new(state.Cgroups[id.Cgroup].Name, id.AttachType);

    private static ImmutableArray<byte> ValueFor(ModelMap map, byte[] value, int cpu)
    {
        const int Alignment = 8;
        var size = map.Definition.ValueSize;
        var stride = (size + Alignment - 1) / Alignment * Alignment;
        var bytes = value.AsSpan(cpu * stride, size).ToArray();
        // Nobody's but the lock's: user space can neither set nor see these bytes.
        if (map.Definition.SpinLockOffset is { } offset)
        {
            bytes.AsSpan(offset, sizeof(uint)).Clear();
        }

        return [.. bytes];
    }
}
