using System.Text.Json;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Wire;

/// <summary>Answers as the protocol writes them. Members that say nothing are left out.</summary>
internal static class AnswerWriter
{
    /// <param name="seq">The request's number; null where it could not be read.</param>
    public static void Write(Utf8JsonWriter json, long? seq, Answer answer)
    {
        json.WriteStartObject();
        WriteSeq(json, seq);
        WriteMembers(json, answer);
        json.WriteEndObject();
    }

    /// <summary>The answer to <c>hello</c>.</summary>
    public static void WriteHello(Utf8JsonWriter json, long seq, MachineIdentity identity)
    {
        json.WriteStartObject();
        WriteSeq(json, seq);
        json.WriteString("kind"u8, "ok"u8);
        json.WriteNumber("protocol"u8, ProtocolFacts.Version);
        json.WriteString("name"u8, identity.Name);
        json.WriteString("version"u8, identity.Version);
        json.WriteNumber("cpus"u8, identity.Cpus);
        RequestWriter.WriteName(json, "kernel"u8, identity.Kernel);
        RequestWriter.WriteName(json, "live_architecture"u8, identity.LiveArchitecture);
        json.WriteEndObject();
    }

    private static void WriteSeq(Utf8JsonWriter json, long? seq)
    {
        if (seq is { } number)
            json.WriteNumber("seq"u8, number);
        else
            json.WriteNull("seq"u8);
    }

    private static void WriteMembers(Utf8JsonWriter json, Answer answer)
    {
        json.WriteString("kind"u8, WireValues.Words<AnswerKind>.Of(answer.Kind));
        if (answer.Errno != Errno.None)
            json.WriteErrno(answer.Errno);
        RequestWriter.WriteName(json, "message"u8, answer.Message);
        if (answer.Value is { } value)
            json.WriteHex("value"u8, value);
        if (answer.Key is { } key)
            MapRequests.WriteKey(json, key);
        if (answer.Outcome is { } outcome)
            json.WriteString("outcome"u8, WireValues.Words<EventOutcome>.Of(outcome));
        if (answer.ReturnValue is { } returned)
            json.WriteNumber("return_value"u8, returned);
        if (answer.Programs is { } programs)
        {
            json.WriteStartArray("programs"u8);
            foreach (var program in programs)
                json.WriteStringValue(program);
            json.WriteEndArray();
        }

        if (answer.AttachFlags is { } flags)
            json.WriteNumber("attach_flags"u8, flags);
        if (answer.Tracks is { } tracks)
            WriteTracks(json, tracks);
        if (answer.Refusal is { } refusal)
        {
            json.WriteStartObject("refusal"u8);
            WriteMembers(json, refusal);
            json.WriteEndObject();
        }
    }

    private static void WriteTracks(Utf8JsonWriter json, IReadOnlyList<IReadOnlyList<Answer>> tracks)
    {
        json.WriteStartArray("tracks"u8);
        foreach (var track in tracks)
        {
            json.WriteStartArray();
            foreach (var answer in track)
            {
                json.WriteStartObject();
                WriteMembers(json, answer);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
