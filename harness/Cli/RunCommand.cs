using System.CommandLine;
using Conformance.Cli.Output;
using Conformance.Cli.Selecting;
using Conformance.Harness.Machines;
using Conformance.Harness.Reporting;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Cli;

/// <summary><c>helper-conformance run</c>: the main job.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal, IReadOnlyDictionary<string, Func<IVirtualMachine>> machines)
    {
        var vm = new Option<string>("--vm")
        {
            Description = $"The machine under test: {string.Join(", ", machines.Keys)}.",
            DefaultValueFactory = _ => Machines.Default,
            HelpName = "NAME",
        };
        var era = Era.Option("The kernel that the reference VM models, by default the newest");
        var selection = new Selection();
        var list = new Option<bool>("--list") { Description = "Print the ids of the selected cases and run none." };
        var report = ReportTarget.Option();
        var vectors = VectorFolder.Option();
        var files = new Option<string[]>("--file")
        {
            Description =
                "Run this file, wherever it lies, instead of the folder's; its rules are the folder's. Repeatable.",
            HelpName = "FILE",
        };
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
        var noColour = new Option<bool>("--no-color") { Description = "No colours (also by the variable NO_COLOR)." };
        var command = new Command("run", "Run cases on a machine and report which rules it keeps.") { vm, era };
        foreach (var option in selection.Options)
        {
            command.Add(option);
        }

        foreach (var option in new Option[] { list, report, vectors, files, jobs, allFailures, noColour })
        {
            command.Add(option);
        }

        command.SetAction(
            async (parsed, cancellation) =>
            {
                var shown = parsed.GetValue(noColour) ? terminal with { Colour = false } : terminal;
                var name = parsed.GetRequiredValue(vm);
                if (!machines.TryGetValue(name, out var create))
                {
                    return terminal.Refuse($"there is no machine {name}; there are {string.Join(", ", machines.Keys)}");
                }

                var asked = parsed.GetValue(era);
                if (asked is not null)
                {
                    if (name != Machines.Default)
                    {
                        return terminal.Refuse($"--era goes with --vm {Machines.Default}: {name} is what it is");
                    }

                    if (Era.Find(asked, terminal) is not { } profile)
                    {
                        return ExitCode.BrokenInput;
                    }

                    create = () => new ReferenceVirtualMachine(profile);
                }

                if (parsed.GetValue(jobs) is var count && count < 1)
                {
                    return terminal.Refuse($"--jobs {count}: must be at least 1");
                }

                if (
                    VectorFolder.Load(parsed.GetValue(vectors), terminal, parsed.GetValue(files)) is not { } loaded
                    || selection.Choose(loaded.Set, parsed, terminal) is not { } cases
                )
                {
                    return ExitCode.BrokenInput;
                }

                if (parsed.GetValue(list))
                {
                    foreach (var @case in cases)
                    {
                        await terminal.Out.WriteLineAsync(@case.Id);
                    }

                    return ExitCode.Ok;
                }

                var targets = ReportTarget.Open(parsed.GetValue(report) ?? [], terminal);
                if (targets is null)
                {
                    return ExitCode.BrokenInput;
                }

                try
                {
                    var run = new SuiteRun(
                        loaded,
                        cases,
                        create,
                        Again(terminal.Command, name, parsed.GetValue(vectors), parsed.GetValue(files), asked),
                        Again(OwnCommand.Name, name, vectors: null, parsed.GetValue(files), asked)
                    );
                    return await run.Execute(count, parsed.GetValue(allFailures), targets, shown, cancellation);
                }
                finally
                {
                    foreach (var target in targets)
                    {
                        target.Dispose();
                    }
                }
            }
        );
        return command;
    }

    /// <summary>The command line that a failure is reproduced with, apart from its filter.</summary>
    public static string Again(
        string command,
        string vm,
        string? vectors,
        string[]? files = null,
        string? era = null
    ) =>
        $"{command} run"
        + (vm == Machines.Default ? "" : $" --vm {vm}")
        + (era is null ? "" : $" --era {era}")
        + (vectors is null ? "" : $" --vectors {OwnCommand.Quoted(vectors)}")
        + string.Concat((files ?? []).Select(file => $" --file {OwnCommand.Quoted(file)}"));
}
