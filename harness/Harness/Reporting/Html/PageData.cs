using System.Text.Json;
using System.Text.Json.Serialization;

namespace Conformance.Harness.Reporting.Html;

/// <summary>What the page is made from in the browser. Every text is a place in <paramref name="Lines"/>; -1 stands for none.</summary>
/// <param name="Suite">Version of the suite that made the page.</param>
/// <param name="Areas">Titles, by the first word of a rule's id.</param>
/// <param name="Rules">Id, level, since, sentence.</param>
/// <param name="Vectors">Id, title, catches, and the places of its rules.</param>
/// <param name="Cases">Vector, what the id has behind the vector's, program type, attach type, steps, programs.</param>
/// <param name="Steps">Of a case, for each step: its number (-1 for the world), track, operation, why, and what is expected.</param>
/// <param name="Programs">Of a case, for each program: name, type, and its listing.</param>
internal sealed record PageData(
    string Suite,
    IReadOnlyList<RunData> Runs,
    IReadOnlyDictionary<string, string> Areas,
    IReadOnlyList<int[]> Rules,
    IReadOnlyList<int[]> Vectors,
    IReadOnlyList<int[]> Cases,
    IReadOnlyList<int[][]> Steps,
    IReadOnlyList<int[][]> Programs,
    IReadOnlyList<string> Lines
);

/// <summary>A run.</summary>
/// <param name="Outcomes">A letter for each case (<see cref="OutcomeLetter"/>), a dot where it was not run.</param>
/// <param name="Details">By the number of the case, where there is more to say than that it passed.</param>
/// <param name="Command">What runs its cases again, apart from the filter; null where no case needed it.</param>
internal sealed record RunData(
    string Label,
    string Name,
    string Version,
    string? Kernel,
    int Cpus,
    string Suite,
    bool Interrupted,
    int Selected,
    IReadOnlyList<string> Options,
    string? Shard,
    IReadOnlyList<string> Stale,
    string Outcomes,
    IReadOnlyDictionary<int, DetailData> Details,
    string? Command
);

/// <summary>What there is to say of a case on a machine.</summary>
internal sealed record DetailData
{
    public int? Message { get; init; }
    public int? Rule { get; init; }
    public int? Step { get; init; }
    public int? Operation { get; init; }
    public int? Expected { get; init; }
    public int? Actual { get; init; }
    public int[]? Log { get; init; }
    public int? Aftermath { get; init; }
    public int[]? Stderr { get; init; }

    /// <summary>Observed outcome, pattern, reason, link, owner.</summary>
    public int[]? Listed { get; init; }

    /// <summary>Where it is not the run's command with a filter.</summary>
    public int? Reproduce { get; init; }

    /// <summary>The block of the steps that ran, and for each of them the answer and a letter for its state.</summary>
    public int? Steps { get; init; }
    public int[]? Answers { get; init; }
    public string? States { get; init; }

    /// <summary>The block of the programs that the record has.</summary>
    public int? Programs { get; init; }
}

/// <summary>
/// The default encoder of System.Text.Json escapes angle brackets and ampersands too: no text can end the element that the data stands
/// in, or begin a comment there.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(PageData))]
internal sealed partial class PageJson : JsonSerializerContext;
