using Conformance.Harness.Generation;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Conformance.Mutants;

namespace Conformance.Tests.Generation;

public sealed class ReproductionFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("reproductions").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_sequence_written_down_loads_as_the_operations_it_was_made_of()
    {
        var load = Written();

        load.Errors.Where(error => error.Kind != LoadErrorKind.Coverage).Should().BeEmpty();
        foreach (var sequence in Sequences)
        {
            var written = load.Set!.Cases.Single(written => written.Id == IdOf(sequence));
            written.Vector.Kind.Should().Be(VectorKind.Reproduction);
            written.Setup.Should().BeEmpty();
            written
                .Steps.Select(step => OperationText.Of(step.OperationFor(sequence.Cpus)))
                .Should()
                .Equal(sequence.Operations.Select(OperationText.Of));
        }
    }

    [Fact]
    public void A_sequence_written_down_holds_on_the_reference_VM_and_fails_on_a_mutant()
    {
        var set = Written().Set!;
        using var right = new ReferenceVirtualMachine();
        using var wrong = Mutant.All.Single(mutant => mutant.Id == "forgets-zeroing").Create();
        var runner = new Runner(set.Rules);

        set.Cases.Select(@case => runner.Run(right, @case))
            .Where(result => result.Outcome != CaseOutcome.Passed)
            .Select(result => $"{result.Case.Id}: {result.Message}")
            .Should()
            .BeEmpty();
        set.Cases.Select(@case => runner.Run(wrong, @case).Outcome).Should().Contain(CaseOutcome.Failed);
    }

    private VectorLoad Written()
    {
        var folder = Directory.CreateDirectory(Path.Combine(directory, "found")).FullName;
        File.Copy(Path.Combine(Vectors, "rules.json"), Path.Combine(directory, "rules.json"));
        foreach (var sequence in Sequences)
        {
            var text = ReproductionFile.Of(sequence, IdOf(sequence), "nothing");
            File.WriteAllText(Path.Combine(folder, $"seed-{sequence.Seed}.json"), text);
        }

        return VectorSet.Load(directory);
    }

    private static readonly IReadOnlyList<OperationSequence> Sequences =
    [
        .. Enumerable.Range(1, 12).Select(seed => SequenceGenerator.Generate(seed, 40)),
    ];

    private static string IdOf(OperationSequence sequence) => $"found.seed-{sequence.Seed}";

    private static string Vectors => VectorLocation.Find() ?? throw new InvalidOperationException("No vectors.");
}
