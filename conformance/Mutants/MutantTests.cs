using Conformance.Harness.Generation;
using Conformance.Harness.Machines;
using Conformance.Harness.Vectors;
using Conformance.Mutants;
using Conformance.Mutants.Matrix;

namespace Conformance.Tests.Mutants;

public class MutantTests
{
    private static readonly Lazy<VectorSet> Vectors = new(() => VectorSet.Load(VectorLocation.Find()!).Set!);

    // Those whose bug is one of storages, which random sequences are about.
    public static TheoryData<string> FoundBySequences =>
        ["accepts-flags", "allocates-per-run", "running-cgroup", "forgets-zeroing", "shares-across-cpus"];

    [Fact]
    public void Every_mutant_fails_on_a_vector_that_cites_a_rule_it_breaks_and_by_that_rule()
    {
        var run = new MutantRun(Vectors.Value);

        var unseen = Mutant
            .All.AsParallel()
            .Where(mutant => run.FirstKill(mutant) is null)
            .Select(mutant => $"{mutant.Id}: {mutant.Sentence}");

        unseen.Should().BeEmpty();
    }

    [Fact]
    public void A_machine_without_a_bug_is_not_killed()
    {
        var right = new Mutant("right", "Nothing.", [], () => new ReferenceVirtualMachine());

        var result = new MutantRun(Vectors.Value).Run(right);

        result.Survives.Should().BeTrue();
        result.Broken.Should().BeEmpty();
    }

    [Fact]
    public void A_kill_by_another_rule_is_told_from_one_by_its_rule()
    {
        var mutant = Mutant.All.Single(mutant => mutant.Id == "delete-of-missing-is-enoent");
        var blamed = mutant with { Rules = ["zeroing.first-sight"] };
        var run = new MutantRun(Vectors.Value);

        run.Run(mutant).IsKilledElsewhere.Should().BeFalse();
        run.Run(blamed).IsKilledElsewhere.Should().BeTrue();
        run.FirstKill(blamed).Should().BeNull();
    }

    [Fact]
    public void The_gallery_names_each_mutant_and_each_bug_once_and_rules_that_exist()
    {
        Mutant.All.Count.Should().BeGreaterThanOrEqualTo(100);
        Mutant
            .All.Select(mutant => mutant.Id)
            .Should()
            .OnlyHaveUniqueItems()
            .And.OnlyContain(id =>
                id.All(sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '-')
            );
        Mutant.All.Select(mutant => mutant.Sentence).Should().OnlyHaveUniqueItems();
        Mutant
            .All.SelectMany(mutant => mutant.Rules)
            .Where(rule => Vectors.Value.Rules.Find(rule) is null)
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void The_table_in_the_documents_is_that_of_this_gallery()
    {
        var file = Path.Combine(VectorLocation.Find()!, "..", "docs", KillTable.FileName);

        var lines = File.ReadLines(file)
            .SkipWhile(line => !line.StartsWith("| mutant |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.Length > 0)
            .ToArray();

        var stale = Mutant
            .All.Select(KillTable.Head)
            .Where((head, index) => index >= lines.Length || !lines[index].StartsWith(head, StringComparison.Ordinal));
        stale.Should().BeEmpty("helper-conformance mutants --output docs/mutants.md has not been run");
        lines.Should().HaveCount(Mutant.All.Count);
        lines.Should().NotContain(line => line.Contains("**", StringComparison.Ordinal), "nothing survives");
    }

    [Theory]
    [MemberData(nameof(FoundBySequences))]
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
