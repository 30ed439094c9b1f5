using Conformance.Harness.Vectors;
using Conformance.Mutants.Matrix;
using Spectre.Console;

namespace Conformance.Cli.Output;

/// <summary>The kill matrix on a terminal: a line for each mutant, then what is red, then the vectors that kill nothing.</summary>
internal static class MutantOutput
{
    private static readonly Style Red = new(Color.Red, decoration: Decoration.Bold);

    public static void Write(IReadOnlyList<MutantResult> results, VectorSet set, Terminal terminal)
    {
        var console = MatrixTable.Console(terminal);
        var width = results.Max(result => result.Mutant.Id.Length);
        foreach (var result in results)
        {
            Line(console, terminal, $"{result.Mutant.Id.PadRight(width)}  {Fate(result)}", IsRed(result));
        }

        terminal.Out.WriteLine();
        foreach (var result in results.Where(IsRed))
        {
            Line(console, terminal, $"{Complaint(result)}: {result.Mutant.Sentence}", isRed: true);
        }

        var idle = KillTable.Idle(results, set);
        if (idle.Count > 0)
        {
            terminal.Out.WriteLine($"{idle.Count} vectors kill none of these mutants:");
            foreach (var vector in idle)
            {
                terminal.Out.WriteLine($"  {vector.Id}");
            }
        }

        terminal.Out.WriteLine(
            $"{results.Count} mutants: {results.Count(result => result.ByItsRule.Count > 0)} killed by a rule they break, "
                + $"{results.Count(result => result.IsKilledElsewhere)} by other rules only, {results.Count(result => result.Survives)} survived"
        );
    }

    private static bool IsRed(MutantResult result) => result.ByItsRule.Count == 0 || result.Broken.Count > 0;

    private static string Fate(MutantResult result) =>
        result.Survives ? "SURVIVES"
        : result.ByItsRule is [var first, ..]
            ? $"{result.ByItsRule.Count, 3} of {result.Kills.Count, 3} vectors by its rule, {first.Vector.Id} by {first.Rule}"
        : $"killed elsewhere only: {string.Join(", ", result.Kills.Take(3).Select(kill => $"{kill.Vector.Id} by {kill.Rule}"))}";

    private static string Complaint(MutantResult result) =>
        result.Broken is [var broken, ..]
            ? $"{result.Mutant.Id} is broken rather than wrong in {result.Broken.Count} cases, as {broken.Case.Id} ({broken.Message})"
        : result.Survives
            ? $"{result.Mutant.Id} survives; no vector sees that it breaks {string.Join(", ", result.Mutant.Rules)}"
        : $"{result.Mutant.Id} is not seen to break {string.Join(", ", result.Mutant.Rules)}";

    private static void Line(IAnsiConsole console, Terminal terminal, string text, bool isRed)
    {
        if (isRed && terminal.Colour)
        {
            console.Write(new Text(text, Red));
            terminal.Out.WriteLine();
        }
        else
        {
            terminal.Out.WriteLine(text);
        }
    }
}
