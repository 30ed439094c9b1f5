using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Conformance.Harness.Machines;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Wire;

/// <summary>Values as the protocol spells them: bytes as hex digits, 64-bit numbers as hex strings, types and errors by name or as numbers.</summary>
internal static class WireValues
{
    private const int HexOf64Bits = 16;
    private const int OnStack = 512;

    public static void WriteHex(this Utf8JsonWriter json, ReadOnlySpan<byte> member, ReadOnlySpan<byte> bytes)
    {
        var length = bytes.Length * 2;
        byte[]? rented = null;
        var text = length <= OnStack ? stackalloc byte[OnStack] : rented = ArrayPool<byte>.Shared.Rent(length);
        Convert.TryToHexStringLower(bytes, text, out var written);
        json.WriteString(member, text[..written]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    public static void WriteNumber64(this Utf8JsonWriter json, ReadOnlySpan<byte> member, ulong value)
    {
        Span<byte> text = stackalloc byte[2 + HexOf64Bits];
        "0x"u8.CopyTo(text);
        value.TryFormat(text[2..], out var digits, "x", CultureInfo.InvariantCulture);
        json.WriteString(member, text[..(2 + digits)]);
    }

    public static void WriteType(this Utf8JsonWriter json, ReadOnlySpan<byte> member, AttachType type)
    {
        var name = Names.Of(type);
        if (Names.TryParse(name, out AttachType _))
            json.WriteString(member, name);
        else
            json.WriteNumber(member, (int)type);
    }

    public static void WriteType(this Utf8JsonWriter json, ReadOnlySpan<byte> member, ProgramType type)
    {
        var name = Names.Of(type);
        if (type != ReferenceVm.Programs.ProgramType.Unspecified && Names.TryParse(name, out ProgramType _))
            json.WriteString(member, name);
        else
            json.WriteNumber(member, (int)type);
    }

    public static void WriteType(this Utf8JsonWriter json, ReadOnlySpan<byte> member, MapType type)
    {
        var name = MapTypeNames.Of(type);
        if (MapTypeNames.TryParse(name, out _))
            json.WriteString(member, name);
        else
            json.WriteNumber(member, (int)type);
    }

    public static void WriteErrno(this Utf8JsonWriter json, Errno errno)
    {
        if (Enum.IsDefined(errno))
            json.WriteString("errno"u8, errno.ToString());
        else
            json.WriteNumber("errno"u8, (int)errno);
    }

    public static string Text(this ref Utf8JsonReader reader, string member) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw Expected(member, "a string", reader);

    public static bool Flag(this ref Utf8JsonReader reader, string member) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False
            ? reader.GetBoolean()
            : throw Expected(member, "true or false", reader);

    public static int Int(this ref Utf8JsonReader reader, string member, int min = int.MinValue) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) && number >= min
            ? number
            : throw Expected(member, min == 0 ? "an integer from 0 to 2147483647" : "a 32-bit integer", reader);

    public static uint Unsigned(this ref Utf8JsonReader reader, string member) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetUInt32(out var number)
            ? number
            : throw Expected(member, "an integer from 0 to 4294967295", reader);

    public static long Seq(this ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number)
            ? number
            : throw Expected("seq", "an integer", reader);

    public static ulong Number64(this ref Utf8JsonReader reader, string member)
    {
        if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped)
        {
            var text = reader.ValueSpan;
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            Span<byte> digits = stackalloc byte[HexOf64Bits];
            if (text.StartsWith("0x"u8) && text.Length is > 2 and <= 2 + HexOf64Bits)
            {
                digits.Fill((byte)'0');
                text[2..].CopyTo(digits[(HexOf64Bits - text.Length + 2)..]);
                if (Convert.FromHexString(digits, bytes, out _, out _) == OperationStatus.Done)
                    return BinaryPrimitives.ReadUInt64BigEndian(bytes);
            }
        }

        throw Expected(member, "a 64-bit number as a string of 0x and 1 to 16 hex digits", reader);
    }

    public static byte[] Bytes(this ref Utf8JsonReader reader, string member)
    {
        if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && reader.ValueSpan.Length % 2 == 0)
        {
            var bytes = new byte[reader.ValueSpan.Length / 2];
            if (Convert.FromHexString(reader.ValueSpan, bytes, out _, out _) == OperationStatus.Done)
                return bytes;
        }

