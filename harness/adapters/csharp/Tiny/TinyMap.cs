namespace Tiny;

/// <summary>Values by index, or for storages by cgroup and, with keys of 16 bytes, attach type.</summary>
internal sealed class TinyMap(Memory memory, int type, int keySize, int valueSize)
{
    public const int Array = 2;
    public const int CgroupStorage = 19;
    private const int IsolatedKey = 16;
    private const ulong Exist = 2;

    private readonly Dictionary<(Cgroup? Cgroup, long Index), ulong> _addresses = [];

    public bool IsStorage => type == CgroupStorage;

    /// <summary>Null where there is no such map.</summary>
    public static TinyMap? Create(Memory memory, int type, int keySize, int valueSize, int entries)
    {
        var fits = type == Array ? keySize == 4 && entries > 0 : keySize is 8 or IsolatedKey && entries == 0;
        if (!fits || valueSize <= 0)
            return null;
        var map = new TinyMap(memory, type, keySize, valueSize);
        for (var index = 0; index < entries; index++)
            map._addresses.Add((null, index), memory.Add(valueSize));
        return map;
    }

    /// <summary>0 where there is nothing.</summary>
    public ulong AddressOf(Cgroup? cgroup, long index) => _addresses.GetValueOrDefault(Key(cgroup, index));

    /// <summary>The value's bytes; empty where there is none.</summary>
    public Span<byte> ValueOf(Cgroup? cgroup, long index) => memory.At(AddressOf(cgroup, index), valueSize);

    /// <summary>Writes a value.</summary>
    public int Update(Cgroup? cgroup, long index, byte[] value, ulong flags)
    {
        if (flags is not (0 or Exist))
            return IsStorage || flags > Exist ? Error.Invalid : Error.Exists;
        var at = ValueOf(cgroup, index);
        value.AsSpan(0, at.Length).CopyTo(at);
        return at.IsEmpty ? Error.NoEntry : 0;
    }

    /// <summary>The storage of an attachment, made where it is the first.</summary>
    public ulong Storage(Cgroup cgroup, int attachType)
    {
        if (AddressOf(cgroup, attachType) is var address and not 0)
            return address;
        return _addresses[Key(cgroup, attachType)] = memory.Add(valueSize);
    }

    public void Forget(Cgroup cgroup)
    {
        foreach (var key in _addresses.Keys.Where(key => ReferenceEquals(key.Cgroup, cgroup)).ToList())
            _addresses.Remove(key);
    }

    private (Cgroup?, long) Key(Cgroup? cgroup, long index) =>
        (cgroup, type == CgroupStorage && keySize != IsolatedKey ? 0 : index);
}
