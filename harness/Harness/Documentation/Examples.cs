using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Documentation;

/// <summary>Runs cases and writes down what they showed; each vector once.</summary>
/// <param name="problems">Takes what did not hold: a book does not print results that break the rules it states.</param>
internal sealed class Examples(VectorSet set, IVirtualMachine machine, List<string> problems)
{
    private readonly Dictionary<string, Example?> _byVector = new(StringComparer.Ordinal);
    private readonly Runner _runner = new(set.Rules);

    /// <summary>A vector's example, or null with a problem.</summary>
    public Example? Of(string vector)
    {
        if (!_byVector.TryGetValue(vector, out var example))
            _byVector.Add(vector, example = Run(vector));
        return example;
    }

    private Example? Run(string vector)
    {
        if (set.Vectors.All(known => known.Id != vector))
        {
            problems.Add($"there is no vector {vector}");
            return null;
        }

        var @case = ExampleChoice.Of(vector, set);
        var result = _runner.Run(machine, @case);
        if (result.Outcome is not (CaseOutcome.Passed or CaseOutcome.NotApplicable))
        {
            problems.Add($"{@case.Id} does not hold on the reference VM: {result.Message}");
            return null;
        }

        var steps =
            result.Outcome == CaseOutcome.NotApplicable
                ? [new ExampleStep("(the whole case)", [$"not run: {result.Reason}"], Why: null)]
                : ExampleSteps.Of(result.Steps);
        return new Example(@case, ExampleWorld.Of(@case), ExamplePrograms.Of(@case), steps);
    }
}
