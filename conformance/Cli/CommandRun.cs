using Conformance.Cli;
using Conformance.Harness.Machines;

namespace Conformance.Tests.Cli;

/// <summary>The command line run in this process: what it answered and printed.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    public static CommandRun Of(params string[] args) => Of(() => new ScriptedMachine(), default, args);

    public static CommandRun Of(Func<IVirtualMachine> machine, CancellationToken cancellation, params string[] args) =>
        Of(
            new Dictionary<string, Func<IVirtualMachine>>(StringComparer.Ordinal) { [Machines.Default] = machine },
            cancellation,
            args
        );

    /// <param name="machines">The machines that <c>--vm</c> can name.</param>
    /// <param name="cancellation">Interrupts it.</param>
    /// <param name="args">The command line.</param>
    public static CommandRun Of(
        IReadOnlyDictionary<string, Func<IVirtualMachine>> machines,
        CancellationToken cancellation,
        params string[] args
    )
    {
        var stdout = new StringWriter { NewLine = "\n" };
        var stderr = new StringWriter { NewLine = "\n" };
        var code = CommandLine.Run(
            args,
            new Terminal(stdout, stderr) { Clock = new StoppedClock() },
            machines,
            cancellation
        );
        return new CommandRun(code, stdout.ToString(), stderr.ToString());
    }

    /// <summary>So that what a run prints does not depend on how long it took.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
