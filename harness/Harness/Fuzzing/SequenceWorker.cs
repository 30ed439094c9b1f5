using Conformance.Harness.Generation;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Fuzzing;

/// <summary>Tries random operation sequences on two machines of its own.</summary>
/// <param name="first">The machine under test.</param>
/// <param name="second">The machine it is held against.</param>
/// <param name="length">About how many operations a sequence has.</param>
/// <param name="statistics">What was seen, for all workers.</param>
/// <param name="found">Told of each finding, shrunk.</param>
public sealed class SequenceWorker(
    IVirtualMachine first,
    IVirtualMachine second,
    int length,
    SequenceStatistics statistics,
    Action<Finding> found
) : IFuzzWorker
{
    private readonly SequencePair _pair = new(first, second);
    private readonly int _cpus = Math.Min(first.Identity.Cpus, second.Identity.Cpus);

    /// <inheritdoc/>
    public void Try(int seed)
    {
        var trial = _pair.Try(SequenceGenerator.Generate(seed, length, _cpus));
        var problem = trial.Problem(first.Identity.Name, second.Identity.Name);
        // By operation, and by who is wrong: what the sequence's names are does not matter.
        var operation = (trial.First.Difference ?? trial.Second.Difference)?.Operation.GetType().Name;
        var cause = problem is null ? null : $"{operation}: {problem.Who}";
        if (statistics.Add(trial, cause))
        {
            var smallest = _pair.Try(_pair.Shrink(trial));
            var summary =
                smallest.Problem(first.Identity.Name, second.Identity.Name)?.ToString()
                ?? $"once, and not again: {problem}";
            found(
                new Finding(
                    "sequence",
                    seed,
                    summary,
                    FindingWeight.Failure,
                    smallest.Sequence.ToString(),
                    id => ReproductionFile.Of(smallest.Sequence, id, summary)
                )
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }
}
