using System.CommandLine;
using Conformance.Cli.Output;
using Conformance.Harness.Machines;

namespace Conformance.Cli.Selecting;

/// <summary>What commands that run cases are asked for: which machine, how many of them, and how much is printed.</summary>
internal sealed class RunOptions
{
    private readonly VmOption _choice;

    /// <param name="machines">The machines that can be named.</param>
    /// <param name="what">What the machine is to the command.</param>
    /// <param name="usual">The machine where none is named.</param>
    public RunOptions(IReadOnlyDictionary<string, Func<IVirtualMachine>> machines, string what, string usual)
    {
        _choice = new VmOption(machines);
        Vm = _choice.Create("--vm", what, usual);
    }

    /// <summary>The machine's name or command.</summary>
    public Option<string> Vm { get; }

    /// <summary>How long a machine behind a command may take.</summary>
    public IEnumerable<Option> Limits => _choice.Limits;

    public Option<int> Jobs { get; } =
        new("--jobs")
        {
            Description = "How many machines to run at the same time; by default one for each CPU.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
            CustomParser = WholeNumber.Parse<int>,
            HelpName = "N",
        };

    public Option<bool> AllFailures { get; } =
        new("--all-failures") { Description = $"Print all failures, not only the first {RunOutput.FailuresShown}." };

    /// <summary>How a machine is made; null, with a line on the terminal, where there is none of that name.</summary>
    /// <param name="cancellation">After it, nobody waits any longer for a machine that does not answer.</param>
    public Func<IVirtualMachine>? Machine(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var create = _choice.Find(parsed.GetRequiredValue(Vm), parsed, cancellation, out var problem);
        if (create is null)
        {
            terminal.Refuse(problem!);
        }

        return create;
    }

    /// <summary>How many machines run at the same time; null, with a line on the terminal, where that is none.</summary>
    public int? Count(ParseResult parsed, Terminal terminal)
    {
        var count = parsed.GetValue(Jobs);
        if (count >= 1)
        {
            return count;
        }

        terminal.Refuse($"--jobs {count}: must be at least 1");
        return null;
    }
}
