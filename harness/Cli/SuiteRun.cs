using Conformance.Cli.Output;
using Conformance.Cli.Selecting;
using Conformance.Harness.Expectations;
using Conformance.Harness.Machines;
using Conformance.Harness.Reporting;
using Conformance.Harness.Rules;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Cli;

/// <summary>One run of selected cases on one kind of machine, from the first answer to the exit code.</summary>
/// <param name="again">The command line that a failure is reproduced with, apart from its filter.</param>
/// <param name="elsewhere">The same in reports, which are read elsewhere.</param>
internal sealed class SuiteRun(
    LoadedVectors vectors,
    IReadOnlyList<Case> cases,
    Func<IVirtualMachine> create,
    string again,
    string elsewhere
)
{
    /// <summary>How the cases were selected.</summary>
    public SelectionRecord Selection { get; init; } = SelectionRecord.Unknown;

    /// <summary>The run that this one goes on with; null where it begins anew.</summary>
    public Resumption? Resumed { get; init; }

    /// <summary>What is expected not to pass; null where everything is to pass.</summary>
    public ExpectationFile? Expectations { get; init; }

    /// <summary>Whether patterns of <see cref="Expectations"/> that list no case are worth a word: not where only single files were loaded.</summary>
    public bool IsWholeSuite { get; init; } = true;

    /// <summary>Whether the file of expectations is to be written.</summary>
    public bool Update { get; init; }

    private RuleCatalogue Rules => vectors.Set.Rules;

    private bool IsComplete => cases.Count == vectors.Set.Cases.Count;

    public async Task<int> Execute(
        int machines,
        bool allFailures,
        IReadOnlyList<ReportTarget> targets,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        using var run = new RecordedRun(Rules, cases, create, Record)
        {
            Selection = Selection,
            Earlier = [.. (Resumed?.Results ?? []).Select(Judged)],
            Stale = IsWholeSuite && Expectations is not null ? [.. Expectations.Index.Stale] : [],
        };
        var identity = run.Identify();
        if (Resumed?.Problem(run.Header(identity)) is { } other)
        {
            return terminal.Refuse(other);
        }

        var streams = targets.Select(target => target.Stream).OfType<TextWriter>();
        var start = terminal.Clock.GetTimestamp();
        var record = await run.Run(identity, streams, machines, terminal, cancellation);
        var elapsed = terminal.Clock.GetElapsedTime(start);
        // The terminal first: whatever becomes of the reports, the result is there.
        RunOutput.Write(record, [.. Rows()], RunRate.Of(Fresh(record), elapsed), terminal, allFailures);
        var code = Update ? Updated(record, terminal) : Judge(record);
        foreach (var problem in targets.Select(target => target.Write(record, vectors.Set)).OfType<string>())
        {
            code = terminal.Refuse(problem);
        }

        return code;
    }

    /// <summary>What was run here and now.</summary>
    private RunRecord Fresh(RunRecord record) =>
        new(record.Header, [.. record.Results.Skip(Resumed?.Results.Count ?? 0)], record.Interrupted);

    private CaseRecord Record(CaseResult result) => Judged(CaseRecord.Of(result, again, elsewhere));

    private CaseRecord Judged(CaseRecord record) => (Expectations?.Index ?? ExpectationIndex.Empty).Judge(record);

    /// <summary>What was red is now written in the file, so that the run is as expected.</summary>
    private int Updated(RunRecord record, Terminal terminal)
    {
        if (record.Interrupted || record.Summary is { Executed: 0, Errored: 0 })
        {
            terminal.Error.WriteLine("the file of expectations was left alone, as the run did not get to its end");
            return Judge(record);
        }

        return Expectations!.Update(record, terminal) ? ExitCode.Ok : ExitCode.BrokenInput;
    }

    /// <summary>All rules where all cases were to run, else those that the selected cases check.</summary>
    private IEnumerable<string> Rows()
    {
        var rules = Rules.Rules.Select(rule => rule.Id);
        var cited = cases.SelectMany(@case => @case.Vector.Rules).ToHashSet(StringComparer.Ordinal);
        return IsComplete ? rules : rules.Where(cited.Contains);
    }

    private int Judge(RunRecord record) =>
        record switch
        {
            { Interrupted: true } => ExitCode.Interrupted,
            { Summary.Red: > 0 } or { StaleExpectations.Count: > 0 } => ExitCode.Failures,
            { Summary.IsSuccess: false } => ExitCode.NothingRun,
            _ when IsComplete && vectors.HasGaps => ExitCode.BrokenInput,
            _ => ExitCode.Ok,
        };
}
