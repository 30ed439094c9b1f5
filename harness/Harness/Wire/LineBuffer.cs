using System.Buffers;

namespace Conformance.Harness.Wire;

/// <summary>Bytes as they come, taken out line by line. A carriage return before the line's end does not belong to the line.</summary>
internal sealed class LineBuffer : IDisposable
{
    private const int FirstSize = 64 * 1024;
    private const byte LineFeed = (byte)'\n';

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _start;
    private int _searched;
    private int _end;

    /// <summary>What has come of a line that has not ended.</summary>
    public ReadOnlySpan<byte> Rest => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Room for what comes next; say with <see cref="Advance"/> how much of it was used.</summary>
    public Span<byte> Room()
    {
        if (_start == _end)
            _start = _searched = _end = 0;
        if (_end < _bytes.Length)
            return _bytes.AsSpan(_end);
        if (_start > 0)
        {
            Rest.CopyTo(_bytes);
            (_searched, _end, _start) = (_searched - _start, _end - _start, 0);
            return _bytes.AsSpan(_end);
        }

        var larger = ArrayPool<byte>.Shared.Rent(_bytes.Length * 2);
        _bytes.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
        return _bytes.AsSpan(_end);
    }

    public void Advance(int bytes) => _end += bytes;

    /// <summary>Takes the next whole line. Its bytes are there until <see cref="Room"/> is asked for.</summary>
    public bool TryTake(out ReadOnlySpan<byte> line)
    {
        var length = _bytes.AsSpan(_searched, _end - _searched).IndexOf(LineFeed);
        if (length < 0)
        {
            _searched = _end;
            line = default;
            return false;
        }

        var end = _searched + length;
        line = _bytes.AsSpan(_start, end - _start);
        if (line.EndsWith("\r"u8))
            line = line[..^1];
        _start = _searched = end + 1;
        return true;
    }

    /// <summary>Drops what has come.</summary>
    public void Forget() => _start = _searched = _end = 0;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _start = _searched = _end = 0;
    }
}
