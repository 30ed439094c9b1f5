using System.Text;

namespace Conformance.Cli.Selecting;

/// <summary>A command as one argument, taken apart as a shell would: blanks part words, quotes and backslashes keep them together. Nothing is expanded.</summary>
internal static class CommandWords
{
    /// <summary>The words; null with a reason where a quote is not closed.</summary>
    public static IReadOnlyList<string>? Split(string command, out string? problem)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (isWord, quote) = (false, '\0');
        problem = null;
        for (var index = 0; index < command.Length; index++)
        {
            var c = command[index];
            if (c == '\\' && quote != '\'' && index + 1 < command.Length)
            {
                word.Append(command[++index]);
                isWord = true;
            }
            else if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
                else
                    word.Append(c);
            }
            else if (c is '\'' or '"')
            {
                (quote, isWord) = (c, true);
            }
            else if (!char.IsWhiteSpace(c))
            {
                word.Append(c);
                isWord = true;
            }
            else if (isWord)
            {
                words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
        }

        if (isWord)
            words.Add(word.ToString());
        if (quote == '\0')
            return words;
        problem = $"the quote {quote} is not closed";
        return null;
    }
}
