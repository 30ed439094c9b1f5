using System.CommandLine;
using Conformance.Cli.Selecting;
using Conformance.Harness.Fuzzing;
using Conformance.Harness.Machines;

namespace Conformance.Cli;

/// <summary><c>helper-conformance fuzz</c>: random sequences and programs on two machines.</summary>
internal static class FuzzCommand
{
    private const int UsualLength = 40;
    private const long UsualCount = 1000;

    public static Command Create(Terminal terminal, IReadOnlyDictionary<string, Func<IVirtualMachine>> machines)
    {
        var choice = new VmOption(machines);
        var vm = choice.Create("--vm", "The machine under test", Machines.Default);
        var against = choice.Create("--against", "The machine it is held against", "linux");
        var kind = new Option<string>("--kind")
        {
            Description =
                "sequences: operations on cgroups, maps, programs and links, held against the model. programs: verdicts, and what runs leave behind. soundness: programs on the machine under test alone, in checked mode; what it accepts must not trap.",
            DefaultValueFactory = _ => "both",
        };
        kind.AcceptOnlyFromAmong("sequences", "programs", "both", "soundness");
        var seed = Number<int>(
            "--seed",
            "The first seed; the others count on from it. One seed is one sequence or program."
        );
        var count = new Option<long?>("--count")
        {
            Description = $"How many of each kind to try; {UsualCount} unless --time is given.",
            CustomParser = result => WholeNumber.Parse<long>(result),
            HelpName = "N",
        };
        var time = new Option<TimeSpan?>("--time")
        {
            Description = "How long to try, for each kind: 90s, 10m, 2h.",
            CustomParser = Duration.Parse,
            HelpName = "TIME",
        };
        var length = Number<int>("--length", "About how many operations a sequence has.", UsualLength);
        var jobs = Number<int>(
            "--jobs",
            "How many pairs of machines to run at the same time; by default one for each CPU.",
            Environment.ProcessorCount
        );
        var save = new Option<string?>("--save")
        {
            Description = "A folder for what is found: a reproduction file each, for run --file.",
            HelpName = "DIR",
        };
        var verbose = new Option<bool>("--verbose")
        {
            Description = "Print all attach types and all causes, not only the first.",
        };
        var command = new Command(
            "fuzz",
            "Try random sequences and programs on two machines and report where they differ."
        )
        {
            vm,
            against,
            kind,
            seed,
            count,
            time,
            length,
            jobs,
            save,
            verbose,
        };
        foreach (var option in choice.Limits)
        {
            command.Add(option);
        }

        command.SetAction(
            (parsed, cancellation) =>
            {
                var named = new Dictionary<string, Func<IVirtualMachine>>(StringComparer.Ordinal);
                var wrong =
                    Unknown(parsed.GetRequiredValue(vm), named, parsed, cancellation)
                    ?? (
                        parsed.GetValue(kind) == "soundness"
                            ? null
                            : Unknown(parsed.GetRequiredValue(against), named, parsed, cancellation)
                    )
                    ?? TooSmall("--jobs", parsed.GetValue(jobs))
                    ?? TooSmall("--length", parsed.GetValue(length))
                    ?? TooSmall("--count", parsed.GetValue(count) ?? 1);
                if (wrong is not null)
                {
                    return Task.FromResult(terminal.Refuse(wrong));
                }

                var folder = FindingFolder.Open(parsed.GetValue(save), out var unusable);
                if (unusable is not null)
                {
                    return Task.FromResult(terminal.Refuse(unusable));
                }

                var limit = parsed.GetValue(time);
                var run = new FuzzRun(
                    new MachinePair(named, parsed.GetRequiredValue(vm), parsed.GetRequiredValue(against)),
                    new CampaignBounds(parsed.GetValue(count) ?? (limit is null ? UsualCount : null), limit),
                    parsed.GetValue(seed),
                    parsed.GetValue(length),
                    parsed.GetValue(jobs),
                    folder,
                    terminal,
                    parsed.GetValue(verbose)
                );
                return Task.FromResult(run.Execute(parsed.GetRequiredValue(kind), cancellation));
            }
        );
        return command;

        string? Unknown(
            string name,
            Dictionary<string, Func<IVirtualMachine>> named,
            ParseResult parsed,
            CancellationToken cancellation
        )
        {
            if (choice.Find(name, parsed, cancellation, out var problem) is { } create)
            {
                named[name] = create;
            }

            return problem;
        }
    }

    private static string? TooSmall(string option, long value) =>
        value < 1 ? $"{option} {value}: must be at least 1" : null;

    private static Option<T> Number<T>(string name, string description, T usual = default)
        where T : struct, System.Numerics.IBinaryInteger<T> =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => usual,
            CustomParser = WholeNumber.Parse<T>,
            HelpName = "N",
        };
}
