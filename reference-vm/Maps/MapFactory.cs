using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Maps;

/// <summary>BPF_MAP_CREATE: which maps there can be, and the errno for all others. The order of the checks is part of the behaviour.</summary>
public static class MapFactory
{
    // Entries are host memory. Linux, too, answers ENOMEM where a table is more than it has memory for.
    private const int LargestProgArray = 1 << 23;

    private const int Page = 4096;

    /// <summary>Makes a map.</summary>
    /// <param name="definition">What is asked for.</param>
    /// <param name="arena">Where its values shall lie.</param>
    /// <param name="limits">Value sizes and CPUs.</param>
    /// <param name="behaviour">The kernel version modelled.</param>
    /// <param name="id">The map's id: 1 to 2^24 - 1, not in use.</param>
    /// <param name="map">The map where the result is success.</param>
    public static Errno Create(
        MapDefinition definition,
        Arena arena,
        Limits limits,
        Behaviour behaviour,
        int id,
        out Map? map
    )
    {
        map = null;
        if (definition.SpinLockOffset is null && definition.ValueType is { } value)
        {
            definition = definition with { SpinLockOffset = MapTypeInformation.SpinLockOffset(value) };
        }

        var error =
            definition.ExclusiveProgramHash is null || behaviour.ExclusiveMaps
                ? CheckGeneric(definition)
                : Errno.EINVAL;
        if (error == Errno.None)
        {
            error = CheckType(definition, limits, behaviour);
        }

        if (error == Errno.None)
        {
            error = CheckNameAndLock(definition, behaviour);
        }

        if (error == Errno.None && definition.ExclusiveProgramHash is { Length: not MapDefinition.ProgramHashSize })
        {
            error = Errno.EINVAL;
        }

        if (error != Errno.None)
        {
            return error;
        }

        map = definition.Type switch
        {
            MapType.Hash => new HashMap(definition, arena, id),
            MapType.Array => ArrayMap.Create(definition, arena, id),
            MapType.PercpuArray => PerCpuArrayMap.Create(definition, arena, id, limits.PossibleCpus, behaviour),
            MapType.ProgArray when definition.MaxEntries > LargestProgArray => null,
            MapType.ProgArray => new ProgArrayMap(definition, arena, id),
            _ => new CgroupStorageMap(definition, arena, id, limits.PossibleCpus, behaviour),
        };
        return map is null ? Errno.ENOMEM : Errno.None;
    }

    // Before the type is even looked at.
    private static Errno CheckGeneric(MapDefinition definition) =>
        CreateFlags.HasBoth(definition.Flags, CreateFlags.ReadOnly, CreateFlags.WriteOnly)
        || definition.KeySize < 0
        || definition.ValueSize < 0
        || definition.MaxEntries < 0
        || definition.Extra != 0
        // One node, which is online.
        || (definition.Flags & CreateFlags.NumaNode) != 0 && definition.NumaNode != 0
        || definition.KeyType is not null && definition.ValueType is null
            ? Errno.EINVAL
            : Errno.None;

    private static Errno CheckType(MapDefinition definition, Limits limits, Behaviour behaviour)
    {
        const uint programAccess = CreateFlags.ReadOnlyProgram | CreateFlags.WriteOnlyProgram;
        if (!behaviour.ProgramAccessFlags && (definition.Flags & programAccess) != 0)
        {
            return Errno.EINVAL;
        }

        var error = definition.Type switch
        {
            MapType.CgroupStorage or MapType.PercpuCgroupStorage when !definition.MayCreate => Errno.EPERM,
            MapType.CgroupStorage => CheckStorage(definition, limits.SharedValueSize, behaviour),
            MapType.PercpuCgroupStorage when behaviour.PerCpuStorageMaps => CheckStorage(
                definition,
                Math.Min(limits.SharedValueSize, limits.PerCpuValueSize),
                behaviour
            ),
            MapType.Array => CheckArray(definition, int.MaxValue),
            MapType.PercpuArray => CheckArray(definition, limits.PerCpuValueSize),
            MapType.ProgArray => CheckProgArray(definition),
            MapType.Hash => CheckHash(definition),
            _ => Errno.EINVAL,
        };

        // Storage maps are looked at when they are allocated, the others before the caller's right to have them.
        return error == Errno.None && !definition.MayCreate ? Errno.EPERM : error;
    }

