using Conformance.Harness.Json;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Vectors;

/// <summary>Values that have names: types, errors and flags. Types may be numbers too, so that unknown ones can be asked for.</summary>
internal static class NamedValues
{
    public static AttachType AttachType(this LocatedNode node, ErrorSink errors)
    {
        if (node.Kind == NodeKind.Number)
            return (AttachType)node.Int(0, int.MaxValue, errors);
        if (node.String(errors) is not { } text)
            return default;
        if (!Names.TryParse(text, out AttachType type))
            errors.Add(node, $"unknown attach type \"{text}\"");
        return type;
    }

    public static ProgramType ProgramType(this LocatedNode node, ErrorSink errors)
    {
        if (node.Kind == NodeKind.Number)
            return (ProgramType)node.Int(0, int.MaxValue, errors);
        if (node.String(errors) is not { } text)
            return default;
        if (!CaseNames.TryProgramType(text, out var type))
            errors.Add(node, $"unknown program type \"{text}\"");
        return type;
    }

    public static MapType MapType(this LocatedNode node, ErrorSink errors)
    {
        if (node.Kind == NodeKind.Number)
            return (MapType)node.Int(0, int.MaxValue, errors);
        if (node.String(errors) is not { } text)
            return default;
        if (!MapTypeNames.TryParse(text, out var type))
            errors.Add(node, $"unknown map type \"{text}\"");
        return type;
    }

    public static Errno Errno(this LocatedNode node, ErrorSink errors)
    {
        if (node.String(errors) is not { } text)
            return default;
        if (!CaseNames.TryErrno(text, out var errno))
            errors.Add(node, $"unknown errno \"{text}\"");
        return errno;
    }

    /// <summary>A number, a hex string, or a list of names.</summary>
    public static ulong Flags(
        this LocatedNode node,
        IReadOnlyDictionary<string, ulong> names,
        int bits,
        ErrorSink errors
    )
    {
        if (node.Kind != NodeKind.Array)
            return node.Number(bits, errors);
        ulong flags = 0;
        foreach (var item in node.Items)
        {
            if (item.String(errors) is not { } name)
                continue;
            if (names.TryGetValue(name, out var bit))
                flags |= bit;
            else
                errors.Add(item, $"unknown flag \"{name}\": expected one of {string.Join(", ", names.Keys)}");
        }

        return flags;
    }

    public static uint Flags32(this Fields fields, IReadOnlyDictionary<string, ulong> names) =>
        (uint)(fields.Optional("flags")?.Flags(names, 32, fields.Errors) ?? 0);

    /// <summary>Element flags; the number of a CPU, where one is named, stands in their upper half.</summary>
    public static ulong ElementFlags(this Fields fields)
    {
        const int CpuShift = 32;
        var flags = fields.Optional("flags")?.Flags(CaseNames.ElementFlags, 64, fields.Errors) ?? 0;
        return flags | (ulong)fields.OptionalInt("cpu", 0, short.MaxValue, 0) << CpuShift;
    }

    public static int OptionalInt(this Fields fields, string name, int min, int max, int otherwise) =>
        fields.Optional(name)?.Int(min, max, fields.Errors) ?? otherwise;
}
