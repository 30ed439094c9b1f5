using System.Buffers;
using System.Diagnostics;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Wire;

/// <summary>
/// An adapter's process and its three pipes. One thread moves the bytes of all of them: an adapter that writes before it has read everything
/// is read meanwhile, and one that fills its standard error is too.
/// </summary>
internal sealed unsafe class AdapterConnection : IDisposable
{
    private const int Slice = 100;
    private const int ChunkSize = 64 * 1024;
    private const int ShownBytes = 60;

    // Of an endless standard error no more is read at a time, so that the rest comes to its turn.
    private const int MostErrorChunks = 4;

    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    private readonly ChildProcess _process;
    private readonly AdapterLimits _limits;
    private readonly CancellationToken _cancellation;
    private readonly LineBuffer _incoming = new();
    private readonly byte[] _chunk = new byte[ChunkSize];
    private int _written;
    private long? _cancelledAt;

    /// <param name="cancellation">After it, whoever waits for an answer waits no longer than an adapter has for its end.</param>
    public AdapterConnection(IReadOnlyList<string> words, AdapterLimits limits, CancellationToken cancellation)
    {
        _process = ChildProcess.Start(words);
        _limits = limits;
        _cancellation = cancellation;
    }

    public StandardErrorTail StandardError { get; } = new();

    /// <summary>What is to be sent.</summary>
    public ArrayBufferWriter<byte> Outgoing { get; } = new(ChunkSize);

    public int ProcessId => _process.Id;

    /// <summary>Ends a line of what is to be sent.</summary>
    public void EndLine() => Outgoing.Write("\n"u8);

    /// <summary>Writes as much as the adapter takes at once; the rest goes while lines are awaited.</summary>
    public void Send()
    {
        while (_process.In >= 0 && _written < Outgoing.WrittenCount)
        {
            nint count;
            fixed (byte* rest = Outgoing.WrittenSpan[_written..])
                count = Posix.Write(_process.In, rest, Outgoing.WrittenCount - _written);
            if (count < 0 && Posix.LastError == Posix.EINTR)
                continue;
            if (count < 0 && Posix.LastError == Posix.WouldBlock)
                return;
            if (count < 0)
            {
                // It does not read any more. It may still answer what it has read; if not, its silence is found out.
                _process.CloseInput();
                return;
            }

            _written += (int)count;
        }

        Outgoing.ResetWrittenCount();
        _written = 0;
    }

    /// <summary>The next line, which is there until the next call.</summary>
    /// <param name="deadline">When to give up.</param>
    /// <exception cref="AdapterException">There is none: the message is what the adapter did instead.</exception>
    public ReadOnlySpan<byte> NextLine(Deadline deadline)
    {
        while (true)
        {
            if (_incoming.TryTake(out var line))
                return line.Length <= ProtocolFacts.LongestLine ? line : throw TooLong(line);
            if (_incoming.Rest.Length > ProtocolFacts.LongestLine)
                throw TooLong(_incoming.Rest);
            var now = Stopwatch.GetTimestamp();
            if (now >= deadline.Timestamp)
                throw new AdapterException(Silence(deadline));
            if (IsGivenUp(now))
                throw new AdapterException("was interrupted");
            // What it left behind may keep its pipes open; finding out that it has ended ends that too.
            if (!Move(Slice))
                _process.WaitForEnd(TimeSpan.Zero);
            if (_process.Out < 0)
                throw Ended();
        }
    }

    /// <summary>Lets the process end: its input ends; where that is not enough it is asked to, and then made to.</summary>
    /// <param name="atOnce">Whether it is past asking.</param>
    public void End(bool atOnce)
    {
        _process.CloseInput();
        if (!atOnce && WaitForEnd(_limits.End))
            return;
        _process.Signal(Posix.SIGTERM);
        if (!WaitForEnd(_limits.Termination))
            _process.Signal(Posix.SIGKILL);
    }

    public void Dispose()
    {
        _process.Dispose();
        _incoming.Dispose();
    }

