namespace Conformance.Linux.Bpf;

/// <summary>
/// The smallest BTF that tells the kernel where a value's <c>bpf_spin_lock</c> lies: the lock, the value, and the key as the
/// storage maps demand it.
/// </summary>
internal static class SpinLockTypes
{
    public static byte[] Build(int keySize, int valueSize, int lockOffset, out uint keyType, out uint valueType)
    {
        var btf = new BtfBuilder();
        var u32 = btf.Integer("unsigned int", 4);
        var u64 = btf.Integer("unsigned long", 8);
        keyType = keySize switch
        {
            8 => u64,
            16 => btf.Struct("key", 16, ("cgroup_inode_id", u64, 0), ("attach_type", u32, 8)),
            _ => u32,
        };
        var spinLock = btf.Struct("bpf_spin_lock", 4, ("val", u32, 0));
        valueType = btf.Struct("value", (uint)valueSize, ("lock", spinLock, (uint)lockOffset));
        return btf.Build();
    }
}
