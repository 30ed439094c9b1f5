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
)
{
    /// <summary>Who the machines are.</summary>
    public MachineIdentity Identify()
    {
        using var machine = create();
        return machine.Identity;
    }

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
        var header = new RunHeader(SuiteVersion.Text, VmRecord.Of(identity), cases.Count);
        var recorder = new RunRecorder(header, streams);
        var progress = new Progress(terminal, cases.Count);
        var interrupted = false;
        try
        {
            await foreach (var result in new Runner(rules).RunAll(create, cases, machines, cancellation))
            {
                recorder.Add(record(result));
                progress.Advance(result);
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

        return recorder.Finish(interrupted);
    }
}