    private bool HasHalfALine => _incoming.Rest.Length > 0;

    private string Half => ShownText.Of(_incoming.Rest, ShownBytes);

    private bool IsGivenUp(long now)
    {
        if (!_cancellation.IsCancellationRequested)
            return false;
        _cancelledAt ??= now;
        return Stopwatch.GetElapsedTime(_cancelledAt.Value, now) > _limits.End;
    }

    // Its pipes must be emptied meanwhile: who waits for room to write does not come to its end.
    private bool WaitForEnd(TimeSpan limit)
    {
        const int Step = 5;
        var start = Stopwatch.GetTimestamp();
        while (!_process.WaitForEnd(TimeSpan.Zero))
        {
            if (Stopwatch.GetElapsedTime(start) >= limit)
                return false;
            Move(Step);
            _incoming.Forget();
            if (_process is { Out: < 0, Error: < 0 })
                _process.WaitForEnd(TimeSpan.FromMilliseconds(Step));
        }

        return true;
    }

    private string Silence(Deadline deadline) =>
        (_process.In < 0 ? "closed its standard input and " : "")
        + $"gave no answer within {deadline.Text}"
        + (HasHalfALine ? $", only the beginning of one: {Half}" : "");

    private static AdapterException TooLong(ReadOnlySpan<byte> line) =>
        new(
            $"wrote a line of more than {ProtocolFacts.LongestLine} bytes, which begins with {ShownText.Of(line, ShownBytes)}"
        );

    private AdapterException Ended()
    {
        // Its standard error says why, often after its output has ended.
        var start = Stopwatch.GetTimestamp();
        var ended = false;
        while (Stopwatch.GetElapsedTime(start) < LastWords && !(ended && _process.Error < 0))
        {
            ended = ended || _process.WaitForEnd(TimeSpan.FromMilliseconds(1));
            Move(Slice / 20);
        }

        var how = ended ? _process.HowItEnded() : "closed its standard output";
        return new AdapterException(HasHalfALine ? $"{how} in the middle of an answer: {Half}" : how);
    }

    /// <returns>Whether there was anything to move.</returns>
    private bool Move(int milliseconds)
    {
        var files = stackalloc Posix.Polled[3];
        var isSending = _written < Outgoing.WrittenCount;
        // A descriptor below zero is passed over; that nobody reads any more is told unasked.
        files[0] = new Posix.Polled { File = _process.In, Wanted = isSending ? Posix.POLLOUT : (short)0 };
        files[1] = new Posix.Polled { File = _process.Out, Wanted = Posix.POLLIN };
        files[2] = new Posix.Polled { File = _process.Error, Wanted = Posix.POLLIN };
        if (Posix.Poll(files, 3, milliseconds) <= 0)
            return false;
        if ((files[0].Seen & Posix.POLLERR) != 0)
            _process.CloseInput();
        else if (files[0].Seen != 0)
            Send();
        if (files[1].Seen != 0)
            ReadAnswers();
        if (files[2].Seen != 0)
            ReadErrors();
        return true;
    }

    private void ReadAnswers()
    {
        var room = _incoming.Room();
        nint count;
        fixed (byte* bytes = room)
            count = Posix.Read(_process.Out, bytes, room.Length);
        if (count > 0)
            _incoming.Advance((int)count);
        else if (count == 0 || !IsTransient(Posix.LastError))
            _process.CloseOutput();
    }

    private void ReadErrors()
    {
        for (var chunk = 0; chunk < MostErrorChunks; chunk++)
        {
            nint count;
            fixed (byte* bytes = _chunk)
                count = Posix.Read(_process.Error, bytes, _chunk.Length);
            if (count > 0)
            {
                StandardError.Add(_chunk.AsSpan(0, (int)count));
                continue;
            }

            if (count == 0 || !IsTransient(Posix.LastError))
                _process.CloseError();
            return;
        }
    }

    private static bool IsTransient(int error) => error == Posix.EINTR || error == Posix.WouldBlock;
}
