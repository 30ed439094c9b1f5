using Conformance.Cli.Output;
using Conformance.Harness.Machines;
using Conformance.Harness.Reporting;
using Conformance.Harness.Rules;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Cli;

/// <summary>Runs cases on one kind of machine and records what comes back, with a line of progress.</summary>
/// <param name="record">What is kept of a result.</param>
internal sealed class RecordedRun(
    RuleCatalogue rules,
    IReadOnlyList<Case> cases,
    Func<IVirtualMachine> create,
    Func<CaseResult, CaseRecord> record
) : IDisposable
{
    private IVirtualMachine? _first;

    /// <summary>How the cases were selected.</summary>
    public SelectionRecord Selection { get; init; } = SelectionRecord.Unknown;

    /// <summary>Results of an earlier run: their cases are not run again.</summary>
    public IReadOnlyList<CaseRecord> Earlier { get; init; } = [];

    /// <summary>Entries of a file of expectations that list no case.</summary>
    public IReadOnlyList<string> Stale { get; init; } = [];

    /// <summary>Who the machines are. The one that was asked is the first that runs cases: starting one may take long.</summary>
    public MachineIdentity Identify()
    {
        _first = create();
        return _first.Identity;
    }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _first, value: null)?.Dispose();

    /// <summary>What the record will say of the run as a whole.</summary>
    public RunHeader Header(MachineIdentity identity) =>
        new(SuiteVersion.Text, VmRecord.Of(identity), cases.Count) { Selection = Selection };

    /// <summary>Runs all cases, or until it is cancelled: then the record says so.</summary>
    /// <param name="identity">Who the machines are.</param>
    /// <param name="streams">Where records are written as they come.</param>
    /// <param name="machines">How many at the same time.</param>
    public async Task<RunRecord> Run(
        MachineIdentity identity,
        IEnumerable<TextWriter> streams,
        int machines,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        var recorder = new RunRecorder(Header(identity), streams);
        var progress = new Progress(terminal, cases.Count);
        foreach (var result in Earlier)
        {
            recorder.Add(result);
            progress.Advance(result);
        }

        var done = Earlier.Select(result => result.Id).ToHashSet(StringComparer.Ordinal);
        var rest = cases.Where(@case => !done.Contains(@case.Id)).ToArray();
        var interrupted = false;
        try
        {
            await foreach (var result in new Runner(rules).RunAll(Create, rest, machines, cancellation))
            {
                var kept = record(result);
                recorder.Add(kept);
                progress.Advance(kept);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            interrupted = true;
        }
        finally
        {
            progress.Clear();
        }

        return recorder.Finish(interrupted, Stale);
    }

    private IVirtualMachine Create() => Interlocked.Exchange(ref _first, value: null) ?? create();
}
