using System.Text.RegularExpressions;

namespace Conformance.ReferenceVm.Isa.Syntax;

/// <summary>
/// Splits one line into tokens. A comment starts at <c>;</c> or <c>//</c> anywhere, and at <c>#</c> where a space or nothing stands before
/// it (so that <c>bpf_get_local_storage#81</c> is none). The slot number and opcode that verifier logs print before an
/// instruction, <c>12: (b7)</c>, are passed over.
/// </summary>
internal static partial class Lexer
{
    // Longer symbols first: the first that matches is taken.
    private static readonly string[] Symbols =
    [
        "<<=",
        ">>=",
        "+=",
        "-=",
        "*=",
        "/=",
        "%=",
        "&=",
        "|=",
        "^=",
        "==",
        "!=",
        "<=",
        ">=",
        "=",
        "<",
        ">",
        "&",
        "+",
        "-",
        "*",
        "(",
        ")",
        "[",
        "]",
        ",",
        ":",
        "#",
    ];

    private static readonly string[] SignedSymbols = ["s>>=", "s/=", "s%=", "s<=", "s>=", "s<", "s>"];

    /// <summary>The tokens, the last being the end of the line; or the place of a character that starts none.</summary>
    public static bool TryTokenize(string line, out List<Token> tokens, out Token bad)
    {
        tokens = [];
        bad = default;
        var end = CommentStart(line);
        var at = LogPrefix().Match(line) is { Success: true } prefix && prefix.Length <= end ? prefix.Length : 0;
        while (at < end)
        {
            if (char.IsWhiteSpace(line[at]))
            {
                at++;
                continue;
            }
            var word = WordLength(line, at, end);
            var symbol = SymbolAt(line, at, end, word);
            var length = symbol?.Length ?? word;
            if (length == 0)
            {
                bad = new Token(line[at].ToString(), at + 1, IsWord: false);
                return false;
            }
            tokens.Add(new Token(line.Substring(at, length), at + 1, symbol is null));
            at += length;
        }
        var last = tokens.Count > 0 ? tokens[^1].Column + tokens[^1].Text.Length : 1;
        tokens.Add(new Token("", last, IsWord: false));
        return true;
    }

    private static string? SymbolAt(string line, int at, int end, int word)
    {
        if (word > 1)
            return null;
        var candidates = word == 1 ? SignedSymbols : Symbols;
        return Array.Find(candidates, symbol => line.AsSpan(at, end - at).StartsWith(symbol, StringComparison.Ordinal));
    }

    private static int WordLength(string line, int at, int end)
    {
        var length = 0;
        while (
            at + length < end
            && (char.IsAsciiLetterOrDigit(line[at + length]) || line[at + length] is '_' or '.' or '$')
        )
            length++;
        return length;
    }

    private static int CommentStart(string line)
    {
        for (var at = 0; at < line.Length; at++)
        {
            var starts = line[at] switch
            {
                // Not behind an instruction without a blank: there it was meant to separate two.
                ';' or '#' => at == 0 || char.IsWhiteSpace(line[at - 1]),
                '/' => at + 1 < line.Length && line[at + 1] == '/',
                _ => false,
            };
            if (starts)
                return at;
        }
        return line.Length;
    }

    [GeneratedRegex(
        @"^\s*[0-9]+:\s*\([0-9a-f]{2}\)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex LogPrefix();
}
