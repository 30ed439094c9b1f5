using System.Buffers;
using System.Text.Json;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Wire;

/// <summary>
/// Puts a machine behind the protocol: reads requests, one a line, and answers each in turn, until the requests end. Answers to requests that came
/// together are written together, and at the latest when one of them takes long.
/// </summary>
/// <param name="machine">The machine; it stays the caller's.</param>
/// <param name="requests">Where requests come from.</param>
/// <param name="answers">Where answers go.</param>
public sealed class AdapterServer(IVirtualMachine machine, Stream requests, Stream answers) : IDisposable
{
    // After this time whoever waits shall know which request it is that takes so long.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMilliseconds(100);

    private const int EnoughAnswers = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _pending = new(EnoughAnswers);
    private readonly LineBuffer _lines = new();
    private Utf8JsonWriter? _json;

    /// <summary>Answers until the requests end.</summary>
    /// <exception cref="InvalidDataException">A request is longer than <see cref="ProtocolFacts.LongestLine"/>.</exception>
    public void Run()
    {
        using var json = _json = new Utf8JsonWriter(_pending, ProtocolFacts.Json);
        using var timer = new Timer(_ => Flush(), state: null, LongestSilence, LongestSilence);
        while (true)
        {
            while (_lines.TryTake(out var line))
            {
                if (!line.IsEmpty)
                    Answer(line);
            }

            Flush();
            if (_lines.Rest.Length > ProtocolFacts.LongestLine)
                throw new InvalidDataException($"a request is longer than {ProtocolFacts.LongestLine} bytes");
            if (requests.Read(_lines.Room()) is not (> 0 and var count))
                return;
            _lines.Advance(count);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private void Answer(ReadOnlySpan<byte> line)
    {
        long? seq = null;
        Answer answer;
        try
        {
            var request = RequestReader.Read(line, out seq);
            if (request.Op == "hello")
            {
                Write((json, identity) => AnswerWriter.WriteHello(json, request.Seq, identity), machine.Identity);
                return;
            }

            answer = Perform(request);
        }
        catch (WireFormatException wrong)
        {
            answer = new Answer(wrong.Kind) { Message = wrong.Message };
        }

        Write((json, answered) => AnswerWriter.Write(json, seq, answered), answer);
    }

    private Answer Perform(Request request)
    {
        try
        {
            if (request.Op == "reset")
            {
                machine.Reset();
                return Machines.Answer.Ok;
            }

            return request.Operation is { } operation
                ? machine.Perform(operation)
                : new Answer(AnswerKind.Unsupported) { Message = $"there is no operation {request.Op} here" };
        }
#pragma warning disable CA1031 // Whatever a machine throws costs the case.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            return Broken($"{broken.GetType().Name}: {broken.Message}");
        }
    }

    private static Answer Broken(string message) => new(AnswerKind.Broken) { Message = message };

    private void Write<T>(Action<Utf8JsonWriter, T> write, T what)
    {
        lock (_gate)
        {
            write(_json!, what);
            _json!.Flush();
            _json.Reset();
            _pending.Write("\n"u8);
            if (_pending.WrittenCount >= EnoughAnswers)
                Flush();
        }
    }

    private void Flush()
    {
        lock (_gate)
        {
            if (_pending.WrittenCount == 0)
                return;
            answers.Write(_pending.WrittenSpan);
            answers.Flush();
            _pending.ResetWrittenCount();
        }
    }
}
