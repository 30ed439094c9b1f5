namespace Conformance.Harness.Json;

internal enum NodeKind
{
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}

/// <summary>A JSON value that knows where it stands.</summary>
/// <param name="Kind">Its type.</param>
/// <param name="Pointer">JSON pointer in its file.</param>
/// <param name="Line">Line in its file, from 1.</param>
internal sealed record LocatedNode(NodeKind Kind, string Pointer, int Line)
{
    /// <summary>The string; of a number or boolean, how it is written.</summary>
    public string Text { get; init; } = "";

    /// <summary>The members of an object, in order.</summary>
    public IReadOnlyList<LocatedMember> Members { get; init; } = [];

    /// <summary>The items of an array.</summary>
    public IReadOnlyList<LocatedNode> Items { get; init; } = [];

    /// <summary>Whether a string in it has a dollar sign: without one there is nothing to substitute.</summary>
    public bool HasDollar { get; init; }

    /// <summary>The member of this name, or null.</summary>
    public LocatedNode? Member(string name)
    {
        foreach (var member in Members)
        {
            if (member.Name == name)
                return member.Value;
        }

        return null;
    }

    /// <summary>For messages: <c>a string</c>.</summary>
    public static string Describe(NodeKind kind) =>
        kind switch
        {
            NodeKind.Object => "an object",
            NodeKind.Array => "a list",
            NodeKind.String => "a string",
            NodeKind.Number => "a number",
            NodeKind.Boolean => "a boolean",
            _ => "null",
        };
}

internal readonly record struct LocatedMember(string Name, LocatedNode Value);
