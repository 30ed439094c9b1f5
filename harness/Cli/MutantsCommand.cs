using System.CommandLine;
using System.IO.Enumeration;
using System.Text;
using Conformance.Cli.Output;
using Conformance.Cli.Selecting;
using Conformance.Mutants;
using Conformance.Mutants.Matrix;

namespace Conformance.Cli;

/// <summary><c>helper-conformance mutants</c>: the vectors against deliberately wrong machines.</summary>
internal static class MutantsCommand
{
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    public static Command Create(Terminal terminal)
    {
        var filters = new Option<string[]>("--filter")
        {
            Description = "Only mutants whose id matches; * and ? stand for any characters.",
            HelpName = "GLOB",
        };
        var machines = new Option<int>("--jobs")
        {
            Description = "How many mutants at a time; by default as many as there are CPUs.",
            HelpName = "N",
            CustomParser = WholeNumber.Parse<int>,
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var output = new Option<string?>("--output")
        {
            Description = "Write the whole matrix to this file, as Markdown (docs/mutants.md is made so).",
            HelpName = "FILE",
        };
        var folder = VectorFolder.Option();
        var command = new Command(
            "mutants",
            "Run the vectors against deliberately wrong machines and report which bug no vector finds."
        )
        {
            filters,
            machines,
            output,
            folder,
        };
        command.SetAction(
            (parsed, cancellation) =>
                Task.FromResult(
                    Run(
                        terminal,
                        parsed.GetValue(filters) ?? [],
                        parsed.GetValue(machines),
                        parsed.GetValue(output),
                        parsed.GetValue(folder),
                        cancellation
                    )
                )
        );
        return command;
    }

    private static int Run(
        Terminal terminal,
        string[] filters,
        int machines,
        string? output,
        string? folder,
        CancellationToken cancellation
    )
    {
        Mutant[] chosen =
        [
            .. Mutant.All.Where(mutant =>
                filters.Length == 0
                || filters.Any(filter => FileSystemName.MatchesSimpleExpression(filter, mutant.Id, ignoreCase: false))
            ),
        ];
        if (chosen.Length == 0)
        {
            return terminal.Refuse("--filter leaves no mutant");
        }

        if (machines < 1)
        {
            return terminal.Refuse($"--jobs {machines}: must be at least 1");
        }

        if (VectorFolder.Load(folder, terminal) is not { Set: var set })
        {
            return ExitCode.BrokenInput;
        }

        var results = new MutantRun(set).RunAll(chosen, machines, cancellation: cancellation);
        MutantOutput.Write(results, set, terminal);
        if (output is not null)
        {
            File.WriteAllText(output, KillTable.Of(results, set), Encoding);
            terminal.Out.WriteLine($"the whole matrix: {output}");
        }

        return results.All(result => result.ByItsRule.Count > 0 && result.Broken.Count == 0)
            ? ExitCode.Ok
            : ExitCode.Failures;
    }
}
