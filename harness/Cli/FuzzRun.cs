using Conformance.Cli.Output;
using Conformance.Cli.Selecting;
using Conformance.Harness.Fuzzing;
using Conformance.Harness.Machines;

namespace Conformance.Cli;

/// <summary>A campaign from its first seed to the exit code.</summary>
internal sealed class FuzzRun(
    MachinePair machines,
    CampaignBounds bounds,
    int seed,
    int length,
    int jobs,
    FindingFolder? folder,
    Terminal terminal,
    bool verbose
)
{
    private readonly SequenceStatistics _sequences = new();
    private readonly ProgramStatistics _programs = new();
    private readonly SoundnessStatistics _soundness = new();
    private readonly Lock _gate = new();

    public int Execute(string kind, CancellationToken cancellation) =>
        kind == "soundness" ? ExecuteAlone(cancellation) : ExecutePair(kind, cancellation);

    private int ExecuteAlone(CancellationToken cancellation)
    {
        using (var machine = machines.CreateChecked())
        {
            terminal.Out.WriteLine($"{Describe(machine.Identity)}; seeds from {seed}, {jobs} at a time");
        }

        try
        {
            Run("programs", () => new SoundnessWorker(machines.CreateChecked(), _soundness, Found), cancellation);
        }
        finally
        {
            FuzzOutput.Write(_soundness, terminal, verbose);
        }

        return End(cancellation);
    }

    private int ExecutePair(string kind, CancellationToken cancellation)
    {
        var (one, other) = machines.Create();
        using (one)
        using (other)
        {
            if (one.Identity.Cpus != other.Identity.Cpus)
            {
                return terminal.Refuse(
                    $"{machines.FirstName} has {one.Identity.Cpus} CPUs and {machines.SecondName} {other.Identity.Cpus}: per-CPU values cannot be compared"
                );
            }

            terminal.Out.WriteLine(
                $"{Describe(one.Identity)}, held against {Describe(other.Identity)}; seeds from {seed}, {jobs} at a time"
            );
        }

        try
        {
            if (kind is "sequences" or "both")
            {
                Run(
                    "sequences",
                    (first, second) => new SequenceWorker(first, second, length, _sequences, Found),
                    cancellation
                );
            }

            if (kind is "programs" or "both" && !cancellation.IsCancellationRequested)
            {
                Run("programs", (first, second) => new ProgramWorker(first, second, _programs, Found), cancellation);
            }
        }
        finally
        {
            // Also where a machine broke: what was seen until then was seen.
            FuzzOutput.Write(_sequences, terminal, verbose);
            FuzzOutput.Write(_programs, machines, terminal, verbose);
        }

        return End(cancellation);
    }

    private bool HasFailures =>
        _programs.HasFailures || _sequences.Differences.Total + _soundness.Trapped.Total + _soundness.Broken.Total > 0;

    private int End(CancellationToken cancellation) =>
        cancellation.IsCancellationRequested ? ExitCode.Interrupted
        : HasFailures ? ExitCode.Failures
        : ExitCode.Ok;

    private void Run(
        string what,
        Func<IVirtualMachine, IVirtualMachine, IFuzzWorker> create,
        CancellationToken cancellation
    ) =>
        Run(
            what,
            () =>
            {
                var (first, second) = machines.Create();
                return create(first, second);
            },
            cancellation
        );

    private void Run(string what, Func<IFuzzWorker> create, CancellationToken cancellation)
    {
        var progress = new FuzzProgress(terminal, what, bounds);
        try
        {
            Campaign.Run(
                () =>
                {
                    // One at a time: the first machine of a kind may set up what all of them share.
                    lock (_gate)
                    {
                        return create();
                    }
                },
                jobs,
                seed,
                bounds,
                progress.Advance,
                cancellation
            );
        }
        finally
        {
            progress.End();
        }
    }

    private void Found(Finding finding)
    {
        lock (_gate)
        {
            var path = folder?.Save(finding);
            FuzzOutput.Write(finding, path, terminal);
        }
    }

    private static string Describe(MachineIdentity identity) =>
        $"{identity.Name} {identity.Version}"
        + (identity.Kernel is { } kernel && kernel != identity.Version ? $" (as Linux {kernel})" : "");
}
