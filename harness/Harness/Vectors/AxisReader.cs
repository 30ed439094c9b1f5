using Conformance.Harness.Json;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Vectors;

/// <summary>Reads <c>for_each</c>.</summary>
internal static class AxisReader
{
    private const string AttachTypeAxis = "attach_type";
    private const string ProgramTypeAxis = "program_type";
    private const string StorageKindAxis = "storage_kind";
    private const string KeySizeAxis = "key_size";

    private static readonly AttachType[] AllAttachTypes = Enum.GetValues<AttachType>();

    // One attach type of each program type, in the order of the program types' numbers.
    internal static readonly AttachType[] Representatives =
    [
        AttachType.CgroupInetEgress,
        AttachType.CgroupInetSockCreate,
        AttachType.CgroupSockOps,
        AttachType.CgroupDevice,
        AttachType.CgroupInet4Connect,
        AttachType.CgroupSysctl,
        AttachType.CgroupSetsockopt,
    ];

    private static readonly string[] Reserved =
    [
        AttachTypeAxis,
        ProgramTypeAxis,
        "other_attach_type",
        "other_program_type",
        StorageKindAxis,
        "storage_map",
        KeySizeAxis,
    ];

    public static IReadOnlyList<Axis> Read(LocatedNode forEach, ErrorSink errors)
    {
        var members = forEach.Members(errors);
        if (forEach.Member(AttachTypeAxis) is not null && forEach.Member(ProgramTypeAxis) is { } both)
            errors.Add(both, "program_type and attach_type cannot both be axes: an attach type names its program type");
        return [.. members.Select(member => Read(member.Name, member.Value, errors))];
    }

    private static Axis Read(string name, LocatedNode node, ErrorSink errors)
    {
        var values = name switch
        {
            AttachTypeAxis => AttachTypes(node, errors),
            ProgramTypeAxis => Items(node, errors).Select(item => ProgramTypeValue(item, errors)),
            StorageKindAxis => StorageKinds(node, errors),
            KeySizeAxis => KeySizes(node, errors),
            _ => Custom(name, node, errors),
        };
        var distinct = new List<AxisValue>();
        foreach (var value in values)
        {
            if (distinct.Exists(other => other.Label == value.Label))
                errors.Add(node, $"the axis {name} has the label \"{value.Label}\" twice");
            distinct.Add(value);
        }

        return new Axis(name, distinct);
    }

    private static IReadOnlyList<LocatedNode> Items(LocatedNode node, ErrorSink errors)
    {
        var items = node.Items(errors);
        if (node.Kind == NodeKind.Array && items.Count == 0)
            errors.Add(node, "an axis without values makes no cases");
        return items;
    }

    private static IEnumerable<AxisValue> AttachTypes(LocatedNode node, ErrorSink errors)
    {
        if (node.Kind != NodeKind.String)
            return Items(node, errors).Select(item => AttachTypeValue(item, errors));
        switch (node.Text)
        {
            case "all":
                return AllAttachTypes.Select(type => AttachTypeValue(type, node));
            case "representative":
                return Representatives.Select(type => AttachTypeValue(type, node));
            default:
                errors.Add(node, $"expected \"all\", \"representative\" or a list, found \"{node.Text}\"");
                return [];
        }
    }

    private static AxisValue AttachTypeValue(LocatedNode item, ErrorSink errors)
    {
        if (item.String(errors) is not { } text)
            return new AxisValue("", []);
        if (Names.TryParse(text, out AttachType type))
            return AttachTypeValue(type, item);
        errors.Add(item, $"unknown attach type \"{text}\"");
        return new AxisValue(text, []);
    }

