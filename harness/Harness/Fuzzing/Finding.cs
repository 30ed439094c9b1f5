namespace Conformance.Harness.Fuzzing;

/// <summary>What a finding counts for.</summary>
public enum FindingWeight
{
    /// <summary>Something is wrong.</summary>
    Failure,

    /// <summary>The machine under test refuses what the other accepts: a lack of precision.</summary>
    Gap,

    /// <summary>The machine that it was held against contradicts itself.</summary>
    Aside,
}

/// <summary>Something that random testing found.</summary>
/// <param name="Kind"><c>program</c> or <c>sequence</c>.</param>
/// <param name="Seed">The seed that shows it.</param>
/// <param name="Summary">What differs, in one line.</param>
/// <param name="Weight">What it counts for.</param>
/// <param name="Text">The smallest program or sequence found that shows it.</param>
/// <param name="File">Its reproduction file's text, made for a folder.</param>
public sealed record Finding(
    string Kind,
    int Seed,
    string Summary,
    FindingWeight Weight,
    string Text,
    Func<string, string> File
)
{
    /// <summary>The name of its file, without the ending.</summary>
    public string Name => $"{Kind}-{Seed}";
}
