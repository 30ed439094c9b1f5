namespace Conformance.Harness.Vectors;

/// <summary>Finds the vectors folder: what the user names, else the nearest one upwards, else the one beside the program.</summary>
public static class VectorLocation
{
    private const string FolderName = "vectors";

    /// <summary>
    /// The folder to load. Without <paramref name="option"/>, the first folder <c>vectors</c> that holds a <c>rules.json</c>:
    /// in the working directory or one above it, then beside the assemblies. Null where there is none. An option is taken as it is.
    /// </summary>
    public static string? Find(string? option = null) =>
        option ?? Find(Directory.GetCurrentDirectory(), AppContext.BaseDirectory);

    internal static string? Find(string workingDirectory, string programDirectory)
    {
        // What lies beside the program is a copy, and after a build an old one may hold files that are gone: it comes last.
        var program = Path.TrimEndingDirectorySeparator(Path.GetFullPath(programDirectory));
        for (var at = new DirectoryInfo(workingDirectory); at is not null; at = at.Parent)
        {
            if (at.FullName != program && In(at.FullName) is { } found)
                return found;
        }

        return In(programDirectory);
    }

    private static string? In(string directory)
    {
        var folder = Path.Combine(directory, FolderName);
        return File.Exists(Path.Combine(folder, RulesFile)) ? folder : null;
    }

    internal const string RulesFile = "rules.json";
}
