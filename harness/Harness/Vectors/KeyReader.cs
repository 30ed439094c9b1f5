using System.Buffers.Binary;
using Conformance.Harness.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Vectors;

/// <summary>Reads keys: symbolic ones of storage maps, and bytes.</summary>
internal static class KeyReader
{
    private const int FullKeySize = 16;

    public static MapKey Read(Fields step, string map, CaseScope scope) =>
        step.Required("key") is { } node ? Read(node, map, scope, out _) : new RawKey([]);

    /// <summary>The key; <paramref name="namesPadding"/> tells whether it speaks of its padding.</summary>
    public static MapKey Read(LocatedNode node, string map, CaseScope scope, out bool namesPadding)
    {
        namesPadding = false;
        var errors = scope.Errors;
        if (Fields.Of(node, errors) is not { } fields)
            return new RawKey([]);
        if (!fields.Has("cgroup"))
        {
            var bytes = RawBytes(fields);
            if (scope.FindMap(map) is { } target && bytes.Length > 0 && bytes.Length != target.KeySize)
                errors.Add(node, $"a key of \"{map}\" has {target.KeySize} bytes, this one has {bytes.Length}");
            return new RawKey(bytes);
        }

        namesPadding = fields.Has("padding");
        var key = new StorageKey(scope.Cgroup(fields))
        {
            Padding = (uint)(fields.Optional("padding")?.Number(32, errors) ?? 0),
            AttachType = fields.Optional("attach_type")?.AttachType(errors) ?? scope.AttachType,
        };
        fields.Done();
        if (scope.FindMap(map) is { } definition && !definition.IsStorage())
            errors.Add(node, $"\"{map}\" is no storage map: its keys are u32, u64 or hex");
        if (key.AttachType is null && scope.FindMap(map)?.KeySize == FullKeySize)
            errors.Add(node, "\"attach_type\" is missing, and no axis defines $attach_type");
        return key;
    }

    private static byte[] RawBytes(Fields fields)
    {
        byte[] bytes = [];
        var u32 = fields.Optional("u32");
        var u64 = fields.Optional("u64");
        var hex = fields.Optional("hex");
        if (u32 is not null)
        {
            bytes = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)u32.Number(32, fields.Errors));
        }

        if (u64 is not null)
        {
            bytes = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, u64.Number(64, fields.Errors));
        }

        if (hex is not null)
            bytes = hex.Hex(fields.Errors);
        fields.Done();
        if (new[] { u32, u64, hex }.Count(form => form is not null) != 1)
            fields.Errors.Add(fields.Node, "a key is { \"cgroup\" }, or has exactly one of u32, u64 and hex");
        return bytes;
    }
}
