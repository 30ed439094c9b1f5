using System.Text.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Wire;

/// <summary>Operations as requests. Members that have their default are left out.</summary>
internal static class RequestWriter
{
    public static void Write(Utf8JsonWriter json, long seq, Operation operation)
    {
        json.WriteStartObject();
        json.WriteNumber("seq"u8, seq);
        WriteMembers(json, operation);
        json.WriteEndObject();
    }

    /// <summary>A request that is no operation on objects.</summary>
    public static void WriteReset(Utf8JsonWriter json, long seq)
    {
        json.WriteStartObject();
        json.WriteNumber("seq"u8, seq);
        json.WriteString("op"u8, "reset"u8);
        json.WriteEndObject();
    }

    public static void WriteHello(Utf8JsonWriter json, long seq)
    {
        json.WriteStartObject();
        json.WriteNumber("seq"u8, seq);
        json.WriteString("op"u8, "hello"u8);
        json.WriteNumber("protocol"u8, ProtocolFacts.Version);
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, Operation operation)
    {
        json.WriteString("op"u8, OperationNames.Of(operation));
        switch (operation)
        {
            case CgroupCreate op:
                json.WriteString("cgroup"u8, op.Cgroup);
                WriteName(json, "parent"u8, op.Parent);
                break;
            case CgroupRemove op:
                json.WriteString("cgroup"u8, op.Cgroup);
                break;
            case SocketCreate op:
                json.WriteString("socket"u8, op.Socket);
                json.WriteString("cgroup"u8, op.Cgroup);
                if (op.Listening)
                    json.WriteBoolean("listening"u8, value: true);
                break;
            case SocketAccept op:
                json.WriteString("socket"u8, op.Socket);
                json.WriteString("listener"u8, op.Listener);
                json.WriteString("cgroup"u8, op.Cgroup);
                break;
            case SocketClose op:
                json.WriteString("socket"u8, op.Socket);
                break;
            case Fire op:
                WriteFire(json, op);
                break;
            case Machines.Parallel op:
                WriteTracks(json, op);
                break;
            case Rendezvous op:
                json.WriteString("name"u8, op.Name);
                break;
            default:
                if (!MapRequests.Write(json, operation))
                    ProgramRequests.Write(json, operation);
                break;
        }
    }

    internal static void WriteName(Utf8JsonWriter json, ReadOnlySpan<byte> member, string? name)
    {
        if (name is not null)
            json.WriteString(member, name);
    }

    internal static void WriteUnlessZero(Utf8JsonWriter json, ReadOnlySpan<byte> member, ulong value)
    {
        if (value != 0)
            json.WriteNumber64(member, value);
    }

    internal static void WriteCapabilities(Utf8JsonWriter json, IReadOnlyList<Capability> without)
    {
        if (without.Count == 0)
            return;
        json.WriteStartArray("without"u8);
        foreach (var capability in without)
            json.WriteStringValue(WireValues.Words<Capability>.Of(capability));
        json.WriteEndArray();
    }

    private static void WriteFire(Utf8JsonWriter json, Fire op)
    {
        json.WriteType("attach_type"u8, op.AttachType);
        json.WriteString("cgroup"u8, op.Cgroup);
        if (op.Cpu != 0)
            json.WriteNumber("cpu"u8, op.Cpu);
        if (op.Times != 1)
            json.WriteNumber("times"u8, op.Times);
        WriteName(json, "socket"u8, op.Socket);
        if (op.InterruptedBy is { } other)
        {
            json.WriteStartObject("interrupted_by"u8);
            json.WriteType("attach_type"u8, other.AttachType);
            json.WriteString("cgroup"u8, other.Cgroup);
            json.WriteEndObject();
        }

        if (op.Event is not { } parameters)
            return;
        json.WriteStartObject("event"u8);
        WriteName(json, "family"u8, parameters.Family);
        WriteName(json, "socket_type"u8, parameters.SocketType);
        WriteName(json, "access"u8, parameters.Access);
        if (parameters.Payload is { } payload)
            json.WriteHex("payload"u8, payload);
        if (parameters.Level is { } level)
            json.WriteNumber("level"u8, level);
        if (parameters.OptionName is { } name)
            json.WriteNumber("option_name"u8, name);
        if (parameters.OptionValue is { } value)
            json.WriteHex("option_value"u8, value);
        if (parameters.Connected is { } connected)
            json.WriteBoolean("connected"u8, connected);
        if (parameters.Address is { } address)
            json.WriteBoolean("address"u8, address);
        json.WriteEndObject();
    }

    private static void WriteTracks(Utf8JsonWriter json, Machines.Parallel op)
    {
        json.WriteStartArray("tracks"u8);
        foreach (var track in op.Tracks)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, track.Name);
            json.WriteStartArray("operations"u8);
            foreach (var operation in track.Operations)
            {
                json.WriteStartObject();
                WriteMembers(json, operation);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
