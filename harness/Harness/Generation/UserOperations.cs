using System.Buffers.Binary;
using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Generation;

/// <summary>Draws what user space does with the storages.</summary>
internal sealed class UserOperations(Draw draw, IReadOnlyList<AttachType> alphabet)
{
    public MapLookupElem? Lookup(ModelState state) =>
        draw.Map(state) is { } map && Key(state, map) is { } key
            ? new MapLookupElem(map.Name, key, draw.Chance(4) ? LookupFlags(map) : 0)
            : null;

    // Whether an unknown flag or the missing permission is reported first is a matter of the kernel's version.
    private ulong LookupFlags(ModelMap map) =>
        (map.Definition.Flags & MapFlags.WriteOnly) != 0 ? MapFlags.Lock : draw.Of(1ul, 2ul, MapFlags.Lock, 1ul << 40);

    public MapUpdateElem? Update(ModelState state)
    {
        if (draw.Map(state) is not { } map || Key(state, map) is not { } key)
        {
            return null;
        }

        var locks = map.Definition.SpinLockOffset is not null;
        var flags = draw.Between(1, 10) switch
        {
            1 => draw.Of(1ul, 3ul, 5ul, 7ul, MapFlags.Lock, 1ul << 40),
            < 4 => MapFlags.Exist,
            < 7 when locks => MapFlags.Lock | draw.Of(0ul, MapFlags.Exist),
            _ => 0ul,
        };
        return new MapUpdateElem(map.Name, key, Value(state, map), flags);
    }

    public MapDeleteElem? Delete(ModelState state) =>
        draw.Map(state) is { } map && Key(state, map) is { } key ? new MapDeleteElem(map.Name, key) : null;

    public MapLookupAndDeleteElem? Take(ModelState state) =>
        draw.Map(state) is { } map && Key(state, map) is { } key
            ? new MapLookupAndDeleteElem(map.Name, key, draw.Chance(20) ? MapFlags.Lock : 0)
            : null;

    public MapGetNextKey? NextKey(ModelState state) =>
        draw.Map(state) is { } map ? new MapGetNextKey(map.Name, draw.Chance(40) ? null : Key(state, map)) : null;

    /// <summary>Everything user space can see: all keys in order, all values.</summary>
    public static IEnumerable<Operation> Survey(ModelState state)
    {
        foreach (var map in state.Maps.Values.Where(map => map.Open).OrderBy(map => map.Name, StringComparer.Ordinal))
        {
            yield return new MapGetNextKey(map.Name);
            foreach (var storage in map.Storages)
            {
                var key = new StorageKey(state.Cgroups[storage.Id.Cgroup].Name, storage.Id.AttachType);
                yield return new MapLookupElem(map.Name, key);
                yield return new MapGetNextKey(map.Name, key);
            }
        }
    }

    private StorageKey? Key(ModelState state, ModelMap map)
    {
        var isolated = map.Definition.KeySize == LocalStorageModel.IsolatedKeySize;
        var padding = isolated && draw.Chance(10) ? (uint)draw.Between(1, int.MaxValue) : 0;
        if (draw.Chance(85) && draw.OneOf(map.Storages) is { } storage)
        {
            return new StorageKey(state.Cgroups[storage.Id.Cgroup].Name, storage.Id.AttachType, padding);
        }

        var name = draw.OneOf(state.CgroupNames.Keys.Order(StringComparer.Ordinal));
        AttachType? type = isolated ? draw.Of(alphabet) : null;
        return name is null ? null : new StorageKey(name, type, padding);
    }

    private byte[] Value(ModelState state, ModelMap map)
    {
        const int Alignment = 8;
        var size = map.Definition.ValueSize;
        var stride = (size + Alignment - 1) / Alignment * Alignment;
        var value = map.Kind == StorageKind.PerCpu ? new byte[stride * state.Cpus] : new byte[size];
        for (var area = 0; area + size <= value.Length; area += stride)
        {
            // A small number where programs count, one byte at the end; padding stays zero.
            if (size >= sizeof(ulong))
            {
                BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(area), (ulong)draw.Between(0, 1000));
            }

            value[area + size - 1] = (byte)draw.Between(0, byte.MaxValue);
        }

        return value;
    }
}