        throw Expected(member, "bytes as a string of pairs of hex digits", reader);
    }

    public static AttachType AttachType(this ref Utf8JsonReader reader, string member)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return (AttachType)reader.Int(member, 0);
        return Names.TryParse(reader.Text(member), out AttachType type)
            ? type
            : throw Expected(member, "an attach type", reader);
    }

    public static ProgramType ProgramType(this ref Utf8JsonReader reader, string member)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return (ProgramType)reader.Int(member, 0);
        return Names.TryParse(reader.Text(member), out ProgramType type)
            ? type
            : throw Expected(member, "a program type", reader);
    }

    public static MapType MapType(this ref Utf8JsonReader reader, string member)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return (MapType)reader.Int(member, 0);
        return MapTypeNames.TryParse(reader.Text(member), out var type)
            ? type
            : throw Expected(member, "a map type", reader);
    }

    public static Errno Errno(this ref Utf8JsonReader reader, string member)
    {
        const int LargestErrno = 4095;
        if (reader.TokenType == JsonTokenType.Number && reader.Int(member, 1) is <= LargestErrno and var number)
            return (Errno)number;
        return reader.TokenType == JsonTokenType.String && CaseNames.TryErrno(reader.GetString()!, out var errno)
            ? errno
            : throw Expected(member, "the name of an error that PROTOCOL.md lists, or its number", reader);
    }

    /// <summary>One of an enumeration's members, in snake case.</summary>
    public static T Word<T>(this ref Utf8JsonReader reader, string member)
        where T : struct, Enum =>
        Words<T>.Find(reader.Text(member), out var value)
            ? value
            : throw Expected(member, $"one of {Words<T>.All}", reader);

    public static List<string> TextList(this ref Utf8JsonReader reader, string member)
    {
        var list = new List<string>();
        reader.ExpectArray(member);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            list.Add(reader.Text(member));
        return list;
    }

    public static void ExpectArray(this ref Utf8JsonReader reader, string member)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Expected(member, "a list", reader);
    }

    public static void ExpectObject(this ref Utf8JsonReader reader, string member)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Expected(member, "an object", reader);
    }

    /// <summary>
    /// Goes to the value of the next member that is not null. What is longer than the buffer is no member of the protocol, and its name is
    /// taken for empty.
    /// </summary>
    /// <returns>Characters of its name in the buffer; -1 at the object's end.</returns>
    public static int NextMember(this ref Utf8JsonReader reader, scoped Span<char> buffer)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var length = reader.ValueSpan.Length > buffer.Length ? 0 : reader.CopyString(buffer);
            reader.Read();
            if (reader.TokenType != JsonTokenType.Null)
                return length;
        }

        return -1;
    }

    private static WireFormatException Expected(string member, string what, in Utf8JsonReader reader)
    {
        const int Shown = 40;
        var found = reader.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "a list",
            _ => ShownText.Of(reader.ValueSpan, Shown),
        };
        return new WireFormatException($"\"{member}\": expected {what}, found {found}");
    }

    /// <summary>An enumeration's members in snake case.</summary>
    internal static class Words<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<T, string> Spelling = Enum.GetValues<T>()
            .ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        private static readonly Dictionary<string, T> ByName = Spelling.ToDictionary(
            pair => pair.Value,
            pair => pair.Key,
            StringComparer.Ordinal
        );

        public static string All => string.Join(", ", ByName.Keys);

        public static string Of(T value) => Spelling[value];

        public static bool Find(string name, out T value) => ByName.TryGetValue(name, out value);
    }
}

/// <summary>Bytes of a line that cannot be trusted, for a message.</summary>
internal static class ShownText
{
    /// <summary>The first characters, in quotes, control characters replaced.</summary>
    public static string Of(ReadOnlySpan<byte> line, int longest)
    {
        var text = System.Text.Encoding.UTF8.GetString(line[..Math.Min(line.Length, longest)]);
        var legible = string.Concat(text.Select(c => char.IsControl(c) ? '\ufffd' : c));
        return line.Length > longest ? $"\"{legible}...\" ({line.Length} bytes)" : $"\"{legible}\"";
    }
}
