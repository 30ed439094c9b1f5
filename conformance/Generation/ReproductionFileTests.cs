using Conformance.Harness.Generation;
using Conformance.Harness.Vectors;

namespace Conformance.Tests.Generation;

public sealed class ReproductionFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("reproductions").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_sequence_written_down_loads_as_the_operations_it_was_made_of()
    {
        var sequences = Enumerable.Range(1, 12).Select(seed => SequenceGenerator.Generate(seed, 40)).ToList();
        var folder = Directory.CreateDirectory(Path.Combine(directory, "found")).FullName;
        File.Copy(Path.Combine(Vectors, "rules.json"), Path.Combine(directory, "rules.json"));
        foreach (var sequence in sequences)
        {
            var text = ReproductionFile.Of(sequence, $"found.seed-{sequence.Seed}", "nothing");
            File.WriteAllText(Path.Combine(folder, $"seed-{sequence.Seed}.json"), text);
        }

        var load = VectorSet.Load(directory);

        load.Errors.Where(error => error.Kind != LoadErrorKind.Coverage).Should().BeEmpty();
        foreach (var sequence in sequences)
        {
            var written = load.Set!.Cases.Single(written => written.Id == $"found.seed-{sequence.Seed}");
            written.Vector.Kind.Should().Be(VectorKind.Reproduction);
            written.Setup.Should().BeEmpty();
            written
                .Steps.Select(step => OperationText.Of(step.OperationFor(sequence.Cpus)))
                .Should()
                .Equal(sequence.Operations.Select(OperationText.Of));
        }
    }

    private static string Vectors => VectorLocation.Find() ?? throw new InvalidOperationException("No vectors.");
}
