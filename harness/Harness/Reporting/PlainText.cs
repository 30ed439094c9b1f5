using System.Globalization;
using System.Text;

namespace Conformance.Harness.Reporting;

/// <summary>What a machine said, made fit for places that take only plain text: a machine may say anything.</summary>
internal static class PlainText
{
    /// <summary>U+2400 and what follows it are pictures of the control characters, in their order.</summary>
    private const char ControlPictures = '\u2400';
    private const char PictureOfDelete = '\u2421';

    /// <summary>On one line; what cannot be seen is shown.</summary>
    public static string Line(string text) => Visible(text.ReplaceLineEndings(" "));

    /// <summary>With its line ends; all other control characters, and what turns the direction of text, are shown and not obeyed.</summary>
    public static string Visible(string text)
    {
        if (text.All(IsHarmless))
            return text;
        var visible = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (char.IsHighSurrogate(c) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            {
                visible.Append(c).Append(text[++at]);
            }
            else
            {
                visible.Append(Shown(c));
            }
        }

        return visible.ToString();
    }

    private static char Shown(char c) =>
        IsHarmless(c) ? c
        : c < ' ' ? (char)(ControlPictures + c)
        : c == '\u007f' ? PictureOfDelete
        : '\uFFFD';

    private static bool IsHarmless(char c) =>
        c is '\n' or '\t'
        || CharUnicodeInfo.GetUnicodeCategory(c)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );
}
