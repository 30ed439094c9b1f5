using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.AdapterKit;

/// <summary>The suite in the machine's own process: without a wire between them, and with a debugger that sees both.</summary>
public static class InProcess
{
    private const int BrokenInput = 2;

    /// <summary>Runs cases on one machine, in the order of the suite.</summary>
    /// <param name="machine">The machine; it stays the caller's.</param>
    /// <param name="filter">Ids of cases begin with this; null for all.</param>
    /// <param name="vectors">The folder of vectors; null for the nearest one upwards, or beside the program.</param>
    /// <exception cref="InvalidOperationException">There are no vectors, or they cannot be read.</exception>
    public static IEnumerable<CaseResult> Run(IVirtualMachine machine, string? filter = null, string? vectors = null)
    {
        var folder =
            VectorLocation.Find(vectors)
            ?? throw new InvalidOperationException("there is no folder of vectors; name it");
        var load = VectorSet.Load(folder);
        var set = load.Set ?? throw new InvalidOperationException(load.Errors[0].ToString());
        var runner = new Runner(set.Rules);
        return set
            .Cases.Where(@case => filter is null || @case.Id.StartsWith(filter, StringComparison.Ordinal))
            .Select(@case => runner.Run(machine, @case));
    }

    /// <summary>Runs cases, and prints what failed and how many did not.</summary>
    /// <param name="machine">As for <see cref="Run"/>.</param>
    /// <param name="filter">As for <see cref="Run"/>.</param>
    /// <param name="vectors">As for <see cref="Run"/>.</param>
    /// <returns>An exit code: 0 where nothing failed and something passed; 2 where there are no vectors, which is said on standard error.</returns>
    public static int Report(IVirtualMachine machine, string? filter = null, string? vectors = null)
    {
        IEnumerable<CaseResult> results;
        try
        {
            results = Run(machine, filter, vectors);
        }
        catch (InvalidOperationException missing)
        {
            Console.Error.WriteLine($"error: {missing.Message}");
            return BrokenInput;
        }

        var summary = default(RunSummary);
        foreach (var result in results)
        {
            summary = summary.With(result.Outcome);
            if (result.Outcome is CaseOutcome.Failed or CaseOutcome.Errored)
                Console.WriteLine($"{result.Outcome} {result.Case.Id}: {TextOf(result)}");
        }

        Console.WriteLine(
            $"{summary.Passed} passed, {summary.Failed} failed, {summary.Errored} errored, {summary.NotApplicable} not applicable"
        );
        return summary.IsSuccess ? 0 : 1;
    }

    private static string TextOf(CaseResult result) =>
        result.Failure is { } failure ? $"{failure.Rule.Sentence} {failure.Message}" : result.Reason ?? "";
}
