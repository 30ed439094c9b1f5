using System.Text;

namespace Conformance.Harness.Documentation;

/// <summary>The files that go into a book as they are; they lie within the assembly.</summary>
internal static class BookResources
{
    public static string Text(string file) => Required($"text/{file}");

    public static string Page(string file) => Required($"page/{file}");

    /// <summary>The text with its line ends as line feeds, or null.</summary>
    public static string? Find(string path)
    {
        using var stream = typeof(BookResources).Assembly.GetManifestResourceStream($"book/{path}");
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static string Required(string path) =>
        Find(path) ?? throw new InvalidOperationException($"{path} is not part of the assembly");
}
