using System.Buffers.Binary;
using System.Text;

namespace Conformance.Linux.Bpf;

/// <summary>Writes BPF Type Format: types get their ids in the order they are added, from 1.</summary>
internal sealed class BtfBuilder
{
    private const int HeaderSize = 24;
    private const uint KindInt = 1;
    private const uint KindStruct = 4;
    private const uint KindFunction = 12;
    private const uint KindFunctionPrototype = 13;
    private readonly MemoryStream _strings = new();
    private readonly List<uint> _words = [];
    private uint _count;

    public BtfBuilder() => Name("");

    public uint Integer(string name, uint bytes)
    {
        _words.AddRange([Name(name), KindInt << 24, bytes, bytes * 8]);
        return ++_count;
    }

    public uint Struct(string name, uint bytes, params (string Name, uint Type, uint Offset)[] members)
    {
        _words.AddRange([Name(name), KindStruct << 24 | (uint)members.Length, bytes]);
        foreach (var member in members)
        {
            _words.AddRange([Name(member.Name), member.Type, member.Offset * 8]);
        }

        return ++_count;
    }

    /// <summary>A prototype without parameters.</summary>
    public uint Prototype(uint returns)
    {
        _words.AddRange([0, KindFunctionPrototype << 24, returns]);
        return ++_count;
    }

    /// <summary>A function of static or global linkage.</summary>
    public uint Function(string name, uint prototype, bool isGlobal)
    {
        _words.AddRange([Name(name), KindFunction << 24 | (isGlobal ? 1u : 0u), prototype]);
        return ++_count;
    }

    public byte[] Build()
    {
        var types = _words.Count * sizeof(uint);
        var blob = new byte[HeaderSize + types + (int)_strings.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(blob, 0xeb9f);
        blob[2] = 1;
        void Put(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(offset), value);
        Put(4, HeaderSize);
        Put(12, (uint)types);
        Put(16, (uint)types);
        Put(20, (uint)_strings.Length);
        for (var i = 0; i < _words.Count; i++)
        {
            Put(HeaderSize + i * sizeof(uint), _words[i]);
        }

        _strings.ToArray().CopyTo(blob, HeaderSize + types);
        return blob;
    }

    private uint Name(string text)
    {
        var at = (uint)_strings.Position;
        _strings.Write(Encoding.ASCII.GetBytes(text + "\0"));
        return at;
    }
}
