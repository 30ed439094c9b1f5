namespace Conformance.Cli;

/// <summary>How to start this command again from the same working directory: a failure's command must work when it is pasted.</summary>
internal static class OwnCommand
{
    public const string Name = "helper-conformance";

    public static string OfProcess() =>
        Of(
            Environment.ProcessPath ?? Name,
            Path.Combine(AppContext.BaseDirectory, Name + ".dll"),
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
            Directory.GetCurrentDirectory()
        );

    /// <param name="process">The file that runs: the command, or <c>dotnet</c>.</param>
    /// <param name="library">The command's library, which <c>dotnet</c> runs.</param>
    internal static string Of(string process, string library, IReadOnlyList<string> searched, string workingDirectory)
    {
        if (Path.GetFileNameWithoutExtension(process) != Name)
        {
            return $"dotnet {Quoted(Near(library, workingDirectory))}";
        }

        return searched.Contains(Path.GetDirectoryName(process)) ? Name : Quoted(Near(process, workingDirectory));
    }

    /// <summary>As a word for a shell.</summary>
    public static string Quoted(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+:=@".Contains(c))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Near(string file, string workingDirectory)
    {
        var relative = Path.GetRelativePath(workingDirectory, file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : Path.Combine(".", relative);
    }
}
