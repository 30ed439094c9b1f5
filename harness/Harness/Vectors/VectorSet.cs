using Conformance.Harness.Rules;

namespace Conformance.Harness.Vectors;

/// <summary>All rules, vectors and cases of one folder.</summary>
/// <param name="Rules">The catalogue.</param>
/// <param name="Vectors">The vectors, by id.</param>
/// <param name="Cases">The cases: by vector, then in the order of its axes.</param>
public sealed record VectorSet(RuleCatalogue Rules, IReadOnlyList<Vector> Vectors, IReadOnlyList<Case> Cases)
{
    /// <summary>A digest of the files that it was loaded from, as hex digits: equal exactly where all of them are.</summary>
    public string? Digest { get; init; }

    /// <summary>Loads and expands everything below <paramref name="directory"/>. Never throws for what is in the files.</summary>
    public static VectorLoad Load(string directory) => new VectorLoader(directory).Load();

    /// <summary>
    /// Loads and expands single files, wherever they lie, by the catalogue of <paramref name="directory"/>. A file's id is its folder's and its own name; nothing is
    /// said of rules that they leave unchecked.
    /// </summary>
    public static VectorLoad Load(string directory, IReadOnlyList<string> files) =>
        new VectorLoader(directory).Load(files);
}

/// <summary>What became of loading: a set, and all errors there are.</summary>
/// <param name="Set">
/// The set; null where any file is broken. Gaps in coverage leave it usable for those who fill them; a run for others is red
/// with any error.
/// </param>
/// <param name="Errors">All errors, by file and line.</param>
public sealed record VectorLoad(VectorSet? Set, IReadOnlyList<LoadError> Errors);
