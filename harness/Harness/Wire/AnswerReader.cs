using System.Text.Json;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Wire;

/// <summary>Reads answers.</summary>
internal static class AnswerReader
{
    private const int LongestName = 32;

    /// <summary>The answer of a line.</summary>
    /// <param name="seq">The number of the request it answers; null where the adapter could not read the request.</param>
    /// <exception cref="WireFormatException">It is none.</exception>
    public static Answer Read(ReadOnlySpan<byte> line, out long? seq)
    {
        var reader = Begin(line);
        try
        {
            var answer = Members(ref reader, out seq, out var hasSeq);
            if (!hasSeq)
                throw new WireFormatException("\"seq\" is missing");
            End(ref reader);
            return answer;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw NoJson(broken);
        }
    }

    /// <summary>Begins to read the object of a line.</summary>
    public static Utf8JsonReader Begin(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new WireFormatException("an answer is an object");
        }
        catch (JsonException broken)
        {
            throw NoJson(broken);
        }

        return reader;
    }

    /// <summary>Reads to the end of the line: whatever else stands there is no JSON.</summary>
    public static void End(ref Utf8JsonReader reader) => _ = reader.Read();

    public static WireFormatException NoJson(Exception broken) => new($"no JSON: {broken.Message}");

    private static Answer Members(ref Utf8JsonReader reader, out long? seq, out bool hasSeq)
    {
        Span<char> buffer = stackalloc char[LongestName];
        (seq, hasSeq) = (null, false);
        AnswerKind? kind = null;
        var answer = Answer.Ok;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<char> name =
                reader.ValueSpan.Length > LongestName ? default : buffer[..reader.CopyString(buffer)];
            reader.Read();
            if (name is "seq")
            {
                hasSeq = true;
                seq = reader.TokenType == JsonTokenType.Null ? null : reader.Seq();
            }
            else if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }
            else if (name is "kind")
            {
                kind = reader.Word<AnswerKind>("kind");
            }
            else
            {
                answer = WithMember(answer, name, ref reader);
            }
        }

        return kind switch
        {
            null => throw new WireFormatException("\"kind\" is missing"),
            AnswerKind.Failed or AnswerKind.Refused when answer.Errno == Errno.None => throw new WireFormatException(
                $"\"errno\" is missing: \"{WireValues.Words<AnswerKind>.Of(kind.Value)}\" says with which error"
            ),
            AnswerKind.Ok when answer is { Outcome: EventOutcome.Denied, Errno: Errno.None } =>
                throw new WireFormatException("\"errno\" is missing: \"denied\" says with which error"),
            AnswerKind.Ok => answer,
            { } other => answer with { Kind = other },
        };
    }

    private static Answer WithMember(Answer answer, scoped ReadOnlySpan<char> name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "errno":
                return answer with { Errno = reader.Errno("errno") };
            case "message":
                return answer with { Message = reader.Text("message") };
            case "value":
                return answer with { Value = reader.Bytes("value") };
            case "key":
                return answer with { Key = RequestParts.Key(ref reader) };
            case "outcome":
                return answer with { Outcome = reader.Word<EventOutcome>("outcome") };
            case "return_value":
                return answer with { ReturnValue = reader.Unsigned("return_value") };
            case "programs":
                return answer with { Programs = reader.TextList("programs") };
            case "attach_flags":
                return answer with { AttachFlags = reader.Unsigned("attach_flags") };
            case "tracks":
                return answer with { Tracks = Tracks(ref reader) };
            case "refusal":
                reader.ExpectObject("refusal");
                return answer with { Refusal = Members(ref reader, out _, out _) };
            default:
                reader.Skip();
                return answer;
        }
    }

    private static List<IReadOnlyList<Answer>> Tracks(ref Utf8JsonReader reader)
    {
        reader.ExpectArray("tracks");
        var tracks = new List<IReadOnlyList<Answer>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            reader.ExpectArray("tracks");
            var answers = new List<Answer>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                reader.ExpectObject("tracks");
                answers.Add(Members(ref reader, out _, out _));
            }

            tracks.Add(answers);
        }

        return tracks;
    }
}
