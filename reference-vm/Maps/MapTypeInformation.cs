namespace Conformance.ReferenceVm.Maps;

/// <summary>What type information must look like, in the order in which Linux (<c>map_check_btf</c>) looks at it.</summary>
internal static class MapTypeInformation
{
    private const int KeyInteger = 8;
    private const int AttachTypeInteger = 4;

    public static Errno Check(MapDefinition definition)
    {
        var (key, value) = (definition.KeyType, definition.ValueType);
        if (value is null)
        {
            return key is null ? Errno.None : Errno.EINVAL;
        }

        if (key is not null && key.Size != definition.KeySize || value.Size != definition.ValueSize)
        {
            return Errno.EINVAL;
        }

        foreach (var field in SpecialFields(value))
        {
            var error = CheckField(definition, field);
            if (error != Errno.None)
            {
                return error;
            }
        }

        return definition.StorageKind is null
            ? key is null
                ? Errno.EINVAL
                : Errno.None
            : CheckStorageKey(definition, key);
    }

    /// <summary>Byte offset of the value's spin lock, or null.</summary>
    public static int? SpinLockOffset(TypeDescription? value) =>
        value?.Resolved is StructType { IsUnion: false } structure
            ? structure
                .Members.Where(member => member.Type.Resolved is SpecialType { Kind: SpecialField.SpinLock })
                .Select(member => (int?)member.Offset)
                .FirstOrDefault()
            : null;

    private static IEnumerable<SpecialField> SpecialFields(TypeDescription value) =>
        value.Resolved is StructType structure
            ? structure
                .Members.Select(member => member.Type.Resolved)
                .OfType<SpecialType>()
                .Select(special => special.Kind)
            : [];

    private static Errno CheckField(MapDefinition definition, SpecialField field)
    {
        if ((definition.Flags & (CreateFlags.ReadOnlyProgram | CreateFlags.WriteOnlyProgram)) != 0)
        {
            return Errno.EACCES;
        }

        var isLock = field is SpecialField.SpinLock or SpecialField.ResilientSpinLock;
        return definition.Type is MapType.Array or MapType.Hash || isLock && definition.Type == MapType.CgroupStorage
            ? Errno.None
            : Errno.EOPNOTSUPP;
    }

    // A 16-byte key is a structure of a 64-bit and a 32-bit integer; an 8-byte key a 64-bit integer.
    private static Errno CheckStorageKey(MapDefinition definition, TypeDescription? key)
    {
        var isRight =
            definition.KeySize == CgroupStorageMap.SharedKeySize
                ? key?.Resolved is IntegerType { Bytes: KeyInteger }
                : key?.Resolved
                    is StructType
                    {
                        IsUnion: false,
                        Members: [{ Offset: 0 } cgroup, { Offset: CgroupStorageMap.SharedKeySize } attachType]
                    }
                    && cgroup.Type.Resolved is IntegerType { Bytes: KeyInteger }
                    && attachType.Type.Resolved is IntegerType { Bytes: AttachTypeInteger };
        return isRight ? Errno.None : Errno.EINVAL;
    }
}
