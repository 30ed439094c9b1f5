using System.CommandLine;
using Conformance.Cli.Selecting;
using Conformance.Harness.Machines;
using Conformance.Harness.Wire;

namespace Conformance.Cli;

/// <summary><c>helper-conformance serve</c>: a machine of the suite behind the adapter protocol.</summary>
internal static class ServeCommand
{
    public static Command Create(Terminal terminal, IReadOnlyDictionary<string, Func<IVirtualMachine>> machines)
    {
        var names = string.Join(", ", machines.Keys);
        var vm = new Option<string>("--vm")
        {
            Description = $"The machine: {names}.",
            DefaultValueFactory = _ => Machines.Default,
            HelpName = "NAME",
        };
        var era = Era.Option("The kernel that the reference VM models, by default the newest");
        var command = new Command(
            "serve",
            "Put a machine behind the adapter protocol (harness/PROTOCOL.md): requests on standard input, answers on standard output."
        )
        {
            vm,
            era,
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(vm);
            if (!machines.TryGetValue(name, out var create))
            {
                return terminal.Refuse($"there is no machine {name}; there are {names}");
            }

            if (parsed.GetValue(era) is { } asked)
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

            using var machine = create();
            using var server = new AdapterServer(machine, terminal.Requests, terminal.Answers);
            try
            {
                server.Run();
                return ExitCode.Ok;
            }
            catch (InvalidDataException broken)
            {
                return terminal.Refuse(broken.Message);
            }
        });
        return command;
    }
}
