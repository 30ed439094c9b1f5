using System.CommandLine;
using Conformance.Cli.Output;
using Conformance.Cli.Selecting;
using Conformance.Harness.Reporting;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;

namespace Conformance.Cli;

/// <summary><c>helper-conformance merge</c>: the verdict and the reports of the whole, from the records of its shards.</summary>
internal static class MergeCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "The records of all shards: --report json=FILE or jsonl=FILE.",
            Arity = ArgumentArity.OneOrMore,
        };
        var report = ReportTarget.Option();
        var vectors = VectorFolder.Option();
        var all = new Option<bool>("--all-failures")
        {
            Description = $"Print all failures, not only the first {RunOutput.FailuresShown}.",
        };
        var command = new Command("merge", "Make one run of the shards of a run: its verdict, and its reports.")
        {
            files,
            report,
            vectors,
            all,
        };
        command.SetAction(parsed =>
        {
            if (RunFiles.Read(parsed.GetRequiredValue(files), terminal) is not { } parts)
            {
                return ExitCode.BrokenInput;
            }

            var suite = Suite(parsed.GetValue(vectors));
            var merged = RunMerge.Of(parts, [.. suite.Cases.Select(@case => @case.Id)]);
            if (merged.Run is not { } run)
            {
                return terminal.Refuse(merged.Refusal!);
            }

            if (ReportTarget.Open(parsed.GetValue(report) ?? [], terminal) is not { } targets)
            {
                return ExitCode.BrokenInput;
            }

            try
            {
                return Finish(merged, run, suite, targets, parsed.GetValue(all), terminal);
            }
            finally
            {
                foreach (var target in targets)
                {
                    target.Dispose();
                }
            }
        });
        return command;
    }

    private static int Finish(
        MergedRun merged,
        RunRecord run,
        VectorSet suite,
        IReadOnlyList<ReportTarget> targets,
        bool all,
        Terminal terminal
    )
    {
        var rules = suite.Rules.Rules.Select(rule => rule.Id);
        var cited = run.Results.SelectMany(result => result.Rules).ToHashSet(StringComparer.Ordinal);
        RunOutput.Write(
            run,
            [.. rules.Where(cited.Remove), .. cited.Order(StringComparer.Ordinal)],
            null,
            terminal,
            all
        );
        foreach (var missing in merged.Missing)
        {
            terminal.Refuse($"the whole is not complete: {missing}");
        }

        var code =
            run.Summary.Red > 0 || run.StaleExpectations.Count > 0 ? ExitCode.Failures
            : merged.Missing.Count > 0 ? ExitCode.BrokenInput
            : run.IsSuccess ? ExitCode.Ok
            : ExitCode.NothingRun;
        foreach (var target in targets)
        {
            if (target.Stream is { } stream)
            {
                RunRecorder.Write(run, stream);
            }

            if (target.Write(run, suite) is { } problem)
            {
                code = terminal.Refuse(problem);
            }
        }

        return code;
    }

    /// <summary>The vectors at hand, for the order of cases and rules and what reports say of them; an empty suite where there are none.</summary>
    private static VectorSet Suite(string? option) =>
        VectorLocation.Find(option) is { } folder && VectorSet.Load(folder).Set is { } set
            ? set
            : new VectorSet(new RuleCatalogue([]), [], []);
}
