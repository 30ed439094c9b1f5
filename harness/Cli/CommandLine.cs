using System.CommandLine;
using System.CommandLine.Parsing;
using Conformance.Cli.Selecting;
using Conformance.Harness.Machines;

namespace Conformance.Cli;

/// <summary>The command <c>helper-conformance</c>, apart from the process it runs in.</summary>
internal static class CommandLine
{
    /// <summary>Runs the command line.</summary>
    /// <param name="machines">The machines that <c>--vm</c> can name.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(
        IReadOnlyList<string> args,
        Terminal terminal,
        IReadOnlyDictionary<string, Func<IVirtualMachine>> machines,
        CancellationToken cancellation = default
    )
    {
        var debug = new Option<bool>("--debug")
        {
            Description = "Show the stack when the command itself fails.",
            Recursive = true,
        };
        var root = new RootCommand("Checks whether an eBPF virtual machine keeps the rules of bpf_get_local_storage.")
        {
            debug,
            RunCommand.Create(terminal, machines),
            ReportCommand.Create(terminal),
            MergeCommand.Create(terminal),
            CompareCommand.Create(terminal),
            ListCommand.Create(terminal),
            ExplainCommand.Create(terminal),
            CertifyCommand.Create(terminal, machines),
            ServeCommand.Create(terminal, machines),
            SmokeCommand.Create(terminal, machines),
            NewAdapterCommand.Create(terminal),
            ExecCommand.Create(terminal),
            ExportCommand.Create(terminal),
            FuzzCommand.Create(terminal, machines),
            MutantsCommand.Create(terminal),
            DocsCommand.Create(terminal),
        };
        root.HelpName = OwnCommand.Name;
        if (args.Count == 0)
        {
            // The help for who looks around; not green, and not in the results, for the script that lost its command.
            _ = root.Parse("--help").Invoke(new InvocationConfiguration { Output = terminal.Error });
            return ExitCode.BrokenInput;
        }

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return terminal.Refuse($"{Complaint(parsed)} ({OwnCommand.Name} {Path(parsed)}--help shows what there is)");
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                // Ctrl-C arrives through the token: what a run has found by then is still reported.
                ProcessTerminationTimeout = null,
            };
            return parsed.InvokeAsync(configuration, cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (MachineUnavailableException missing)
        {
            terminal.Error.WriteLine($"error: {missing.Message}");
            return ExitCode.NothingRun;
        }
        catch (AdapterException adapter)
        {
            terminal.Error.WriteLine($"error: {adapter.Message}");
            return ExitCode.NothingRun;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            // A full disk, a report's file that went away: not the command's doing.
            return terminal.Refuse(unwritable.Message);
        }
#pragma warning disable CA1031 // The last handler: whatever it is, the user gets one line and not a green run.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            terminal.Error.WriteLine(
                $"internal error: {bug.GetType().Name}: {bug.Message.ReplaceLineEndings(" ")} (please report this; --debug shows the stack)"
            );
            if (parsed.GetValue(debug))
            {
                terminal.Error.WriteLine(bug);
            }

            return ExitCode.Bug;
        }
    }

    private static string Complaint(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is not [var unknown, ..])
        {
            return parsed.Errors[0].Message;
        }

        if (unknown.StartsWith('-'))
        {
            return $"there is no option {unknown}{Suggestion.For(unknown, command.Options.Select(option => option.Name))}";
        }

        return command is RootCommand
            ? $"there is no command {unknown}{Suggestion.For(unknown, command.Subcommands.Select(known => known.Name))}"
            : $"{command.Name} does not take {unknown}";
    }

    private static string Path(ParseResult parsed) =>
        string.Concat(
            parsed.CommandResult.Command is RootCommand
                ? []
                : Parents(parsed.CommandResult).Reverse().Select(command => command.Name + " ")
        );

    private static IEnumerable<Command> Parents(CommandResult? result)
    {
        for (; result is { Command: not RootCommand }; result = result.Parent as CommandResult)
        {
            yield return result.Command;
        }
    }
}
