using System.CommandLine;
using Conformance.Harness.Vectors;

namespace Conformance.Cli.Selecting;

/// <summary>The option <c>--vectors</c>, and loading what it names.</summary>
internal static class VectorFolder
{
    /// <summary>Enough to see what is wrong, without burying it.</summary>
    private const int ErrorsShown = 20;

    public static Option<string?> Option() =>
        new("--vectors")
        {
            Description =
                "The folder of vectors; by default the one above the working directory, else the one that was shipped.",
            HelpName = "DIR",
        };

    /// <summary>The vectors, or null after saying what is wrong with them.</summary>
    public static VectorSet? Load(string? option, Terminal terminal)
    {
        if (VectorLocation.Find(option) is not { } folder)
        {
            terminal.Refuse("no folder of vectors found; name one with --vectors");
            return null;
        }

        var (set, errors) = VectorSet.Load(folder);
        if (set is not null && errors.Count == 0)
        {
            return set;
        }

        foreach (var error in errors.Take(ErrorsShown))
        {
            terminal.Refuse(error.ToString());
        }

        if (errors.Count > ErrorsShown)
        {
            terminal.Error.WriteLine($"and {errors.Count - ErrorsShown} more");
        }

        return null;
    }
}
