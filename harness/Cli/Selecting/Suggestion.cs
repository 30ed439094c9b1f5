namespace Conformance.Cli.Selecting;

/// <summary>What somebody who mistyped a name may have meant.</summary>
internal static class Suggestion
{
    /// <summary>A sentence to append, or nothing where no name is near.</summary>
    public static string For(string typed, IEnumerable<string> names)
    {
        var nearest = names
            .Select(name => (name, distance: Distance(typed, name)))
            .DefaultIfEmpty()
            .MinBy(n => n.distance);
        // A third of the letters wrong is still a typing error; more is another word.
        return nearest.name is { } found && nearest.distance * 3 <= Math.Max(typed.Length, found.Length)
            ? $"; did you mean {found}?"
            : "";
    }

    /// <summary>Levenshtein's: insertions, deletions and substitutions that turn one into the other.</summary>
    internal static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var above = row[j];
                var substituted = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(substituted, Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }

        return row[^1];
    }
}
