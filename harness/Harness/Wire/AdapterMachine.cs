using System.Diagnostics;
using System.Text.Json;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Wire;

/// <summary>
/// A machine in another process. Operations that were announced go together; each answer is taken when its operation is performed. Whatever the process does
/// wrong is a broken answer, and the process is ended; the next reset starts another.
/// </summary>
internal sealed class AdapterMachine(Adapter adapter) : IVirtualMachine
{
    private readonly Queue<Sent> _sent = new();
    private AdapterConnection? _connection;
    private Utf8JsonWriter? _json;
    private AdapterGreeting? _greeting;
    private IReadOnlyList<string> _lastWords = [];
    private string? _fault;
    private int _announced;
    private long _seq;
    private long _caseStart;
    private long _lastAnswer;

    /// <inheritdoc/>
    public MachineIdentity Identity => (_greeting ?? Start()).Identity;

    /// <inheritdoc/>
    public IReadOnlyList<string> StandardError => _connection?.StandardError.Lines ?? _lastWords;

    /// <inheritdoc/>
    public void Reset()
    {
        Forgo();
        if (_connection is null)
            Start();
        _fault = null;
        _lastWords = [];
        _connection!.StandardError.Clear();
        _caseStart = Stopwatch.GetTimestamp();
        // It goes with the first operation.
        var seq = _seq++;
        RequestWriter.WriteReset(_json!, seq);
        EndLine();
        _sent.Enqueue(new Sent(seq, Operation: null));
    }

    /// <inheritdoc/>
    public void Announce(IReadOnlyList<Operation> operations)
    {
        if (_connection is null)
            return;
        if (_announced == 0)
            _lastAnswer = Stopwatch.GetTimestamp();
        foreach (var operation in operations)
        {
            _announced++;
            if (Missing(operation) is { } missing)
            {
                _sent.Enqueue(new Sent(Seq: null, operation) { Missing = missing });
                continue;
            }

            var seq = _seq++;
            RequestWriter.Write(_json!, seq, operation);
            EndLine();
            _sent.Enqueue(new Sent(seq, operation));
        }

        _connection.Send();
    }

    /// <inheritdoc/>
    public Answer Perform(Operation operation)
    {
        if (_connection is null && _fault is null)
            Start();
        if (_connection is null)
            return Broken(_fault!);
        try
        {
            if (_announced > 0 && !ReferenceEquals(NextAnnounced(), operation))
                Drain();
            if (_announced == 0)
                Announce([operation]);
            while (true)
            {
                var sent = _sent.Peek();
                var answer = AnswerTo(sent);
                if (sent.Operation is not null)
                    return answer;
            }
        }
        catch (AdapterException fault)
        {
            return Broken(fault.Message);
        }
    }

    /// <inheritdoc/>
    public void Forgo()
    {
        if (_connection is not null)
            Drain();
    }

    /// <inheritdoc/>
    public void Dispose() => Stop(atOnce: false);

    // At most a reset goes before it.
    private Operation? NextAnnounced()
    {
        foreach (var sent in _sent)
        {
            if (sent.Operation is { } operation)
                return operation;
        }

        return null;
    }

    private void Drain()
    {
        while (_announced > 0)
            _ = AnswerTo(_sent.Peek());
    }

    private Answer AnswerTo(Sent sent)
    {
        var answer = sent.Seq is { } seq
            ? Receive(seq, sent)
            : new Answer(AnswerKind.Unsupported) { Message = sent.Missing };
        _sent.Dequeue();
        if (sent.Operation is not null)
            _announced--;
        else if (answer.Kind != AnswerKind.Ok)
            throw Fault($"could not be reset: {AnswerText.Of(answer)}", sent);
        return answer;
    }

    private Answer Receive(long seq, Sent sent)
    {
        try
        {
            var deadline = Deadline.Earlier(
                Deadline.After(_lastAnswer, adapter.Limits.Request),
                Deadline.After(_caseStart, adapter.Limits.Case, " for a whole case")
            );
            var line = _connection!.NextLine(deadline);
            _lastAnswer = Stopwatch.GetTimestamp();
            try
            {
                var answer = AnswerReader.Read(line, out var answered);
                if (answered == seq || (answered is null && answer.Kind == AnswerKind.Broken))
                    return answer;
                throw new WireFormatException(
                    answered is null ? "\"seq\" is null"
                    : _sent.Any(other => other.Seq == answered) ? $"\"seq\": {answered} is answered before {seq}"
                    : $"\"seq\": expected {seq}, found {answered}"
                );
            }
            catch (WireFormatException wrong)
            {
                throw new AdapterException($"wrote no answer ({wrong.Message}): {ShownText.Of(line, longest: 100)}");
            }
        }
        catch (AdapterException fault)
        {
            throw Fault(fault.Message, sent);
        }
    }

    // What the process did ends it: after a broken line nobody knows where the next one begins.
    private AdapterException Fault(string what, Sent sent)
    {
        var place = sent.Operation is { } operation ? OperationText.Of(operation) : "reset";
        _fault = $"the adapter {what}, at request {sent.Seq} ({place})";
        Stop(atOnce: true);
        return new AdapterException(_fault);
    }

    private void Stop(bool atOnce)
    {
        if (_connection is not { } connection)
            return;
        connection.End(atOnce);
        _lastWords = connection.StandardError.Lines;
        _connection = null;
        _sent.Clear();
        _announced = 0;
        _json?.Dispose();
        connection.Dispose();
    }

    private AdapterGreeting Start()
    {
        _seq = 0;
        (_connection, _greeting) = adapter.Connect(ref _seq);
        _json = new Utf8JsonWriter(_connection.Outgoing, ProtocolFacts.Json);
        _fault = null;
        _caseStart = Stopwatch.GetTimestamp();
        return _greeting;
    }

    private void EndLine()
    {
        _json!.Flush();
        _json.Reset();
        _connection!.EndLine();
    }

    private string? Missing(Operation operation)
    {
        if (_greeting?.Operations is not { } offered)
            return null;
        var needed = operation is Machines.Parallel parallel
            ? parallel.Tracks.SelectMany(track => track.Operations).Prepend(operation)
            : [operation];
        return needed.Select(OperationNames.Of).FirstOrDefault(name => !offered.Contains(name)) is { } missing
            ? $"{_greeting.Identity.Name} does not offer {missing}"
            : null;
    }

    private static Answer Broken(string message) => new(AnswerKind.Broken) { Message = message };

    /// <summary>A request on its way.</summary>
    /// <param name="Seq">Its number; null where it was not sent.</param>
    /// <param name="Operation">The operation; null for a reset.</param>
    private readonly record struct Sent(long? Seq, Operation? Operation)
    {
        /// <summary>Why it was not sent.</summary>
        public string? Missing { get; init; }
    }
}
