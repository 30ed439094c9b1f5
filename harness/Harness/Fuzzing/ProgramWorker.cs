using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Fuzzing;

/// <summary>Tries random programs on two machines of its own.</summary>
/// <param name="first">The machine under test.</param>
/// <param name="second">The machine it is held against.</param>
/// <param name="statistics">What was seen, for all workers.</param>
/// <param name="found">Told of each finding, shrunk.</param>
public sealed class ProgramWorker(
    IVirtualMachine first,
    IVirtualMachine second,
    ProgramStatistics statistics,
    Action<Finding> found
) : IFuzzWorker
{
    private const int ProblemsShown = 10;

    private readonly ProgramPair _pair = new(first, second);
    private int _problemsShown;

    /// <inheritdoc/>
    public void Try(int seed)
    {
        var trial = _pair.Try(RandomProgram.Generate(seed));
        var isNew = statistics.Add(trial);
        // Different results are told one by one: each may have another reason.
        if (isNew || (trial.Problem is not null && _problemsShown++ < ProblemsShown))
        {
            found(Look(trial));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pair.Dispose();
        first.Dispose();
        second.Dispose();
    }

    private Finding Look(ProgramTrial trial)
    {
        var smallest = trial;
        _ = ProgramShrinker.Shrink(
            trial.Program,
            candidate =>
            {
                var smaller = _pair.Try(candidate);
                var shows = smaller.Cause == trial.Cause && smaller.Verdicts == trial.Verdicts;
                smallest = shows ? smaller : smallest;
                return shows;
            }
        );
        var run = smallest.Run is RunComparison.Different or RunComparison.Contradicted
            ? _pair.Record(smallest.Program)
            : [];
        return new Finding(
            "program",
            trial.Program.Seed,
            (smallest.Problem is { } problem ? $"{problem} (at first: {trial.Problem})" : null)
                ?? smallest.Contradiction
                ?? $"{first.Identity.Name} {smallest.First}, {second.Identity.Name} {smallest.Second}",
            trial.IsFailure ? FindingWeight.Failure
                : trial.Run == RunComparison.Contradicted ? FindingWeight.Aside
                : FindingWeight.Gap,
            string.Join('\n', ProgramReproduction.Lines(smallest.Program)),
            id => ProgramReproduction.Of(smallest, id, run)
        );
    }
}
