using Conformance.Harness.Json;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Harness.Vectors;

/// <summary>Reads type information of maps: a word for the types that have one, an object for those that are made of others.</summary>
internal static class TypeReader
{
    private const int LargestSize = 1 << 20;

    /// <summary>The type; null, with an error, where there is none of this name or shape.</summary>
    public static TypeDescription? Read(LocatedNode node, ErrorSink errors)
    {
        if (node.Kind == NodeKind.String)
        {
            if (TypeWords.Find(node.Text) is { } word)
                return word;
            errors.Add(node, $"unknown type \"{node.Text}\": expected one of {TypeWords.All}, or an object");
            return null;
        }

        if (Fields.Of(node, errors) is not { } fields)
            return null;
        TypeDescription? type =
            fields.Optional("typedef") is { } named ? Typedef(named, errors)
            : fields.Optional("array") is { } element ? Array(element, fields)
            : fields.Optional("struct") is { } members ? Structure(members, fields, isUnion: false)
            : fields.Optional("union") is { } variants ? Structure(variants, fields, isUnion: true)
            : null;
        fields.Done();
        if (type is null && !fields.Has("typedef") && !fields.Has("array"))
            errors.Add(node, "a type is a word, or has one of typedef, array, struct and union");
        return type;
    }

    private static TypedefType? Typedef(LocatedNode node, ErrorSink errors) =>
        Read(node, errors) is { } type ? new TypedefType(type) : null;

    private static ArrayType? Array(LocatedNode node, Fields fields)
    {
        var count = fields.Required("count")?.Int(0, LargestSize, fields.Errors) ?? 0;
        return Read(node, fields.Errors) is { } type ? new ArrayType(type, count) : null;
    }

    private static StructType Structure(LocatedNode node, Fields fields, bool isUnion)
    {
        var members = new List<TypeMember>();
        foreach (var item in node.Items(fields.Errors))
        {
            if (Fields.Of(item, fields.Errors) is not { } member)
                continue;
            var offset = member.OptionalInt("offset", 0, LargestSize, 0);
            if (member.Required("type") is { } inner && Read(inner, fields.Errors) is { } type)
                members.Add(new TypeMember(type, offset));
            member.Done();
        }

        var size = fields.Required("size")?.Int(0, LargestSize, fields.Errors) ?? 0;
        return new StructType(members, size, isUnion);
    }
}
