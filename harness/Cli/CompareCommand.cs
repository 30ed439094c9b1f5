using System.CommandLine;
using Conformance.Cli.Output;
using Conformance.Cli.Selecting;
using Conformance.Harness.Reporting;

namespace Conformance.Cli;

/// <summary><c>helper-conformance compare</c>: what got better and worse between two runs.</summary>
internal static class CompareCommand
{
    public static Command Create(Terminal terminal)
    {
        var old = new Argument<string>("OLD")
        {
            Description = "The record of the earlier run: its report in JSON or JSON Lines.",
        };
        var now = new Argument<string>("NEW") { Description = "The record of the later run." };
        var all = new Option<bool>("--all")
        {
            Description = $"Print all cases of each kind, not only the first {ComparisonOutput.CasesShown}.",
        };
        var command = new Command("compare", "Compare two runs, and fail when something got worse.") { old, now, all };
        command.SetAction(parsed =>
        {
            string[] files = [parsed.GetRequiredValue(old), parsed.GetRequiredValue(now)];
            if (RunFiles.Read(files, terminal) is not [var before, var after])
            {
                return ExitCode.BrokenInput;
            }

            var comparison = RunComparison.Of(before.Run, after.Run);
            ComparisonOutput.Write(comparison, files, parsed.GetValue(all), terminal);
            return comparison.IsWorse ? ExitCode.Failures : ExitCode.Ok;
        });
        return command;
    }
}