    // Key size, empty value, too large a value, flags, capacity: in this order.
    private static Errno CheckStorage(MapDefinition definition, int maxValueSize, Behaviour behaviour)
    {
        const uint known = CreateFlags.NumaNode | CreateFlags.Access;
        var isKey =
            definition.KeySize == CgroupStorageMap.IsolatedKeySize
            || definition.KeySize == CgroupStorageMap.SharedKeySize && behaviour.KeysWithoutAttachType;
        if (!isKey)
        {
            return Errno.EINVAL;
        }

        if (definition.ValueSize == 0)
        {
            return Errno.EINVAL;
        }

        var most = behaviour.StorageValuesBeyondAPage ? maxValueSize : Math.Min(maxValueSize, Page);
        if (definition.ValueSize > most)
        {
            return Errno.E2BIG;
        }

        return (definition.Flags & ~known) != 0 || ExcludesPrograms(definition) || definition.MaxEntries != 0
            ? Errno.EINVAL
            : Errno.None;
    }

    private static Errno CheckArray(MapDefinition definition, int maxValueSize)
    {
        const uint known = CreateFlags.NumaNode | CreateFlags.Access;
        if (
            definition.MaxEntries == 0
            || definition.KeySize != sizeof(uint)
            || definition.ValueSize == 0
            || (definition.Flags & ~known) != 0
            || ExcludesPrograms(definition)
        )
        {
            return Errno.EINVAL;
        }

        return definition.ValueSize > maxValueSize ? Errno.E2BIG : Errno.None;
    }

    private static Errno CheckProgArray(MapDefinition definition)
    {
        const uint readOrWriteProgram = CreateFlags.ReadOnlyProgram | CreateFlags.WriteOnlyProgram;
        return definition.ValueSize != sizeof(uint) || (definition.Flags & readOrWriteProgram) != 0
            ? Errno.EINVAL
            : CheckArray(definition, sizeof(uint));
    }

    private static Errno CheckHash(MapDefinition definition)
    {
        const uint known =
            CreateFlags.NoPreallocation | CreateFlags.NumaNode | CreateFlags.Access | CreateFlags.ZeroSeed;

        // KMALLOC_MAX_SIZE (4 MiB) less the 48 bytes of an element's header.
        const int maxElementSize = (4 << 20) - 48;
        if (
            (definition.Flags & ~known) != 0
            || ExcludesPrograms(definition)
            || definition.MaxEntries == 0
            || definition.KeySize == 0
            || definition.ValueSize == 0
        )
        {
            return Errno.EINVAL;
        }

        return (long)definition.KeySize + definition.ValueSize >= maxElementSize ? Errno.E2BIG : Errno.None;
    }

    // Read-only and write-only for programs at once would leave programs nothing.
    private static bool ExcludesPrograms(MapDefinition definition) =>
        CreateFlags.HasBoth(definition.Flags, CreateFlags.ReadOnlyProgram, CreateFlags.WriteOnlyProgram);

    // On Linux the name, then BTF, which is what describes a lock.
    private static Errno CheckNameAndLock(MapDefinition definition, Behaviour behaviour)
    {
        if (!definition.Name.All(static character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.'))
        {
            return Errno.EINVAL;
        }

        var hasTypes = definition.KeyType is not null || definition.ValueType is not null;
        if (hasTypes && definition.StorageKind is not null && !behaviour.TypedStorageMaps)
        {
            return Errno.ENOTSUPP;
        }

        var information = MapTypeInformation.Check(definition);
        if (information == Errno.EOPNOTSUPP && !behaviour.RefusesFieldsWithEopnotsupp)
        {
            return Errno.ENOTSUPP;
        }

        if (information != Errno.None || definition.SpinLockOffset is not { } offset)
        {
            return information;
        }

        if (!behaviour.SpinLocks)
        {
            return Errno.ENOTSUPP;
        }

        if (offset < 0 || offset > definition.ValueSize - LockWord.Size)
        {
            return Errno.EINVAL;
        }

        if (offset % LockWord.Size != 0)
        {
            return behaviour.RefusesMisalignedLocksWithEfault ? Errno.EFAULT : Errno.EINVAL;
        }

        if ((definition.Flags & (CreateFlags.ReadOnlyProgram | CreateFlags.WriteOnlyProgram)) != 0)
        {
            return Errno.EACCES;
        }

        return definition.Type is MapType.CgroupStorage or MapType.Array or MapType.Hash ? Errno.None
            : behaviour.RefusesFieldsWithEopnotsupp ? Errno.EOPNOTSUPP
            : Errno.ENOTSUPP;
    }
}
