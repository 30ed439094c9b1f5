using Conformance.Harness.Vectors;

namespace Conformance.Tests.Harness.Vectors;

public class BrokenVectorTests
{
    public static TheoryData<string> Names => [.. BrokenVectors.All.Select(broken => broken.ToString())];

    [Fact]
    public void The_sample_that_the_broken_vectors_are_made_of_is_sound()
    {
        using var folder = new VectorFolder();
        var load = folder.Write("area/test.json", SampleVector.Text).Load();

        string.Join('\n', load.Errors).Should().BeEmpty();
        load.Set!.Cases.Should().HaveCount(2 * 2 * 2 * 2);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_broken_vector_is_reported_at_its_place(string name)
    {
        var broken = BrokenVectors.All.Single(other => other.ToString() == name);
        SampleVector.Text.Should().Contain(broken.Find);
        var text = SampleVector.Text.Replace(broken.Find, broken.Replace, StringComparison.Ordinal);

        using var folder = new VectorFolder();
        var load = folder.Write("area/test.json", text).Load();

        load.Set.Should().BeNull();
        var places = load.Errors.Select(error => $"{error.Pointer}: {error.Message}");
        places
            .Should()
            .Contain(place =>
                place.StartsWith(broken.Pointer + ": ", StringComparison.Ordinal) && place.Contains(broken.Message)
            );
        load.Errors.Should()
            .OnlyContain(error => error.Line > 0 && error.File.EndsWith("area/test.json", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_way_to_break_a_vector_is_different()
    {
        BrokenVectors.All.Should().OnlyHaveUniqueItems(broken => broken.ToString());
    }

    [Fact]
    public void All_errors_of_a_file_are_reported_with_their_lines()
    {
        using var folder = new VectorFolder();
        var text = VectorFolder.Vector(
            """
            "steps": [
              { "op": "cgroup_remove", "cgroup": "x" },
              { "op": "nothing" },
              { "op": "fire", "cgroup": "y", "tims": 1 }
            ]
            """
        );
        var load = folder.Write("area/test.json", text).Load();

        load.Errors.Select(error => (error.Line, error.Pointer, error.Message))
            .Should()
            .BeEquivalentTo([
                (3, "/steps/0/cgroup", "unknown cgroup \"x\""),
                (4, "/steps/1/op", "unknown op \"nothing\""),
                (5, "/steps/2/cgroup", "unknown cgroup \"y\""),
                (5, "/steps/2", "\"attach_type\" is missing, and no axis defines $attach_type"),
                (5, "/steps/2/tims", "unknown field \"tims\""),
            ]);
    }

    [Fact]
    public void An_error_of_many_cases_is_reported_once_and_names_the_first()
    {
        using var folder = new VectorFolder();
        var text = VectorFolder.Vector(
            """
            "for_each": { "attach_type": "all" }, "steps": [{ "op": "fire", "cgroup": "x" }]
            """
        );
        var error = folder.Write("area/test.json", text).Load().Errors.Should().ContainSingle().Subject;

        error.Case.Should().Be("area.test@cgroup_inet_ingress");
        error
            .ToString()
            .Should()
            .EndWith("area/test.json:2 /steps/0/cgroup: unknown cgroup \"x\" (in case area.test@cgroup_inet_ingress)");
    }

    [Fact]
    public void A_value_that_a_placeholder_brought_is_reported_where_it_is_used()
    {
        using var folder = new VectorFolder();
        var text = VectorFolder.Vector(
            """
            "for_each": { "attach_type": ["cgroup_device"], "flag": [{ "name": "bad", "value": ["nonsense"] }] },
            "cgroups": { "a": null }, "programs": { "p": { "source": ["r0 = 1", "exit"] } },
            "steps": [{ "op": "prog_attach", "program": "p", "cgroup": "a", "flags": "$flag.value" }]
            """
        );
        var error = folder.Write("area/test.json", text).Load().Errors.Should().ContainSingle().Subject;

        error.Pointer.Should().Be("/steps/0/flags");
        error.Message.Should().StartWith("unknown flag \"nonsense\"");
    }
}
