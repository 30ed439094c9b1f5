using System.Buffers.Text;
using System.Globalization;
using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Helpers;

/// <summary>
/// The formats of bpf_trace_printk: <c>%d %i %u %x %X</c> with <c>l</c> or <c>ll</c>, <c>%c</c>, <c>%s</c>, <c>%p</c>, <c>%%</c>, each with
/// flags and width. Writes bytes, allocates nothing.
/// </summary>
internal ref struct TraceFormat
{
    /// <summary>Returned for a format that Linux refuses with EINVAL.</summary>
    public const int Malformed = -1;

    private const int MaxString = 512;
    private const int MaxWidth = 64;

    private readonly Arena _arena;
    private readonly ReadOnlySpan<byte> _format;
    private readonly ReadOnlySpan<ulong> _arguments;
    private readonly Span<byte> _output;
    private int _position;
    private int _argument;
    private int _written;

    private TraceFormat(Arena arena, ReadOnlySpan<byte> format, ReadOnlySpan<ulong> arguments, Span<byte> output)
    {
        _arena = arena;
        _format = format;
        _arguments = arguments;
        _output = output;
    }

    /// <summary>Formats; the number of bytes written (what does not fit is cut off), or <see cref="Malformed"/>.</summary>
    public static int Write(Arena arena, ReadOnlySpan<byte> format, ReadOnlySpan<ulong> arguments, Span<byte> output)
    {
        var writer = new TraceFormat(arena, format, arguments, output);
        while (writer._position < format.Length)
        {
            if (!writer.Step())
            {
                return Malformed;
            }
        }

        return writer._written;
    }

    private bool Step()
    {
        var character = _format[_position++];
        if (character is not ((>= 0x20 and < 0x7f) or (>= (byte)'\t' and <= (byte)'\r')))
        {
            return false;
        }

        if (character != '%')
        {
            Put(character);
            return true;
        }

        if (Peek() == '%')
        {
            _position++;
            Put((byte)'%');
            return true;
        }

        return Conversion();
    }

    private bool Conversion()
    {
        var left = false;
        var zero = false;
        var alternate = false;
        for (; Peek() is (byte)'0' or (byte)' ' or (byte)'+' or (byte)'-' or (byte)'#'; _position++)
        {
            left |= Peek() == '-';
            zero |= Peek() == '0';
            alternate |= Peek() == '#';
        }

        var width = 0;
        for (; Peek() is >= (byte)'0' and <= (byte)'9'; _position++)
        {
            width = Math.Min(width * 10 + (Peek() - '0'), MaxWidth);
        }

        var wide = Peek() == 'l';
        for (var count = 0; count < 2 && Peek() == 'l'; count++)
        {
            _position++;
        }

        if (_argument == _arguments.Length)
        {
            return false;
        }

        var value = _arguments[_argument++];
        var specifier = Peek();
        _position++;
        Span<byte> text = stackalloc byte[MaxString];
        int length;
        switch (specifier)
        {
            case (byte)'d' or (byte)'i':
                Utf8Formatter.TryFormat(wide ? (long)value : (int)value, text, out length);
                break;
            case (byte)'u':
                Utf8Formatter.TryFormat(wide ? value : (uint)value, text, out length);
                break;
            case (byte)'x' or (byte)'X':
                length = Hexadecimal(wide ? value : (uint)value, specifier == 'X' ? 'X' : 'x', alternate, text);
                break;
            case (byte)'p' when !wide:
                width = 16;
                zero = true;
                length = Hexadecimal(value, 'x', alternate: false, text);
                break;
            case (byte)'c' when !wide:
                text[0] = (byte)value;
                length = 1;
                break;
            case (byte)'s' when !wide:
                length = String(value, text);
                break;
            default:
                return false;
        }

        Pad(text[..length], width, left, zero);
        return true;
    }

    private readonly byte Peek() => _position < _format.Length ? _format[_position] : (byte)0;

    private static int Hexadecimal(ulong value, char digits, bool alternate, Span<byte> text)
    {
        var start = 0;
        if (alternate && value != 0)
        {
            text[start++] = (byte)'0';
            text[start++] = (byte)digits;
        }

        value.TryFormat(text[start..], out var length, digits == 'x' ? "x" : "X", CultureInfo.InvariantCulture);
        return start + length;
    }

    // A pointer that leads nowhere prints nothing.
    private readonly int String(ulong address, Span<byte> text)
    {
        var length = 0;
        while (
            length < text.Length && _arena.TryBytes(address + (ulong)length, 1, out var character) && character[0] != 0
        )
        {
            text[length++] = character[0];
        }

        return length;
    }

    private void Pad(scoped ReadOnlySpan<byte> text, int width, bool left, bool zero)
    {
        var padding = Math.Max(width - text.Length, 0);
        if (!left)
        {
            if (zero && text is [(byte)'-', ..])
            {
                Put((byte)'-');
                text = text[1..];
            }

            for (; padding > 0; padding--)
            {
                Put(zero ? (byte)'0' : (byte)' ');
            }
        }

        foreach (var character in text)
        {
            Put(character);
        }

        for (; padding > 0; padding--)
        {
            Put((byte)' ');
        }
    }

    private void Put(byte character)
    {
        if (_written < _output.Length)
        {
            _output[_written++] = character;
        }
    }
}
