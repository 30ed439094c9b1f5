using System.CommandLine;
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
        var options = new RunOptions(machines, "The machine under test", Machines.Default);
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
        var gate = new Gate();
        var shard = ShardOption.Create();
        var resume = Resumption.Option();
        var noColour = new Option<bool>("--no-color") { Description = "No colours (also by the variable NO_COLOR)." };
        var command = new Command("run", "Run cases on a machine and report which rules it keeps.") { options.Vm, era };
        foreach (var option in selection.Options)
        {
            command.Add(option);
        }

        foreach (
            var option in (Option[])
                [
                    list,
                    report,
                    .. gate.Options,
                    shard,
                    resume,
                    vectors,
                    files,
                    options.Jobs,
                    .. options.Limits,
                    options.AllFailures,
                    noColour,
                ]
        )
        {
            command.Add(option);
        }

        command.SetAction(
            async (parsed, cancellation) =>
            {
                var shown = parsed.GetValue(noColour) ? terminal with { Colour = false } : terminal;
                if (options.Machine(parsed, terminal, cancellation) is not { } create)
                {
                    return ExitCode.BrokenInput;
                }

                var name = parsed.GetRequiredValue(options.Vm);
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

                if (options.Count(parsed, terminal) is not { } count)
                {
                    return ExitCode.BrokenInput;
                }

                if (
                    VectorFolder.Load(parsed.GetValue(vectors), terminal, parsed.GetValue(files)) is not { } loaded
                    || selection.Choose(loaded.Set, parsed, terminal) is not { } chosen
                    || ShardOption.Deal(parsed.GetValue(shard), chosen, terminal) is not { } cases
                )
                {
                    return ExitCode.BrokenInput;
                }

                var isWhole = parsed.GetValue(files) is not { Length: > 0 };
                if (!gate.Load(parsed, loaded.Set, isWhole, terminal, out var expectations))
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

                Resumption? resumed = null;
                if (
                    parsed.GetValue(resume) is { } earlier
                    && (resumed = Resumption.Load(earlier, cases, parsed.GetValue(report) ?? [], terminal)) is null
                )
                {
                    return ExitCode.BrokenInput;
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
                    )
                    {
                        Selection = new SelectionRecord(
                            [.. asked is null ? [] : (string[])[$"--era {asked}"], .. selection.Words(parsed)],
                            loaded.Set.Digest,
                            ShardOption.Record(parsed.GetValue(shard), chosen.Count)
                        ),
                        Resumed = resumed,
                        Expectations = expectations,
                        IsWholeSuite = isWhole,
                        Update = gate.IsUpdated(parsed),
                    };
                    return await run.Execute(count, parsed.GetValue(options.AllFailures), targets, shown, cancellation);
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
        + (vm == Machines.Default ? "" : $" --vm {OwnCommand.Quoted(vm)}")
        + (era is null ? "" : $" --era {era}")
        + (vectors is null ? "" : $" --vectors {OwnCommand.Quoted(vectors)}")
        + string.Concat((files ?? []).Select(file => $" --file {OwnCommand.Quoted(file)}"));
}
