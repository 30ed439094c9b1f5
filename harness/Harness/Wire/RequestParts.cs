using System.Text.Json;
using Conformance.Harness.Machines;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Wire;

/// <summary>Members of requests that are made of others.</summary>
internal static class RequestParts
{
    private const int LongestName = 32;

    public static TypeNumber Type(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number
            ? new TypeNumber(Word: null, reader.Int("type", 0))
            : new TypeNumber(reader.Text("type"), Number: 0);

    public static MapKey Key(ref Utf8JsonReader reader)
    {
        reader.ExpectObject("key");
        Span<char> buffer = stackalloc char[LongestName];
        var (cgroup, padding) = (default(string), 0u);
        AttachType? type = null;
        byte[]? bytes = null;
        while (reader.NextMember(buffer) is >= 0 and var length)
        {
            ReadOnlySpan<char> name = buffer[..length];
            switch (name)
            {
                case "cgroup":
                    cgroup = reader.Text("key.cgroup");
                    break;
                case "attach_type":
                    type = reader.AttachType("key.attach_type");
                    break;
                case "padding":
                    padding = reader.Unsigned("key.padding");
                    break;
                case "hex":
                    bytes = reader.Bytes("key.hex");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (cgroup, bytes) switch
        {
            (not null, null) => new StorageKey(cgroup, type, padding),
            (null, not null) => new RawKey(bytes),
            _ => throw new WireFormatException("\"key\": a key has either \"cgroup\" or \"hex\""),
        };
    }

    /// <summary>The functions of a program that are global.</summary>
    public static List<GlobalFunction> GlobalFunctions(ref Utf8JsonReader reader)
    {
        reader.ExpectArray("global_functions");
        Span<char> buffer = stackalloc char[LongestName];
        var list = new List<GlobalFunction>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            reader.ExpectObject("global_functions");
            int? instruction = null;
            int? parameters = null;
            while (reader.NextMember(buffer) is >= 0 and var length)
            {
                ReadOnlySpan<char> name = buffer[..length];
                switch (name)
                {
                    case "instruction":
                        instruction = reader.Int("global_functions.instruction", 0);
                        break;
                    case "parameters":
                        parameters = reader.Int("global_functions.parameters", 0);
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }

            list.Add(
                new GlobalFunction(
                    instruction ?? throw new WireFormatException("a global function needs \"instruction\""),
                    parameters ?? throw new WireFormatException("a global function needs \"parameters\"")
                )
            );
        }

        return list;
    }

    public static List<MapReference> References(ref Utf8JsonReader reader)
    {
        reader.ExpectArray("maps");
        Span<char> buffer = stackalloc char[LongestName];
        var list = new List<MapReference>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            reader.ExpectObject("maps");
            int? instruction = null;
            string? map = null;
            while (reader.NextMember(buffer) is >= 0 and var length)
            {
                ReadOnlySpan<char> name = buffer[..length];
                switch (name)
                {
                    case "instruction":
                        instruction = reader.Int("maps.instruction", 0);
                        break;
                    case "map":
                        map = reader.Text("maps.map");
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }

            if (instruction is not { } slot || map is null)
                throw new WireFormatException("\"maps\": each has \"instruction\" and \"map\"");
            list.Add(new MapReference(slot, map));
        }

        return list;
    }

    public static List<Capability> Capabilities(ref Utf8JsonReader reader)
    {
        reader.ExpectArray("without");
        var list = new List<Capability>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            list.Add(reader.Word<Capability>("without"));
        return list;
    }

    public static EventParameters Event(ref Utf8JsonReader reader)
    {
        reader.ExpectObject("event");
        Span<char> buffer = stackalloc char[LongestName];
        var parameters = new EventParameters();
        while (reader.NextMember(buffer) is >= 0 and var length)
        {
            ReadOnlySpan<char> name = buffer[..length];
            parameters = name switch
            {
                "family" => parameters with { Family = reader.Text("event.family") },
                "socket_type" => parameters with { SocketType = reader.Text("event.socket_type") },
                "payload" => parameters with { Payload = reader.Bytes("event.payload") },
                "access" => parameters with { Access = reader.Text("event.access") },
                "level" => parameters with { Level = reader.Int("event.level") },
                "option_name" => parameters with { OptionName = reader.Int("event.option_name") },
                "option_value" => parameters with { OptionValue = reader.Bytes("event.option_value") },
                "connected" => parameters with { Connected = reader.Flag("event.connected") },
                "address" => parameters with { Address = reader.Flag("event.address") },
                // An event that is not what was asked for would be a wrong answer.
                _ => throw new WireFormatException(
                    $"\"event\": there is no parameter \"{name}\"",
                    AnswerKind.Unsupported
                ),
            };
        }

        return parameters;
    }

    public static Interruption Interruption(ref Utf8JsonReader reader)
    {
        reader.ExpectObject("interrupted_by");
        Span<char> buffer = stackalloc char[LongestName];
        var (attachType, cgroup) = ((AttachType?)null, (string?)null);
        while (reader.NextMember(buffer) is >= 0 and var length)
        {
            ReadOnlySpan<char> name = buffer[..length];
            switch (name)
            {
                case "attach_type":
                    attachType = reader.AttachType("interrupted_by.attach_type");
                    break;
                case "cgroup":
                    cgroup = reader.Text("interrupted_by.cgroup");
                    break;
                default:
                    throw new WireFormatException(
                        $"\"interrupted_by\": there is no member \"{name}\"",
                        AnswerKind.Unsupported
                    );
            }
        }

        return attachType is { } type && cgroup is not null
            ? new Interruption(type, cgroup)
            : throw new WireFormatException("\"interrupted_by\": attach_type and cgroup are needed");
    }

    public static List<TrackFields> Tracks(ref Utf8JsonReader reader)
    {
        reader.ExpectArray("tracks");
        Span<char> buffer = stackalloc char[LongestName];
        var list = new List<TrackFields>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            reader.ExpectObject("tracks");
            var name = "";
            List<RequestFields> operations = [];
            while (reader.NextMember(buffer) is >= 0 and var length)
            {
                ReadOnlySpan<char> member = buffer[..length];
                switch (member)
                {
                    case "name":
                        name = reader.Text("tracks.name");
                        break;
                    case "operations":
                        operations = Operations(ref reader);
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }

            list.Add(new TrackFields(name, operations));
        }

        return list;
    }

    public static TypeDescription Description(ref Utf8JsonReader reader, string member)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            var word = reader.Text(member);
            return TypeWords.Find(word)
                ?? throw new WireFormatException(
                    $"\"{member}\": there is no type \"{word}\"; there are {TypeWords.All}"
                );
        }

        reader.ExpectObject(member);
        Span<char> buffer = stackalloc char[LongestName];
        TypeDescription? named = null;
        TypeDescription? element = null;
        List<TypeMember>? members = null;
        var (isUnion, count, size) = (false, 0, 0);
        while (reader.NextMember(buffer) is >= 0 and var length)
        {
            ReadOnlySpan<char> name = buffer[..length];
            switch (name)
            {
                case "typedef":
                    named = Description(ref reader, member);
                    break;
                case "array":
                    element = Description(ref reader, member);
                    break;
                case "count":
                    count = reader.Int(member, 0);
                    break;
                case "struct" or "union":
                    isUnion = name is "union";
                    members = Members(ref reader, member);
                    break;
                case "size":
                    size = reader.Int(member, 0);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return named is not null ? new TypedefType(named)
            : element is not null ? new ArrayType(element, count)
            : members is not null ? new StructType(members, size, isUnion)
            : throw new WireFormatException($"\"{member}\": a type has one of typedef, array, struct and union");
    }

    private static List<TypeMember> Members(ref Utf8JsonReader reader, string member)
    {
        reader.ExpectArray(member);
        Span<char> buffer = stackalloc char[LongestName];
        var list = new List<TypeMember>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            reader.ExpectObject(member);
            TypeDescription? type = null;
            var offset = 0;
            while (reader.NextMember(buffer) is >= 0 and var length)
            {
                ReadOnlySpan<char> name = buffer[..length];
                switch (name)
                {
                    case "type":
                        type = Description(ref reader, member);
                        break;
                    case "offset":
                        offset = reader.Int(member, 0);
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }

            list.Add(
                new TypeMember(type ?? throw new WireFormatException($"\"{member}\": a part has a \"type\""), offset)
            );
        }

        return list;
    }

    private static List<RequestFields> Operations(ref Utf8JsonReader reader)
    {
        reader.ExpectArray("tracks.operations");
        var list = new List<RequestFields>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            reader.ExpectObject("tracks.operations");
            var fields = new RequestFields();
            fields.Read(ref reader);
            list.Add(fields);
        }

        return list;
    }
}
