using System.Text;

namespace Conformance.Tests.Snapshots;

/// <summary>The difference of two texts by lines, with a few lines around each change, as <c>diff -u</c> shows it.</summary>
internal static class LineDiff
{
    private const int Context = 3;

    /// <summary>Above this many cells the table of common subsequences is not worth its memory; the rest is shown as replaced.</summary>
    private const long LargestTable = 16_000_000;

    public static string Between(string before, string after)
    {
        var lines = Compare(Split(before), Split(after));
        var shown = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Mark != ' ')
            {
                var last = Math.Min(lines.Count - 1, i + Context);
                for (var near = Math.Max(0, i - Context); near <= last; near++)
                {
                    shown[near] = true;
                }
            }
        }

        var text = new StringBuilder();
        for (var i = 0; i < lines.Count; i++)
        {
            if (shown[i])
            {
                text.Append(lines[i].Mark).Append(' ').Append(lines[i].Text).Append('\n');
            }
            else if (i == 0 || shown[i - 1])
            {
                text.Append("  ...\n");
            }
        }

        return text.ToString();
    }

    private static string[] Split(string text) => text.Length == 0 ? [] : text.Split('\n');

    private static List<(char Mark, string Text)> Compare(string[] before, string[] after)
    {
        var start = 0;
        while (start < before.Length && start < after.Length && before[start] == after[start])
        {
            start++;
        }

        var end = 0;
        while (end < before.Length - start && end < after.Length - start && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }

        var lines = new List<(char, string)>();
        lines.AddRange(before[..start].Select(line => (' ', line)));
        lines.AddRange(CompareMiddle(before[start..^end], after[start..^end]));
        lines.AddRange(before[^end..].Select(line => (' ', line)));
        return lines;
    }

    private static IEnumerable<(char, string)> CompareMiddle(string[] before, string[] after)
    {
        if ((long)(before.Length + 1) * (after.Length + 1) > LargestTable)
        {
            return [.. before.Select(line => ('-', line)), .. after.Select(line => ('+', line))];
        }

        // common[i, j]: the length of the longest common subsequence of before[i..] and after[j..].
        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
            {
                common[i, j] =
                    before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return Walk(before, after, common);
    }

    private static List<(char, string)> Walk(string[] before, string[] after, int[,] common)
    {
        var lines = new List<(char, string)>();
        var (i, j) = (0, 0);
        while (i < before.Length || j < after.Length)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                lines.Add((' ', before[i++]));
                j++;
            }
            else if (j == after.Length || (i < before.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add(('-', before[i++]));
            }
            else
            {
                lines.Add(('+', after[j++]));
            }
        }

        return lines;
    }
}
