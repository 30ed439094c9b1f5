using System.Runtime.InteropServices;
using Conformance.Cli;
using Conformance.Harness.Wire;

using var interruption = new CancellationTokenSource();

// The first signal ends a run with its reports; the second one ends the process. Other commands have nothing to save.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
return CommandLine.Run(args, Terminal.OfProcess(), Machines.Known, interruption.Token);

void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = (args.Contains("run") || args.Contains("fuzz")) && !interruption.IsCancellationRequested;
    if (signal.Cancel)
    {
        // Said before anything else happens: whatever holds the run up, one knows how to leave.
        Console.Error.WriteLine(
            "interrupted: the cases under way end, and reports are written; once more to leave at once"
        );
    }

    interruption.Cancel();
    if (!signal.Cancel)
    {
        // The process ends here and now, and would leave behind those that do not end with their input.
        Adapter.KillAll();
    }
}
