namespace Conformance.Harness.Json;

/// <summary>
/// Reads the members of one object. What is missing, of the wrong type or unknown is reported, and a stand-in returned, so that
/// reading goes on and finds the other errors too.
/// </summary>
internal sealed class Fields
{
    private readonly LocatedNode _node;
    private readonly bool[] _known;

    private Fields(LocatedNode node, ErrorSink errors)
    {
        _node = node;
        _known = new bool[node.Members.Count];
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
        for (var i = 0; i < _known.Length; i++)
        {
            if (_node.Members[i].Name != name)
                continue;
            _known[i] = true;
            return _node.Members[i].Value;
        }

        return null;
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
        for (var i = 0; i < _known.Length; i++)
        {
            var (name, value) = _node.Members[i];
            if (!_known[i] && !IsRepeated(name, i))
                Errors.Add(value, $"unknown field \"{name}\"");
        }
    }

    // Of a property that is there twice, which is an error of its own, only the first is looked at.
    private bool IsRepeated(string name, int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (_node.Members[i].Name == name)
                return true;
        }

        return false;
    }
}
