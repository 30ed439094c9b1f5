using System.Text;
using Conformance.Harness.Json;

namespace Conformance.Harness.Vectors;

/// <summary>
/// What the placeholders of one case stand for, and their substitution: a string that is nothing but a placeholder becomes the
/// value with its JSON type (spliced, where a list stands in a list); inside a longer string the value becomes text; <c>$$</c> is a dollar sign.
/// </summary>
internal sealed class Placeholders
{
    private readonly Dictionary<string, LocatedNode> _values = [];

    public void Define(string name, LocatedNode value) => _values[name] = value;

    public void Define(string name, string text, LocatedNode place) =>
        Define(name, place with { Kind = NodeKind.String, Text = text, HasDollar = false });

    public string? Text(string name) => _values.GetValueOrDefault(name)?.Text;

    /// <summary>The node with every placeholder in it replaced; nodes without any are shared between cases.</summary>
    public LocatedNode Fill(LocatedNode node, ErrorSink errors)
    {
        if (!node.HasDollar)
            return node;
        return node.Kind switch
        {
            NodeKind.String => FillString(node, errors),
            NodeKind.Array => node with { Items = FillItems(node, errors), HasDollar = false },
            _ => node with
            {
                Members = [.. node.Members.Select(member => member with { Value = Fill(member.Value, errors) })],
                HasDollar = false,
            },
        };
    }

    private List<LocatedNode> FillItems(LocatedNode array, ErrorSink errors)
    {
        var items = new List<LocatedNode>(array.Items.Count);
        foreach (var item in array.Items)
        {
            var filled = Fill(item, errors);
            if (item.Kind == NodeKind.String && filled.Kind == NodeKind.Array)
                items.AddRange(filled.Items);
            else
                items.Add(filled);
        }

        return items;
    }

    private LocatedNode FillString(LocatedNode node, ErrorSink errors)
    {
        var text = node.Text;
        if (text[0] == '$' && NameAt(text, 1) is { } whole && whole.Length + 1 == text.Length)
            return Value(whole, node, errors) is { } value ? Relocate(value, node) : node with { HasDollar = false };

        var filled = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$')
            {
                filled.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '$')
            {
                filled.Append('$');
                i++;
            }
            else if (NameAt(text, i + 1) is { } name)
            {
                filled.Append(InsertedText(name, node, errors));
                i += name.Length;
            }
            else
            {
                errors.Add(node, "a dollar sign that begins no placeholder is written $$");
            }
        }

        return node with
        {
            Text = filled.ToString(),
            HasDollar = false,
        };
    }

    private string InsertedText(string name, LocatedNode node, ErrorSink errors)
    {
        if (Value(name, node, errors) is not { } value)
            return "";
        if (value.Kind is NodeKind.Array or NodeKind.Object)
            errors.Add(node, $"${name} is {LocatedNode.Describe(value.Kind)} and cannot stand inside a longer string");
        return value.Text;
    }

    private LocatedNode? Value(string name, LocatedNode node, ErrorSink errors)
    {
        var dot = name.IndexOf('.');
        var value = _values.GetValueOrDefault(dot < 0 ? name : name[..dot]);
        if (dot >= 0)
            value = value?.Member(name[(dot + 1)..]);
        if (value is null)
            errors.Add(node, $"nothing defines the placeholder ${name}");
        return value;
    }

    // Errors in a substituted value are reported where it is used.
    private static LocatedNode Relocate(LocatedNode value, LocatedNode place) =>
        value with
        {
            Pointer = place.Pointer,
            Line = place.Line,
            Items = value.Items.Count == 0 ? value.Items : [.. value.Items.Select(item => Relocate(item, place))],
            Members =
                value.Members.Count == 0
                    ? value.Members
                    : [.. value.Members.Select(member => member with { Value = Relocate(member.Value, place) })],
        };

    // name or name.member, each of lower-case letters, digits and underscores.
    private static string? NameAt(string text, int start)
    {
        var end = WordEnd(text, start);
        if (end == start)
            return null;
        if (end < text.Length && text[end] == '.' && WordEnd(text, end + 1) is var member && member > end + 1)
            end = member;
        return text[start..end];
    }

    private static int WordEnd(string text, int start)
    {
        var end = start;
        while (
            end < text.Length
            && (char.IsAsciiLetterLower(text[end]) || char.IsAsciiDigit(text[end]) || text[end] == '_')
        )
            end++;
        return end;
    }
}
