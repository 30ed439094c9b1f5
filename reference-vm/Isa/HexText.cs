using System.Diagnostics.CodeAnalysis;

namespace Conformance.ReferenceVm.Isa;

/// <summary>Bytes written as hex: two digits a byte, white space anywhere between bytes.</summary>
public static class HexText
{
    /// <summary>Reads the bytes, or says which character is wrong.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out byte[]? bytes,
        [NotNullWhen(false)] out AssemblyError? error
    )
    {
        ArgumentNullException.ThrowIfNull(text);
        var read = new List<byte>(text.Length / 2);
        var (line, lineStart, high) = (1, 0, -1);
        bytes = null;
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            var problem =
                char.IsWhiteSpace(letter) ? (high < 0 ? null : $"byte {read.Count} has only one hex digit")
                : char.IsAsciiHexDigit(letter) ? null
                : $"{Shown(letter)} is not a hex digit";
            if (problem is not null)
            {
                error = new AssemblyError(problem, line, at - lineStart + 1);
                return false;
            }
            if (letter == '\n')
                (line, lineStart) = (line + 1, at + 1);
            if (char.IsWhiteSpace(letter))
                continue;
            var digit = char.IsAsciiDigit(letter) ? letter - '0' : (letter | 0x20) - 'a' + 10;
            if (high >= 0)
                read.Add((byte)(high << 4 | digit));
            high = high < 0 ? digit : -1;
        }
        if (high >= 0)
        {
            error = new AssemblyError($"byte {read.Count} has only one hex digit", line, text.Length - lineStart + 1);
            return false;
        }
        bytes = [.. read];
        error = null;
        return true;
    }

    private static string Shown(char letter) =>
        char.IsControl(letter) || char.IsSurrogate(letter) ? $"character U+{(int)letter:X4}" : $"'{letter}'";
}
