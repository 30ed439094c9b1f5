using Conformance.Harness.Vectors;

namespace Conformance.Tests.Harness.Vectors;

public class RepositoryVectorsTests
{
    [Fact]
    public void All_vectors_of_the_repository_load_without_an_error()
    {
        var load = VectorSet.Load(VectorLocation.Find()!);

        var errors = load.Errors.Where(error => error.Kind == LoadErrorKind.Broken);
        string.Join('\n', errors).Should().BeEmpty();
        load.Set!.Cases.Should().OnlyHaveUniqueItems(@case => @case.Id);
    }
}
