using System.Buffers.Binary;
using System.Text;

namespace Conformance.Linux.Bpf;

/// <summary>
/// The smallest BTF that tells the kernel where a value's <c>bpf_spin_lock</c> lies: an integer for the lock word, the lock, the
/// value, and the key as the storage maps demand it.
/// </summary>
internal static class SpinLockTypes
{
    private const uint KindInt = 1;
    private const uint KindStruct = 4;

    public static byte[] Build(int keySize, int valueSize, int lockOffset, out uint keyType, out uint valueType)
    {
        var strings = new MemoryStream();
        uint Name(string text)
        {
            var at = (uint)strings.Position;
            strings.Write(Encoding.ASCII.GetBytes(text + "\0"));
            return at;
        }

        Name("");
        var types = new List<uint>();
        var count = 0u;
        uint Integer(string name, uint bytes)
        {
            types.AddRange([Name(name), KindInt << 24, bytes, bytes * 8]);
            return ++count;
        }

        uint Struct(string name, uint bytes, params (string Name, uint Type, uint Offset)[] members)
        {
            types.AddRange([Name(name), KindStruct << 24 | (uint)members.Length, bytes]);
            foreach (var member in members)
            {
                types.AddRange([Name(member.Name), member.Type, member.Offset * 8]);
            }

            return ++count;
        }

        var u32 = Integer("unsigned int", 4);
        var u64 = Integer("unsigned long", 8);
        keyType = keySize switch
        {
            8 => u64,
            16 => Struct("key", 16, ("cgroup_inode_id", u64, 0), ("attach_type", u32, 8)),
            _ => u32,
        };
        var spinLock = Struct("bpf_spin_lock", 4, ("val", u32, 0));
        valueType = Struct("value", (uint)valueSize, ("lock", spinLock, (uint)lockOffset));

        const int HeaderSize = 24;
        var typeBytes = types.Count * 4;
        var blob = new byte[HeaderSize + typeBytes + (int)strings.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(blob, 0xeb9f);
        blob[2] = 1;
        void Put(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(offset), value);
        Put(4, HeaderSize);
        Put(12, (uint)typeBytes);
        Put(16, (uint)typeBytes);
        Put(20, (uint)strings.Length);
        for (var i = 0; i < types.Count; i++)
        {
            Put(HeaderSize + i * 4, types[i]);
        }

        strings.ToArray().CopyTo(blob, HeaderSize + typeBytes);
        return blob;
    }
}
