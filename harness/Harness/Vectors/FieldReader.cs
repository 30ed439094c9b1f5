using System.Buffers.Binary;
using Conformance.Harness.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Vectors;

/// <summary>A field of a value as the vector writes it: place, width, and the node of its content.</summary>
internal readonly record struct ValueField(
    int Offset,
    int Cpu,
    int Position,
    int Width,
    LocatedNode Content,
    bool IsBytes
);

/// <summary>Reads the fields of values: those to write, and the places of those to compare.</summary>
internal static class FieldReader
{
    private static readonly (string Name, int Width)[] Integers = [("u8", 1), ("u16", 2), ("u32", 4), ("u64", 8)];

    /// <summary>The buffer of an update: every byte that no field names is zero.</summary>
    public static byte[] Buffer(LocatedNode node, MapCreate? map, CaseScope scope)
    {
        if (node.Kind == NodeKind.Object)
        {
            var fields = Fields.Of(node, scope.Errors)!;
            var bytes = fields.Required("hex")?.Hex(scope.Errors) ?? [];
            fields.Done();
            return bytes;
        }

        var written = node.Items(scope.Errors).Select(item => Read(item, map, scope)).OfType<ValueField>().ToArray();
        if (map is null)
            return [];
        var areas = map.IsPerCpu() ? written.Select(field => field.Cpu + 1).Append(1).Max() : 1;
        var buffer = new byte[map.AreaSize() * areas];
        foreach (var field in written)
            Write(field, buffer, scope.Errors);
        return buffer;
    }

    /// <summary>One field; null, with an error, where it has no place in the map's value.</summary>
    public static ValueField? Read(LocatedNode node, MapCreate? map, CaseScope scope)
    {
        var errors = scope.Errors;
        if (Fields.Of(node, errors) is not { } fields)
            return null;
        var offset = fields.Required("offset")?.Int(0, int.MaxValue, errors) ?? 0;
        var cpu = fields.OptionalInt("cpu", 0, short.MaxValue, 0);
        var (content, width) = Content(fields);
        var isBytes = fields.Has("hex");
        fields.Done();
        if (content is null || map is null)
            return null;
        var area = map.AreaSize();
        if (offset > area - width)
        {
            errors.Add(node, $"the field ends at byte {(long)offset + width}, the value of \"{map.Map}\" at {area}");
            return null;
        }

        if (!map.IsPerCpu())
            return new ValueField(offset, 0, offset, width, content, isBytes);
        scope.NeedCpu(cpu);
        return new ValueField(offset, cpu, offset + cpu * area, width, content, isBytes);
    }

    private static (LocatedNode? Content, int Width) Content(Fields fields)
    {
        (LocatedNode? Node, int Width) found = default;
        var count = 0;
        foreach (var (name, width) in Integers)
        {
            if (fields.Optional(name) is not { } integer)
                continue;
            found = (integer, width);
            count++;
        }

        if (fields.Optional("hex") is { } hex)
        {
            found = (hex, hex.Hex(fields.Errors).Length);
            count++;
        }

        if (count == 1)
            return found;
        fields.Errors.Add(fields.Node, "a field has exactly one of u8, u16, u32, u64 and hex");
        return (null, 0);
    }

    private static void Write(ValueField field, byte[] buffer, ErrorSink errors)
    {
        var place = buffer.AsSpan(field.Position, field.Width);
        if (field.IsBytes)
        {
            field.Content.Hex(errors).CopyTo(place);
            return;
        }

        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, field.Content.Number(field.Width * 8, errors));
        number[..field.Width].CopyTo(place);
    }
}
