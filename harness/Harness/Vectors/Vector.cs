namespace Conformance.Harness.Vectors;

/// <summary>What a file of the vectors folder is for.</summary>
public enum VectorKind
{
    /// <summary>A vector: it counts.</summary>
    Vector,

    /// <summary>A saved finding: it runs, but it is no vector and covers no rule.</summary>
    Reproduction,
}

/// <summary>One vector: a small world, what happens in it, and what a virtual machine must show.</summary>
public sealed record Vector
{
    /// <summary>Folder and file name joined by a dot.</summary>
    public required string Id { get; init; }

    /// <summary>What happens, as one sentence.</summary>
    public required string Title { get; init; }

    /// <summary>Ids of the rules it checks; the first is the one that steps without a rule of their own judge.</summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>The bug it exists for.</summary>
    public required string Catches { get; init; }

    /// <summary>Vector or reproduction.</summary>
    public VectorKind Kind { get; init; }

    /// <summary>Path of its file as it was found.</summary>
    public required string File { get; init; }

    /// <summary>Names of the axes it is expanded over, in order; empty for a vector that is one case.</summary>
    public IReadOnlyList<string> Axes { get; init; } = [];
}
