using System.Buffers.Binary;

namespace Tiny;

/// <summary>Objects of memory, 4 GiB apart, so that an address says which one it is in. All live until the machine is reset.</summary>
internal sealed class Memory
{
    private const int Apart = 32;

    private readonly List<byte[]> _objects = [];

    /// <summary>The address of a new object of zeros.</summary>
    public ulong Add(int size)
    {
        _objects.Add(new byte[size]);
        return (ulong)_objects.Count << Apart;
    }

    /// <summary>Bytes of an object; empty where there are not so many.</summary>
    public Span<byte> At(ulong address, int size)
    {
        var index = (address >> Apart) - 1;
        var offset = (uint)address;
        return index < (ulong)_objects.Count && offset + (long)size <= _objects[(int)index].Length
            ? _objects[(int)index].AsSpan((int)offset, size)
            : default;
    }

    public static ulong Load(ReadOnlySpan<byte> at)
    {
        Span<byte> whole = stackalloc byte[sizeof(ulong)];
        whole.Clear();
        at.CopyTo(whole);
        return BinaryPrimitives.ReadUInt64LittleEndian(whole);
    }

    public static void Store(Span<byte> at, ulong value)
    {
        for (var index = 0; index < at.Length; index++, value >>= 8)
            at[index] = (byte)value;
    }
}
