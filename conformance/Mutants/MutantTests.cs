using Conformance.Harness.Generation;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Conformance.Mutants;

namespace Conformance.Tests.Mutants;

public class MutantTests
{
    // One case of each vector and storage kind: the axes multiply what a mutant can do wrong, not the ways in which it is seen.
    private static readonly Lazy<(VectorSet Set, IReadOnlyList<Case> Cases)> Vectors = new(() =>
    {
        var set = VectorSet.Load(VectorLocation.Find()!).Set!;
        // What held on older kernels only is not applicable to a machine that models the newest.
        var today = set.Cases.Where(@case => @case.Vector.Rules.Any(rule => set.Rules[rule].Until is null));
        return (set, [.. today.DistinctBy(@case => (@case.Vector.Id, @case.Label("storage_kind")))]);
    });

    public static TheoryData<string> Ids => [.. Mutant.All.Select(mutant => mutant.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_vectors_turn_red_on_a_mutant_and_name_the_rule_it_breaks(string id)
    {
        var mutant = Mutant.All.Single(mutant => mutant.Id == id);
        using var machine = mutant.Create();
        var runner = new Runner(Vectors.Value.Set.Rules);

        var results = Vectors.Value.Cases.Select(@case => runner.Run(machine, @case)).ToList();

        results
            .Where(result => result.Outcome == CaseOutcome.Errored)
            .Select(result => $"{result.Case.Id}: {result.Message}")
            .Should()
            .BeEmpty("a mutant is wrong, not broken");
        results
            .Where(result => result.Outcome == CaseOutcome.Failed)
            .Select(result => result.Failure!.Rule.Id)
            .Should()
            .Contain(mutant.Rule);
    }

    [Fact]
    public void The_cases_the_mutants_meet_hold_on_the_reference_VM()
    {
        using var machine = new ReferenceVirtualMachine();
        var runner = new Runner(Vectors.Value.Set.Rules);

        var failed = Vectors.Value.Cases.Where(@case => runner.Run(machine, @case).Outcome != CaseOutcome.Passed);

        failed.Select(@case => @case.Id).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Random_sequences_find_a_mutant_and_shrink_to_a_few_operations(string id)
    {
        const int Most = 300;
        using var machine = Mutant.All.Single(mutant => mutant.Id == id).Create();

        var found = Enumerable
            .Range(1, Most)
            .Select(seed => SequenceGenerator.Generate(seed, length: 60))
            .FirstOrDefault(sequence => SequenceRun.FirstDifference(machine, sequence) is not null);

        found.Should().NotBeNull("{0} sequences agree with the model", Most);
        var smallest = SequenceRun.Shrink(machine, found!);
        smallest.Operations.Count.Should().BeLessThan(12, "{0}", smallest);
    }
}
