using System.Text;

namespace Conformance.Harness.Wire;

/// <summary>The last lines of a standard error, however much of it there is.</summary>
internal sealed class StandardErrorTail
{
    private const int MostLines = 20;
    private const int LongestLine = 500;

    private readonly Queue<string> _lines = new();
    private readonly byte[] _line = new byte[LongestLine];
    private int _length;

    /// <summary>The last lines, the unfinished one included.</summary>
    public IReadOnlyList<string> Lines => _length == 0 ? [.. _lines] : [.. _lines.Append(Text()).TakeLast(MostLines)];

    public void Clear()
    {
        _lines.Clear();
        _length = 0;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
        {
            if (one == '\n')
                EndLine();
            else if (_length < LongestLine)
                _line[_length++] = one;
        }
    }

    private void EndLine()
    {
        if (_lines.Count == MostLines)
            _lines.Dequeue();
        _lines.Enqueue(Text());
        _length = 0;
    }

    // What a terminal would obey has no place in a report.
    private string Text() =>
        string.Concat(
            Encoding
                .UTF8.GetString(_line, 0, _length)
                .TrimEnd('\r')
                .Select(c => char.IsControl(c) && c != '\t' ? '\ufffd' : c)
        );
}
