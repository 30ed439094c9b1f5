using Conformance.Harness.Vectors;

namespace Conformance.Tests.Harness.Vectors;

public sealed class VectorLocationTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("location-test-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void The_nearest_folder_above_the_working_directory_is_found()
    {
        var outer = Vectors("");
        var inner = Vectors("project");
        var program = Folder("elsewhere");

        VectorLocation.Find(Folder("project/bin/Debug"), program).Should().Be(inner);
        VectorLocation.Find(Folder("other/bin"), program).Should().Be(outer);
        VectorLocation.Find(_root.FullName, program).Should().Be(outer);
    }

    [Fact]
    public void Beside_the_program_it_is_found_from_anywhere()
    {
        var installed = Vectors("tool");

        VectorLocation.Find(Folder("home/somebody"), Folder("tool")).Should().Be(installed);
    }

    [Fact]
    public void Run_in_its_build_folder_the_program_takes_the_vectors_of_the_repository_not_their_copy()
    {
        var repository = Vectors("project");
        Vectors("project/bin/Debug");
        var program = Folder("project/bin/Debug");

        VectorLocation.Find(program, program + Path.DirectorySeparatorChar).Should().Be(repository);
    }

    [Fact]
    public void A_folder_of_that_name_without_a_catalogue_is_not_it()
    {
        Folder("home/vectors");

        VectorLocation.Find(Folder("home"), Folder("tool")).Should().BeNull();
    }

    [Fact]
    public void What_the_user_names_is_taken_as_it_is()
    {
        VectorLocation.Find("nowhere").Should().Be("nowhere");
    }

    private string Vectors(string below)
    {
        var folder = Folder(Path.Combine(below, "vectors"));
        File.WriteAllText(Path.Combine(folder, "rules.json"), "{}");
        return folder;
    }

    private string Folder(string relative) =>
        Directory.CreateDirectory(Path.Combine(_root.FullName, relative)).FullName;
}
