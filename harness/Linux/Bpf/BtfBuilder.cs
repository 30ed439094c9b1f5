using System.Buffers.Binary;
using System.Text;

namespace Conformance.Linux.Bpf;

/// <summary>Writes BPF Type Format: types get their ids in the order they are added, from 1.</summary>
internal sealed class BtfBuilder
{
    private const int HeaderSize = 24;
    private const uint KindInt = 1;
    private const uint KindArray = 3;
    private const uint KindStruct = 4;
    private const uint KindUnion = 5;
    private const uint KindEnum = 6;
    private const uint KindTypedef = 8;
    private const uint KindFunction = 12;
    private const uint KindFunctionPrototype = 13;
    private const uint KindEnum64 = 19;
    private readonly MemoryStream _strings = new();
    private readonly List<uint> _words = [];
    private uint _count;

    public BtfBuilder() => Name("");

    public uint Integer(string name, uint bytes, bool isSigned = false)
    {
        const uint Signed = 1;
        _words.AddRange([Name(name), KindInt << 24, bytes, (isSigned ? Signed << 24 : 0) | bytes * 8]);
        return ++_count;
    }

    /// <summary>An enumeration with one value.</summary>
    public uint Enumeration(string name, uint bytes)
    {
        _words.AddRange([Name(name), (bytes == 8 ? KindEnum64 : KindEnum) << 24 | 1, bytes, Name("one"), 1]);
        if (bytes == 8)
        {
            _words.Add(0);
        }

        return ++_count;
    }

    public uint Typedef(string name, uint type)
    {
        _words.AddRange([Name(name), KindTypedef << 24, type]);
        return ++_count;
    }

    public uint Array(uint element, uint index, uint count)
    {
        _words.AddRange([0, KindArray << 24, 0, element, index, count]);
        return ++_count;
    }

    public uint Struct(string name, uint bytes, params (string Name, uint Type, uint Offset)[] members) =>
        Compound(KindStruct, name, bytes, members);

    public uint Union(string name, uint bytes, params (string Name, uint Type, uint Offset)[] members) =>
        Compound(KindUnion, name, bytes, members);

    private uint Compound(uint kind, string name, uint bytes, (string Name, uint Type, uint Offset)[] members)
    {
        _words.AddRange([Name(name), kind << 24 | (uint)members.Length, bytes]);
        foreach (var member in members)
        {
            _words.AddRange([Name(member.Name), member.Type, member.Offset * 8]);
        }

        return ++_count;
    }

    /// <summary>A prototype with parameters of one type.</summary>
    public uint Prototype(uint returns, uint parameter = 0, int parameters = 0)
    {
        _words.AddRange([0, KindFunctionPrototype << 24 | (uint)parameters, returns]);
        for (var index = 0; index < parameters; index++)
        {
            _words.AddRange([Name($"p{index}"), parameter]);
        }

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
