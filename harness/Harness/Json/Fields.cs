namespace Conformance.Harness.Json;

/// <summary>
/// Reads the members of one object. What is missing, of the wrong type or unknown is reported, and a stand-in returned, so that
/// reading goes on and finds the other errors too.
/// </summary>
internal sealed class Fields
{
    private readonly LocatedNode _node;
    private readonly HashSet<string> _known = [];

    private Fields(LocatedNode node, ErrorSink errors)
    {
        _node = node;
        Errors = errors;
    }

    public ErrorSink Errors { get; }

    public LocatedNode Node => _node;

    /// <summary>The members of an object; null, with an error, where the node is none.</summary>
    public static Fields? Of(LocatedNode node, ErrorSink errors) =>
        node.Is(NodeKind.Object, errors) ? new Fields(node, errors) : null;

    public bool Has(string name) => _node.Member(name) is not null;

    public LocatedNode? Optional(string name)
    {
        _known.Add(name);
        return _node.Member(name);
    }

    public LocatedNode? Required(string name)
    {
        var value = Optional(name);
        if (value is null)
            Errors.Add(_node, $"\"{name}\" is missing");
        return value;
    }

    /// <summary>A string that must be there and hold something.</summary>
    public string String(string name) => Required(name)?.NonEmptyString(Errors) ?? "";

    public string? OptionalString(string name) => Optional(name)?.NonEmptyString(Errors);

    public bool Flag(string name) => Optional(name)?.Boolean(Errors) ?? false;

    /// <summary>To be called when all known members have been asked for: reports the others.</summary>
    public void Done()
    {
        foreach (var member in _node.Members)
        {
            if (!_known.Contains(member.Name))
                Errors.Add(member.Value, $"unknown field \"{member.Name}\"");
        }
    }
}
