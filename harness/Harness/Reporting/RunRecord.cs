using Conformance.Harness.Machines;
using Conformance.Harness.Running;

namespace Conformance.Harness.Reporting;

/// <summary>Everything a run found out; all reports are made from it.</summary>
/// <param name="Header">What was run, on what.</param>
/// <param name="Results">One for every case that ran, in the order of the cases.</param>
/// <param name="Interrupted">Whether the run was stopped before its last case.</param>
public sealed record RunRecord(RunHeader Header, IReadOnlyList<CaseRecord> Results, bool Interrupted)
{
    /// <summary>Entries of the file of expectations that list no case of the suite, with their places: as red as a failure.</summary>
    public IReadOnlyList<string> StaleExpectations { get; init; } = [];

    /// <summary>Whether all was as expected: nothing red, nothing stale, and something that ran and counts.</summary>
    public bool IsSuccess => Summary.IsSuccess && StaleExpectations.Count == 0 && !Interrupted;

    /// <summary>The results counted.</summary>
    public RunSummary Summary { get; } =
        Results.Aggregate(default(RunSummary), (sum, result) => sum.With(result.Outcome));
}

/// <summary>What was run, on what.</summary>
/// <param name="Suite">Version of the suite.</param>
/// <param name="Vm">The machine under test, by its own account.</param>
/// <param name="Cases">Number of cases selected.</param>
public sealed record RunHeader(string Suite, VmRecord Vm, int Cases)
{
    /// <summary>How they were selected, and from what.</summary>
    public SelectionRecord Selection { get; init; } = SelectionRecord.Unknown;

    /// <summary>
    /// Version of the record's schema (docs/report-format.md). It grows when a reader of the older one could be misled; new members
    /// do not change it.
    /// </summary>
    public const int SchemaVersion = 1;
}

/// <summary>How the cases of a run were selected, and from what: two runs that differ here did not run the same.</summary>
/// <param name="Options">The options that say what is run, each as one text: <c>--filter 'pointer.*'</c>. None for everything.</param>
/// <param name="Vectors">A digest of the files of vectors and rules; null where they were in no files.</param>
/// <param name="Shard">The part of the selection that was run; null for all of it.</param>
public sealed record SelectionRecord(IReadOnlyList<string> Options, string? Vectors, ShardRecord? Shard)
{
    /// <summary>Nothing is known of it.</summary>
    public static SelectionRecord Unknown { get; } = new([], Vectors: null, Shard: null);
}

/// <summary>One of several parts that a selection of cases was dealt out to.</summary>
/// <param name="Index">Which, from 1.</param>
/// <param name="Count">How many parts there are.</param>
/// <param name="Of">How many cases all parts have together.</param>
public sealed record ShardRecord(int Index, int Count, int Of);

/// <summary>The machine under test, by its own account.</summary>
/// <param name="Name">For instance <c>reference</c>.</param>
/// <param name="Version">Its version.</param>
/// <param name="Kernel">The kernel version whose behaviour it models; null where it claims core rules only.</param>
/// <param name="Cpus">Number of possible CPUs.</param>
public sealed record VmRecord(string Name, string Version, string? Kernel, int Cpus)
{
    /// <summary>The record of an identity.</summary>
    public static VmRecord Of(MachineIdentity identity) =>
        new(identity.Name, identity.Version, identity.Kernel, identity.Cpus);
}
