using System.CommandLine;
using Conformance.Harness.Certification;
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

    /// <summary>The vectors, or null after saying what is wrong with them. Rules that nothing checks are said, and left to the caller to judge.</summary>
    /// <param name="option">The folder that the user named.</param>
    /// <param name="terminal">Where complaints go.</param>
    /// <param name="files">Files to load instead of the folder's, where there are any.</param>
    public static LoadedVectors? Load(string? option, Terminal terminal, IReadOnlyList<string>? files = null)
    {
        if (VectorLocation.Find(option) is not { } folder)
        {
            terminal.Refuse("no folder of vectors found; name one with --vectors");
            return null;
        }

        var shortened = Shortened(folder);
        var (set, errors) = files is { Count: > 0 } ? VectorSet.Load(shortened, files) : VectorSet.Load(shortened);
        Show(errors, terminal);
        return set is null ? null : new LoadedVectors(shortened, set, HasGaps: errors.Count > 0);
    }

    /// <summary>What kernels have certified of these vectors; <see cref="CertificationLoad.Record"/> is null after saying what is wrong with the file.</summary>
    public static CertificationLoad Certification(LoadedVectors vectors, Terminal terminal)
    {
        var load = CertificationRecord.Load(vectors.Folder);
        Show(load.Errors, terminal);
        return load;
    }

    public static void Show(IReadOnlyList<LoadError> errors, Terminal terminal)
    {
        foreach (var error in errors.Take(ErrorsShown))
        {
            terminal.Refuse(error.ToString());
        }

        if (errors.Count > ErrorsShown)
        {
            terminal.Error.WriteLine($"and {errors.Count - ErrorsShown} more");
        }
    }

    /// <summary>Below the working directory, messages are shorter with a relative path.</summary>
    private static string Shortened(string folder)
    {
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), folder);
        return relative.StartsWith("..", StringComparison.Ordinal) ? folder : relative;
    }
}

/// <summary>The vectors of a folder.</summary>
/// <param name="Folder">The folder, as messages name it.</param>
/// <param name="HasGaps">Whether a rule has neither a vector nor a reason for having none: a run of everything is then not green.</param>
internal sealed record LoadedVectors(string Folder, VectorSet Set, bool HasGaps);
