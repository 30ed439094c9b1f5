using System.Buffers.Binary;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Mutants.Seams;

/// <summary>The content of a storage, as user space writes it.</summary>
internal static class Content
{
    public const byte Dirt = 0xa5;

    /// <summary>Writes what <paramref name="content"/> leaves in a buffer of zeroes; nothing where memory has run out.</summary>
    public static Storage? Fill(Storage? storage, Action<byte[]> content)
    {
        if (storage is not null)
        {
            var value = new byte[storage.Map.UserValueSize];
            content(value);
            storage.Map.Update(Key(storage), value, flags: 0);
        }

        return storage;
    }

    public static void Copy(Storage from, Storage? to) =>
        Fill(to, value => from.Map.Lookup(Key(from), value, flags: 0));

    private static byte[] Key(Storage storage)
    {
        var key = new byte[CgroupStorageMap.IsolatedKeySize];
        BinaryPrimitives.WriteUInt64LittleEndian(key, storage.CgroupId);
        BinaryPrimitives.WriteUInt32LittleEndian(key.AsSpan(sizeof(ulong)), (uint)storage.AttachType);
        return key[..storage.Map.Definition.KeySize];
    }
}
