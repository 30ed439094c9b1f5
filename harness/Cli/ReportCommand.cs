using System.CommandLine;
using Conformance.Cli.Selecting;
using Conformance.Harness.Reporting;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;

namespace Conformance.Cli;

/// <summary><c>helper-conformance report</c>: reports of runs that are over.</summary>
internal static class ReportCommand
{
    private static readonly VectorSet NoSuite = new(new RuleCatalogue([]), [], []);

    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            "report",
            "Make a report from the records of runs (--report json=FILE or jsonl=FILE)."
        );
        foreach (var format in ReportFormat.All)
        {
            command.Add(Create(format, terminal));
        }

        return command;
    }

    private static Command Create(ReportFormat format, Terminal terminal)
    {
        var files = new Argument<string[]>("RECORD")
        {
            Description = format.TakesSeveral
                ? "JSON reports or JSON Lines, a run each; several stand side by side."
                : "A JSON report, or JSON Lines.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--output")
        {
            Description = "The file to write; by default standard output.",
            HelpName = "FILE",
        };
        var folder = VectorFolder.Option();
        var command = new Command(format.Name, $"Write {format.Description}.") { files, output };
        if (format.ShowsSuite)
        {
            command.Add(folder);
        }

        command.SetAction(parsed =>
        {
            var records = parsed.GetRequiredValue(files);
            if (records.Length > 1 && !format.TakesSeveral)
            {
                return terminal.Refuse($"report {format.Name} takes one record, not {records.Length}");
            }

            var runs = new List<ReportedRun>();
            foreach (var file in records)
            {
                if (Read(file, terminal) is not { } run)
                {
                    return ExitCode.BrokenInput;
                }

                runs.Add(new ReportedRun(run, Path.GetFileNameWithoutExtension(file)));
            }

            var suite = format.ShowsSuite ? VectorFolder.Load(parsed.GetValue(folder), terminal)?.Set : NoSuite;
            return suite is null ? ExitCode.BrokenInput : Write(format, runs, suite, parsed.GetValue(output), terminal);
        });
        return command;
    }

    private static RunRecord? Read(string file, Terminal terminal)
    {
        var load = ReportReader.Read(file);
        if (load.Error is { } error)
        {
            terminal.Refuse(error.ToString());
        }

        return load.Run;
    }

    private static int Write(
        ReportFormat format,
        IReadOnlyList<ReportedRun> runs,
        VectorSet suite,
        string? output,
        Terminal terminal
    )
    {
        if (output is null)
        {
            format.Write(runs, suite, terminal.Out);
            return ExitCode.Ok;
        }

        try
        {
            using var file = new ReportFile(output, atOnce: false);
            format.Write(runs, suite, file.Writer);
            file.Complete();
            return ExitCode.Ok;
        }
        catch (Exception unwritable) when (FileProblem.Is(unwritable))
        {
            return terminal.Refuse($"--output {output}: {FileProblem.Of(unwritable, output)}");
        }
    }
}
