using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Mutants.Matrix;

/// <summary>
/// Vectors against mutants. A vector is done with a mutant when one of its cases has failed. A vector that cites a rule which the mutant breaks brings all its cases;
/// of another one there is a case for each storage kind, since the axes multiply what a mutant can do wrong, not the ways in which it is seen.
/// </summary>
/// <param name="set">The vectors.</param>
public sealed class MutantRun(VectorSet set)
{
    // These machines finish what they do before they answer: what has not come by then never comes.
    private static readonly RunnerOptions Patience = new() { EventuallyLimit = TimeSpan.FromMilliseconds(10) };

    private readonly Runner _runner = new(set.Rules, Patience);

    private readonly (Vector Vector, Case[] Cases)[] _vectors =
    [
        .. set
            .Cases.GroupBy(@case => @case.Vector)
            .Where(cases => cases.Key.Kind == VectorKind.Vector)
            .Select(cases => (cases.Key, cases.ToArray())),
    ];

    /// <summary>Runs every vector against some mutants, several at a time, each on a machine of its own. Results come as they are found.</summary>
    /// <param name="mutants">The mutants.</param>
    /// <param name="machines">How many at a time.</param>
    /// <param name="found">Called for each mutant when it is done, from any thread, one at a time.</param>
    /// <param name="cancellation">Ends the run early.</param>
    /// <returns>In the order of the mutants.</returns>
    public IReadOnlyList<MutantResult> RunAll(
        IReadOnlyList<Mutant> mutants,
        int machines,
        Action<MutantResult>? found = null,
        CancellationToken cancellation = default
    )
    {
        var results = new MutantResult[mutants.Count];
        var reporting = new Lock();
        System.Threading.Tasks.Parallel.For(
            0,
            mutants.Count,
            new ParallelOptions { MaxDegreeOfParallelism = machines, CancellationToken = cancellation },
            index =>
            {
                results[index] = Run(mutants[index], cancellation);
                lock (reporting)
                {
                    found?.Invoke(results[index]);
                }
            }
        );
        return results;
    }

    /// <summary>Runs every vector against one mutant.</summary>
    public MutantResult Run(Mutant mutant, CancellationToken cancellation = default)
    {
        var kills = new List<Kill>();
        var broken = new List<CaseResult>();
        using var machine = mutant.Create();
        foreach (var (vector, cases) in _vectors)
        {
            cancellation.ThrowIfCancellationRequested();
            var isCited = Cites(vector, mutant);
            if (FirstFailure(machine, isCited ? Ordered(cases) : Sample(cases), broken) is { } failed)
            {
                kills.Add(new Kill(vector, failed.Case.Id, failed.Failure!.Rule.Id));
            }
        }

        return new MutantResult(mutant, kills, broken);
    }

    /// <summary>
    /// The first case found that fails on a mutant by a rule that it breaks, of the vectors that cite one; null where there is none. Far cheaper than
    /// <see cref="Run"/>.
    /// </summary>
    public CaseResult? FirstKill(Mutant mutant)
    {
        using var machine = mutant.Create();
        var cited = _vectors
            .Where(each => Cites(each.Vector, mutant))
            .OrderBy(each => NameDistance(each.Vector, mutant))
            .ToArray();
        return cited
            .SelectMany(each => Sample(each.Cases))
            .Concat(cited.SelectMany(each => each.Cases.Except(Sample(each.Cases))))
            .Select(@case => _runner.Run(machine, @case))
            .FirstOrDefault(result => result.Failure is { } failure && mutant.Rules.Contains(failure.Rule.Id));
    }

    private static bool Cites(Vector vector, Mutant mutant) => vector.Rules.Any(mutant.Rules.Contains);

    // The vectors that cite the plainest rule are the likeliest to fail.
    private static int NameDistance(Vector vector, Mutant mutant) =>
        Enumerable.Range(0, mutant.Rules.Count).First(index => vector.Rules.Contains(mutant.Rules[index]));

    private static IEnumerable<Case> Sample(Case[] cases) => cases.DistinctBy(@case => @case.Label("storage_kind"));

    private static IEnumerable<Case> Ordered(Case[] cases) => Sample(cases).Union(cases);

    private CaseResult? FirstFailure(IVirtualMachine machine, IEnumerable<Case> cases, List<CaseResult> broken)
    {
        foreach (var @case in cases)
        {
            var result = _runner.Run(machine, @case);
            if (result.Outcome == CaseOutcome.Failed)
            {
                return result;
            }

            if (result.Outcome == CaseOutcome.Errored)
            {
                broken.Add(result);
            }
        }

        return null;
    }
}
