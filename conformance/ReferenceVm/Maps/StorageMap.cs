using System.Buffers.Binary;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using Conformance.Tests.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Maps;

/// <summary>A storage map with user space's side of it in short form.</summary>
internal sealed class StorageMap : IDisposable
{
    public StorageMap(StorageKind kind, int keySize = 16, int valueSize = 8, int? spinLockOffset = null)
    {
        var type = kind == StorageKind.Shared ? MapType.CgroupStorage : MapType.PercpuCgroupStorage;
        Map = Guest.Map<CgroupStorageMap>(
            "storage",
            new MapDefinition(type, keySize, valueSize, 0) { SpinLockOffset = spinLockOffset }
        );
    }

    // Measured on this kernel; what later ones do differently has tests of its own.
    public Guest Guest { get; } = new(behaviour: Behaviour.V6_18_44);

    public CgroupStorageMap Map { get; }

    public static byte[] Key(ulong cgroup, AttachType type = AttachType.CgroupInetIngress, uint padding = 0)
    {
        var key = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(key, cgroup);
        BinaryPrimitives.WriteUInt32LittleEndian(key.AsSpan(8), (uint)type);
        BinaryPrimitives.WriteUInt32LittleEndian(key.AsSpan(12), padding);
        return key;
    }

    public byte[] Read(byte[] key, ulong flags = 0)
    {
        var value = new byte[Map.UserValueSize];
        Map.Lookup(key, value, flags).Should().Be(Errno.None);
        return value;
    }

    public Errno Lookup(byte[] key, ulong flags = 0) => Map.Lookup(key, new byte[Map.UserValueSize], flags);

    public Errno Write(byte[] key, byte fill, ulong flags = 0)
    {
        var value = new byte[Map.UserValueSize];
        value.AsSpan().Fill(fill);
        return Map.Update(key, value, flags);
    }

    /// <summary>All keys in the order of iteration.</summary>
    public List<byte[]> Keys()
    {
        var keys = new List<byte[]>();
        var next = new byte[16];
        for (var key = Array.Empty<byte>(); Map.GetNextKey(key, next) == Errno.None; key = keys[^1])
        {
            keys.Add([.. next]);
        }

        return keys;
    }

    public byte[] Guts(Storage storage, int cpu = 0) =>
        Guest.Arena.Bytes(storage.AddressOn(cpu), Map.Definition.ValueSize).ToArray();

    public void Dispose() => Guest.Dispose();
}
