using Conformance.Cli.Output;
using Conformance.Cli.Selecting;
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
        MachineIdentity identity;
        using (var first = create())
        {
            identity = first.Identity;
        }

        var header = new RunHeader(SuiteVersion.Text, VmRecord.Of(identity), cases.Count);
        var recorder = new RunRecorder(header, targets.Select(target => target.Stream).OfType<TextWriter>());
        var start = terminal.Clock.GetTimestamp();
        var interrupted = !await RunCases(recorder, machines, terminal, cancellation);
        var elapsed = terminal.Clock.GetElapsedTime(start);
        var record = recorder.Finish(interrupted);
        // The terminal first: whatever becomes of the reports, the result is there.
        RunOutput.Write(record, [.. Rows()], RunRate.Of(record, elapsed), terminal, allFailures);
        var code = Judge(record);
        foreach (var problem in targets.Select(target => target.Write(record)).OfType<string>())
        {
            code = terminal.Refuse(problem);
        }

        return code;
    }

    /// <summary>All rules where all cases were to run, else those that the selected cases check.</summary>
    private IEnumerable<string> Rows()
    {
        var rules = Rules.Rules.Select(rule => rule.Id);
        var cited = cases.SelectMany(@case => @case.Vector.Rules).ToHashSet(StringComparer.Ordinal);
        return IsComplete ? rules : rules.Where(cited.Contains);
    }

    /// <returns>Whether all cases ran.</returns>
    private async Task<bool> RunCases(
        RunRecorder recorder,
        int machines,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        var progress = new Progress(terminal, cases.Count);
        try
        {
            await foreach (var result in new Runner(Rules).RunAll(create, cases, machines, cancellation))
            {
                recorder.Add(CaseRecord.Of(result, again, elsewhere));
                progress.Advance(result);
            }

            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            progress.Clear();
        }
    }

    private int Judge(RunRecord record) =>
        record switch
        {
            { Interrupted: true } => ExitCode.Interrupted,
            { Summary: { Failed: > 0 } or { Errored: > 0 } } => ExitCode.Failures,
            { Summary.Passed: 0 } => ExitCode.NothingRun,
            _ when IsComplete && vectors.HasGaps => ExitCode.BrokenInput,
            _ => ExitCode.Ok,
        };
}
