using System.CommandLine;
using Conformance.Cli.Selecting;
using Conformance.Harness.Machines;

namespace Conformance.Cli;

/// <summary><c>helper-conformance certify</c>: has a kernel confirm the vectors, and records which of them held on it.</summary>
internal static class CertifyCommand
{
    private const string Kernel = "linux";

    public static Command Create(Terminal terminal, IReadOnlyDictionary<string, Func<IVirtualMachine>> machines)
    {
        var options = new RunOptions(machines, "The kernel, one that runs, since a model certifies nothing", Kernel);
        var selection = new Selection();
        var prune = new Option<bool>("--prune")
        {
            Description =
                "Run nothing, only drop what certifies nothing any more: cases that have changed or are gone.",
        };
        var vectors = VectorFolder.Option();
        var command = new Command(
            "certify",
            "Run cases on the kernel of this machine and record in certified.json which of them held."
        )
        {
            options.Vm,
        };
        foreach (var option in selection.Options)
        {
            command.Add(option);
        }

        foreach (var option in (Option[])[prune, vectors, options.Jobs, .. options.Limits, options.AllFailures])
        {
            command.Add(option);
        }

        command.SetAction(
            async (parsed, cancellation) =>
            {
                if (
                    options.Machine(parsed, terminal, cancellation) is not { } create
                    || options.Count(parsed, terminal) is not { } count
                )
                {
                    return ExitCode.BrokenInput;
                }

                if (
                    VectorFolder.Load(parsed.GetValue(vectors), terminal) is not { } loaded
                    || VectorFolder.Certification(loaded, terminal).Record is null
                )
                {
                    return ExitCode.BrokenInput;
                }

                var file = new CertificationFile(loaded, terminal);
                if (parsed.GetValue(prune))
                {
                    return selection.Options.Any(option => parsed.GetResult(option) is not null)
                        ? terminal.Refuse("--prune is for the whole record: it takes no selection of cases")
                        : file.Prune();
                }

                if (selection.Choose(loaded.Set, parsed, terminal) is not { } cases)
                {
                    return ExitCode.BrokenInput;
                }

                var name = parsed.GetRequiredValue(options.Vm);
                var again = RunCommand.Again(terminal.Command, name, parsed.GetValue(vectors));
                var run = new CertificationRun(loaded, cases, create, name, again);
                return await run.Execute(count, parsed.GetValue(options.AllFailures), file, terminal, cancellation);
            }
        );
        return command;
    }
}
