using Conformance.Cli.Output;
using Conformance.Cli.Selecting;
using Conformance.Harness.Certification;
using Conformance.Harness.Machines;
using Conformance.Harness.Reporting;
using Conformance.Harness.Rules;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;

namespace Conformance.Cli;

/// <summary>Runs cases on a kernel and enters those that held into the record.</summary>
/// <param name="vm">What <c>--vm</c> calls the machine.</param>
/// <param name="again">The command line that a failure is reproduced with, apart from its filter.</param>
internal sealed class CertificationRun(
    LoadedVectors vectors,
    IReadOnlyList<Case> selected,
    Func<IVirtualMachine> create,
    string vm,
    string again
)
{
    private readonly IReadOnlyList<Case> _cases = [.. selected.Where(@case => @case.Vector.Kind == VectorKind.Vector)];

    public async Task<int> Execute(
        int machines,
        bool allFailures,
        CertificationFile file,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        using var run = new RecordedRun(vectors.Set.Rules, _cases, create, result => CaseRecord.Of(result, again));
        var identity = run.Identify();
        if (KernelOf(identity) is not { } kernel)
        {
            return terminal.Refuse(
                $"--vm {vm}: {identity.Name} is no running Linux kernel, and only a running kernel certifies"
            );
        }

        if (_cases.Count == 0)
        {
            return terminal.Refuse("only reproductions are selected, and they count for nothing");
        }

        var record = await run.Run(identity, [], machines, terminal, cancellation);
        RunOutput.WriteFailures(record, terminal, allFailures);
        RunOutput.WriteReasons(record, terminal);
        terminal.Out.WriteLine(RunOutput.Summary(record));
        if (record.Interrupted)
        {
            return ExitCode.Interrupted;
        }

        if (record.Summary is { Passed: 0, Failed: 0 })
        {
            // No verdict, so no news for the record.
            return Judge(record);
        }

        return Enter(record, kernel, file) ? Judge(record) : ExitCode.BrokenInput;
    }

    private static CertifiedKernel? KernelOf(MachineIdentity identity) =>
        identity.LiveArchitecture is { } architecture && KernelVersion.TryParse(identity.Kernel ?? "", out var version)
            ? new CertifiedKernel(version, architecture)
            : null;

    private bool Enter(RunRecord record, CertifiedKernel kernel, CertificationFile file)
    {
        var held = Ids(record, CaseOutcome.Passed);
        var failed = Ids(record, CaseOutcome.Failed);
        return file.Change(
            (before, hashes) =>
            {
                var cases = held.ToDictionary(id => id, id => hashes[id], StringComparer.Ordinal);
                return before.With(new Certificate(kernel, SuiteVersion.Text, cases), failed, hashes);
            }
        )
            is not null;
    }

    private static HashSet<string> Ids(RunRecord record, CaseOutcome outcome) =>
        record
            .Results.Where(result => result.Outcome == outcome)
            .Select(result => result.Id)
            .ToHashSet(StringComparer.Ordinal);

    private int Judge(RunRecord record) =>
        record.Summary switch
        {
            { Failed: > 0 } or { Errored: > 0 } => ExitCode.Failures,
            { Passed: 0 } => ExitCode.NothingRun,
            _ when vectors.HasGaps && selected.Count == vectors.Set.Cases.Count => ExitCode.BrokenInput,
            _ => ExitCode.Ok,
        };
}
