namespace Conformance.Cli.Selecting;

/// <summary>Why a file cannot be written, in words that fit behind its name.</summary>
internal static class FileProblem
{
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException;

    public static string Of(Exception exception, string file) =>
        Directory.Exists(file) ? "is a directory" : Of(exception);

    /// <summary>The same of a file that cannot be read.</summary>
    public static string OfReading(Exception exception, string file) =>
        exception is FileNotFoundException or DirectoryNotFoundException
            ? "there is no such file"
            : Of(exception, file);

    public static string Of(Exception exception) =>
        exception is DirectoryNotFoundException ? "the directory it is to be in does not exist"
        : exception is UnauthorizedAccessException ? "permission denied"
        // .NET repeats the path behind the system's own words.
        : exception.Message.Split(" : '")[0];
}