    private static AxisValue AttachTypeValue(AttachType type, LocatedNode at)
    {
        var other = type == AttachType.CgroupDevice ? AttachType.CgroupSysctl : AttachType.CgroupDevice;
        return new AxisValue(
            Names.Of(type),
            [
                Define(AttachTypeAxis, Names.Of(type), at),
                Define(ProgramTypeAxis, ProgramTypeOf(type), at),
                Define("other_attach_type", Names.Of(other), at),
                Define("other_program_type", ProgramTypeOf(other), at),
            ]
        );
    }

    private static string ProgramTypeOf(AttachType type) => Names.Of(ProgramTypes.Of(type)!.Value);

    private static AxisValue ProgramTypeValue(LocatedNode item, ErrorSink errors)
    {
        if (item.String(errors) is not { } text)
            return new AxisValue("", []);
        if (!CaseNames.TryProgramType(text, out _))
            errors.Add(item, $"unknown program type \"{text}\"");
        return new AxisValue(text, [Define(ProgramTypeAxis, text, item)]);
    }

    private static IEnumerable<AxisValue> StorageKinds(LocatedNode node, ErrorSink errors)
    {
        var kinds =
            IsAll(node, errors) ? [node with { Text = "shared" }, node with { Text = "percpu" }]
            : node.Kind == NodeKind.String ? []
            : Items(node, errors);
        foreach (var kind in kinds)
        {
            if (kind.String(errors) is not { } text)
                continue;
            if (text is not ("shared" or "percpu"))
                errors.Add(kind, $"unknown storage kind \"{text}\": expected shared or percpu");
            var map = text == "shared" ? "cgroup_storage" : "percpu_cgroup_storage";
            yield return new AxisValue(text, [Define(StorageKindAxis, text, kind), Define("storage_map", map, kind)]);
        }
    }

    private static IEnumerable<AxisValue> KeySizes(LocatedNode node, ErrorSink errors)
    {
        var sizes =
            IsAll(node, errors) ? [Number(node, "8"), Number(node, "16")]
            : node.Kind == NodeKind.String ? []
            : Items(node, errors);
        foreach (var size in sizes)
        {
            var bytes = size.Int(0, int.MaxValue, errors);
            yield return new AxisValue($"key{bytes}", [new(KeySizeAxis, size)]);
        }
    }

    private static IEnumerable<AxisValue> Custom(string name, LocatedNode node, ErrorSink errors)
    {
        if (!CaseNames.IsWord(name))
            errors.Add(node, $"the name of an axis is of lower-case letters, digits and _: \"{name}\" is not");
        if (Reserved.Contains(name))
            errors.Add(node, $"\"{name}\" is defined by another axis and cannot be one");
        foreach (var item in Items(node, errors))
        {
            string label;
            switch (item.Kind)
            {
                case NodeKind.Object:
                    label = item.Member("name") is { } given ? given.NonEmptyString(errors) ?? "" : "";
                    if (item.Member("name") is null)
                        errors.Add(item, "\"name\" is missing");
                    break;
                case NodeKind.String or NodeKind.Number or NodeKind.Boolean:
                    label = $"{name}-{item.Text}";
                    break;
                default:
                    errors.Add(item, $"expected a scalar or an object, found {LocatedNode.Describe(item.Kind)}");
                    continue;
            }

            if (label.Length > 0 && !label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '+'))
                errors.Add(
                    item,
                    $"the label \"{label}\" has something else than letters, digits, - + and _: name the value"
                );
            yield return new AxisValue(label, [new(name, item)]);
        }
    }

    private static bool IsAll(LocatedNode node, ErrorSink errors)
    {
        if (node.Kind != NodeKind.String)
            return false;
        if (node.Text == "all")
            return true;
        errors.Add(node, $"expected \"all\" or a list, found \"{node.Text}\"");
        return false;
    }

    private static LocatedNode Number(LocatedNode at, string text) => at with { Kind = NodeKind.Number, Text = text };

    private static KeyValuePair<string, LocatedNode> Define(string name, string text, LocatedNode at) =>
        new(name, at with { Kind = NodeKind.String, Text = text, HasDollar = false });
}
