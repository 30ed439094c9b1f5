namespace Conformance.Harness.Fuzzing;

/// <summary>Something that random testing found.</summary>
/// <param name="Kind"><c>program</c> or <c>sequence</c>.</param>
/// <param name="Seed">The seed that shows it.</param>
/// <param name="Summary">What differs, in one line.</param>
/// <param name="IsFailure">Whether it is wrong; a precision gap is not.</param>
/// <param name="Text">The smallest program or sequence found that shows it.</param>
/// <param name="File">Its reproduction file's text, made for a folder.</param>
public sealed record Finding(
    string Kind,
    int Seed,
    string Summary,
    bool IsFailure,
    string Text,
    Func<string, string> File
)
{
    /// <summary>The name of its file, without the ending.</summary>
    public string Name => $"{Kind}-{Seed}";
}
