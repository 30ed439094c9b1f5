namespace Conformance.Cli;

/// <summary>What <c>exec</c> was asked to do.</summary>
internal sealed record ExecOptions
{
    /// <summary>Instructions after which a run is ended: seconds, not minutes.</summary>
    public const long DefaultBudget = 1_000_000_000;

    /// <summary>The file with the program; null is standard input.</summary>
    public string? File { get; init; }

    /// <summary>The program itself in hex, in place of a file or standard input: <c>--program</c> of the public suite's plugins.</summary>
    public string? Program { get; init; }

    /// <summary>Whether the program is assembly, not hex.</summary>
    public bool Assembly { get; init; }

    /// <summary>The memory block in hex; null or empty is none.</summary>
    public string? Memory { get; init; }

    /// <summary>Instructions the program may execute.</summary>
    public long Budget { get; init; } = DefaultBudget;

    /// <summary>Whether the program comes as an ELF object, which the public suite may ask for and this command refuses.</summary>
    public bool Elf { get; init; }
}
