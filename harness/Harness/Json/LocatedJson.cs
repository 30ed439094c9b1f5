using System.Text.Json;

namespace Conformance.Harness.Json;

/// <summary>Reads strict JSON into a tree whose nodes know their line and JSON pointer.</summary>
internal ref struct LocatedJson
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    private readonly ReadOnlySpan<byte> _text;
    private readonly ErrorSink _errors;
    private Utf8JsonReader _reader;
    private string _pointer;
    private int _line;
    private int _counted;

    private LocatedJson(ReadOnlySpan<byte> text, ErrorSink errors)
    {
        _text = text;
        _errors = errors;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions());
        _pointer = "";
        _line = 1;
    }

    /// <summary>The tree; null, with an error, where the text is not JSON.</summary>
    public static LocatedNode? Parse(ReadOnlySpan<byte> text, ErrorSink errors)
    {
        if (text.StartsWith(ByteOrderMark))
            text = text[ByteOrderMark.Length..];
        if (text.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            errors.Add("", line: null, "the file is empty");
            return null;
        }

        return new LocatedJson(text, errors).Whole();
    }

    private LocatedNode? Whole()
    {
        try
        {
            _reader.Read();
            var root = Value("");
            _reader.Read(); // Throws where anything follows the value.
            return root;
        }
        catch (JsonException broken)
        {
            _errors.Add(_pointer, (int)(broken.LineNumber ?? 0) + 1, $"not valid JSON: {WithoutPlace(broken.Message)}");
        }
        catch (InvalidOperationException broken)
        {
            // The reader's answer to text that is not Unicode.
            _errors.Add(_pointer, CurrentLine(), $"not valid JSON: {broken.Message}");
        }

        return null;
    }

    private LocatedNode Value(string pointer)
    {
        _pointer = pointer;
        var line = CurrentLine();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Object(pointer, line);
            case JsonTokenType.StartArray:
                return Array(pointer, line);
            case JsonTokenType.String:
                var text = _reader.GetString()!;
                return new LocatedNode(NodeKind.String, pointer, line) { Text = text, HasDollar = text.Contains('$') };
            case JsonTokenType.Number:
                return new LocatedNode(NodeKind.Number, pointer, line)
                {
                    Text = System.Text.Encoding.ASCII.GetString(_reader.ValueSpan),
                };
            case JsonTokenType.True or JsonTokenType.False:
                return new LocatedNode(NodeKind.Boolean, pointer, line)
                {
                    Text = _reader.TokenType == JsonTokenType.True ? "true" : "false",
                };
            default:
                return new LocatedNode(NodeKind.Null, pointer, line);
        }
    }

    private LocatedNode Object(string pointer, int line)
    {
        var members = new List<LocatedMember>();
        var dollar = false;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var name = _reader.GetString()!;
            var at = $"{pointer}/{Escape(name)}";
            if (members.Exists(member => member.Name == name))
                _errors.Add(at, CurrentLine(), $"the property \"{name}\" is there twice");
            _reader.Read();
            var value = Value(at);
            members.Add(new LocatedMember(name, value));
            dollar |= value.HasDollar;
        }

        return new LocatedNode(NodeKind.Object, pointer, line) { Members = members, HasDollar = dollar };
    }

    private LocatedNode Array(string pointer, int line)
    {
        var items = new List<LocatedNode>();
        var dollar = false;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            var item = Value($"{pointer}/{items.Count}");
            items.Add(item);
            dollar |= item.HasDollar;
        }

        return new LocatedNode(NodeKind.Array, pointer, line) { Items = items, HasDollar = dollar };
    }

    private int CurrentLine()
    {
        var to = (int)_reader.TokenStartIndex;
        _line += _text[_counted..to].Count((byte)'\n');
        _counted = to;
        return _line;
    }

    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    // The reader ends its messages with the place, which the error carries already.
    private static string WithoutPlace(string message)
    {
        var place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return place < 0 ? message : message[..place];
    }
}
