using Conformance.Harness.Vectors;

namespace Conformance.Tests.Harness.Vectors;

public class BrokenFolderTests
{
    private const string Sound = """
        { "id": "area.test", "title": "T", "rules": ["area.first"], "catches": "c", "cgroups": { "a": null },
          "steps": [{ "op": "cgroup_remove", "cgroup": "a" }] }
        """;

    [Fact]
    public void A_folder_that_is_not_there_is_an_error()
    {
        using var folder = new VectorFolder();
        var missing = Path.Combine(folder.Path, "nowhere");

        VectorSet
            .Load(missing)
            .Errors.Should()
            .ContainSingle()
            .Which.ToString()
            .Should()
            .Be($"{missing}: there is no such folder");
    }

    [Fact]
    public void A_file_instead_of_a_folder_is_an_error()
    {
        using var folder = new VectorFolder();

        var load = VectorSet.Load(Path.Combine(folder.Path, "rules.json"));

        load.Errors.Should().ContainSingle().Which.Message.Should().Be("is a file, not a folder of vectors");
    }

    [Fact]
    public void A_folder_without_vectors_is_an_error()
    {
        using var folder = new VectorFolder();

        folder.Load().Errors.Should().ContainSingle().Which.Message.Should().Be("there are no vectors in it");
        folder.Load().Set.Should().BeNull();
    }

    [Fact]
    public void A_folder_without_a_catalogue_is_an_error()
    {
        using var folder = new VectorFolder();
        folder.Write("area/test.json", Sound);
        File.Delete(Path.Combine(folder.Path, "rules.json"));

        folder.Load().Errors.Should().ContainSingle().Which.Message.Should().Be("the catalogue of rules is missing");
    }

    [Theory]
    [InlineData("", "", "the file is empty")]
    [InlineData(" \n ", "", "the file is empty")]
    [InlineData("steps: none", "", "not valid JSON: 's' is an invalid start of a value.")]
    [InlineData("{ \"id\": \"area.test\",\n \"steps\": [", "/steps", "not valid JSON: ")]
    [InlineData("{ \"id\": \"area.test\",\n \"steps\": [1 2]}", "/steps/0", "not valid JSON: ")]
    [InlineData("{} {}", "", "not valid JSON: ")]
    [InlineData("[]", "", "expected an object, found a list")]
    [InlineData("{ \"id\": \"\\ud800\" }", "/id", "not valid JSON: ")]
    public void A_file_that_is_no_JSON_object_is_an_error(string text, string pointer, string message)
    {
        using var folder = new VectorFolder();
        var load = folder.Write("area/test.json", text).Load();

        load.Set.Should().BeNull();
        var error = load.Errors.Should().ContainSingle().Subject;
        error.File.Should().EndWith("area/test.json");
        error.Pointer.Should().Be(pointer);
        error.Message.Should().StartWith(message);
    }

    [Fact]
    public void A_truncated_file_is_reported_with_its_line()
    {
        using var folder = new VectorFolder();
        var load = folder.Write("area/test.json", Sound[..^20]).Load();

        load.Errors.Should().ContainSingle().Which.Line.Should().Be(2);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error()
    {
        using var folder = new VectorFolder();
        folder.Write("area/test.json", Sound);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "area", "gone.json"), "nowhere.json");

        var error = folder.Load().Errors.Should().ContainSingle().Subject;

        error.File.Should().EndWith("gone.json");
        error.Message.Should().StartWith("cannot be read: ");
    }

    [Fact]
    public void Two_vectors_with_one_id_are_an_error()
    {
        using var folder = new VectorFolder();
        folder.Write("area/test.json", Sound).Write("area/toast.json", Sound);

        folder
            .Load()
            .Errors.Select(error => error.Message)
            .Should()
            .BeEquivalentTo(
                "the id of a vector in this place is \"area.toast\", not \"area.test\"",
                "another vector has the id \"area.test\" too"
            );
    }

    [Fact]
    public void Errors_of_all_files_are_collected()
    {
        using var folder = new VectorFolder("{ \"rules\": 1 }");
        folder.Write("area/one.json", "[").Write("area/two.json", "{}");

        var files = folder.Load().Errors.Select(error => Path.GetFileName(error.File)).Distinct();

        files.Should().BeEquivalentTo("rules.json", "one.json", "two.json");
    }

    [Fact]
    public void A_byte_order_mark_does_no_harm()
    {
        using var folder = new VectorFolder();

        folder.Write("area/test.json", "\ufeff" + Sound).Load().Errors.Should().BeEmpty();
    }

    [Fact]
    public void The_schemas_and_the_certificates_are_no_vectors()
    {
        using var folder = new VectorFolder();
        folder.Write("area/test.json", Sound).Write("schema/vector.schema.json", "{}").Write("certified.json", "{}");

        folder.Load().Set!.Vectors.Should().ContainSingle();
    }
}
