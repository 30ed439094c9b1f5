using System.CommandLine;
using Conformance.Cli.Output;
using Conformance.Cli.Selecting;
using Conformance.Harness.Machines;

namespace Conformance.Cli;

/// <summary><c>helper-conformance certify</c>: has a kernel confirm the vectors, and records which of them held on it.</summary>
internal static class CertifyCommand
{
    private const string Kernel = "linux";

    public static Command Create(Terminal terminal, IReadOnlyDictionary<string, Func<IVirtualMachine>> machines)
    {
        var vm = new Option<string>("--vm")
        {
            Description = "The kernel; one that runs, since a model certifies nothing.",
            DefaultValueFactory = _ => Kernel,
            HelpName = "NAME",
        };
        var selection = new Selection();
        var prune = new Option<bool>("--prune")
        {
            Description =
                "Run nothing, only drop what certifies nothing any more: cases that have changed or are gone.",
        };
        var vectors = VectorFolder.Option();
        var jobs = new Option<int>("--jobs")
        {
            Description = "How many machines to run at the same time; by default one for each CPU.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
            CustomParser = WholeNumber.Parse<int>,
            HelpName = "N",
        };
        var allFailures = new Option<bool>("--all-failures")
        {
            Description = $"Print all failures, not only the first {RunOutput.FailuresShown}.",
        };
        var command = new Command(
            "certify",
            "Run cases on the kernel of this machine and record in certified.json which of them held."
        )
        {
            vm,
        };
        foreach (var option in selection.Options)
        {
            command.Add(option);
        }

        foreach (var option in new Option[] { prune, vectors, jobs, allFailures })
        {
            command.Add(option);
        }

        command.SetAction(
            async (parsed, cancellation) =>
            {
                var name = parsed.GetRequiredValue(vm);
                if (!machines.TryGetValue(name, out var create))
                {
                    return terminal.Refuse($"there is no machine {name}; there are {string.Join(", ", machines.Keys)}");
                }

                if (parsed.GetValue(jobs) is var count && count < 1)
                {
                    return terminal.Refuse($"--jobs {count}: must be at least 1");
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

                var again = RunCommand.Again(terminal.Command, name, parsed.GetValue(vectors));
                var run = new CertificationRun(loaded, cases, create, name, again);
                return await run.Execute(count, parsed.GetValue(allFailures), file, terminal, cancellation);
            }
        );
        return command;
    }
}
