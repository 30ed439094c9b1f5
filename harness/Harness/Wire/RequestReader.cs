using System.Text.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Wire;

/// <summary>A request as it was read.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Op">The name of what is asked.</param>
/// <param name="Operation">The operation; null for <c>hello</c>, <c>reset</c>, and what this version does not know.</param>
internal readonly record struct Request(long Seq, string Op, Operation? Operation);

/// <summary>Reads requests.</summary>
internal static class RequestReader
{
    /// <summary>The request of a line.</summary>
    /// <param name="seq">Its number as soon as it is known, for the answer to a request that cannot be read.</param>
    /// <exception cref="WireFormatException">It is none.</exception>
    public static Request Read(ReadOnlySpan<byte> line, out long? seq)
    {
        seq = null;
        var fields = new RequestFields();
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new WireFormatException("a request is an object");
            fields.Read(ref reader);
            // Whatever else stands on the line is no JSON.
            _ = reader.Read();
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new WireFormatException($"no JSON: {broken.Message}");
        }
        finally
        {
            seq = fields.Seq;
        }

        if (fields.Seq is not { } number)
            throw new WireFormatException("\"seq\" is missing");
        var op = fields.Op ?? throw new WireFormatException("\"op\" is missing");
        if (op == "hello" && fields.Protocol != ProtocolFacts.Version)
            throw new WireFormatException(
                $"protocol {fields.Protocol?.ToString() ?? "of no version"} is asked for, and this speaks {ProtocolFacts.Version}"
            );
        return new Request(number, op, OperationOf(op, fields));
    }

    private static Operation? OperationOf(string op, RequestFields fields) =>
        op switch
        {
            "cgroup_create" => new CgroupCreate(fields.Need(fields.Cgroup, "cgroup"), fields.Parent),
            "cgroup_remove" => new CgroupRemove(fields.Need(fields.Cgroup, "cgroup")),
            "socket_create" => new SocketCreate(
                fields.Need(fields.Socket, "socket"),
                fields.Need(fields.Cgroup, "cgroup"),
                fields.Listening
            ),
            "socket_accept" => new SocketAccept(
                fields.Need(fields.Socket, "socket"),
                fields.Need(fields.Listener, "listener"),
                fields.Need(fields.Cgroup, "cgroup")
            ),
            "socket_close" => new SocketClose(fields.Need(fields.Socket, "socket")),
            "fire" => new Fire(
                fields.Need(fields.AttachType, "attach_type"),
                fields.Need(fields.Cgroup, "cgroup"),
                fields.Cpu,
                fields.Times
            )
            {
                Event = fields.Event,
                Socket = fields.Socket,
                InterruptedBy = fields.InterruptedBy,
            },
            "parallel" => new Machines.Parallel([
                .. fields
                    .Need(fields.Tracks, "tracks")
                    .Select(track => new Track(track.Name, [.. track.Operations.Select(InTrack)])),
            ]),
            "rendezvous" => new Rendezvous(fields.Need(fields.Name, "name")),
            _ => MapOperations.Of(op, fields) ?? ProgramOperations.Of(op, fields),
        };

    private static Operation InTrack(RequestFields fields)
    {
        var op = fields.Need(fields.Op, "op");
        return OperationOf(op, fields)
            ?? throw new WireFormatException($"\"tracks\": there is no operation \"{op}\" for a track");
    }
}
