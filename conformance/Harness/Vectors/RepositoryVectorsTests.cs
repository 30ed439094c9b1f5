using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.Harness.Vectors;

public class RepositoryVectorsTests
{
    private static readonly VectorLoad Load = VectorSet.Load(VectorLocation.Find()!);

    [Fact]
    public void All_vectors_of_the_repository_load_without_an_error()
    {
        string.Join('\n', Load.Errors).Should().BeEmpty();
        Load.Set!.Cases.Should().OnlyHaveUniqueItems(@case => @case.Id);
    }

    [Fact]
    public void No_two_vectors_do_and_expect_the_same()
    {
        var bodies = Load.Set!.Vectors.Select(vector => (vector.Id, Body: Body(vector))).GroupBy(pair => pair.Body);

        bodies
            .Where(same => same.Count() > 1)
            .Select(same => string.Join(", ", same.Select(pair => pair.Id)))
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void Every_core_rule_is_checked_for_every_program_type()
    {
        var checkedFor = Load.Set!.Cases.SelectMany(
            @case => @case.Vector.Rules,
            (@case, rule) => (Rule: rule, Type: @case.ProgramType)
        );
        var pairs = checkedFor.ToHashSet();
        var missing =
            from rule in Load.Set.Rules.Rules
            where rule.Level == RuleLevel.Core && rule.NoVector is null
            from type in ProgramTypes.All
            where type.AttachTypes.Count > 0 && !pairs.Contains((rule.Id, type.Type))
            select $"{rule.Id} for {Names.Of(type.Type)}";

        missing.Should().BeEmpty();
    }

    [Fact]
    public void Every_attach_type_is_fired()
    {
        var fired = Load.Set!.Cases.SelectMany(@case => @case.Steps)
            .Select(step => step.Operation)
            .OfType<Conformance.Harness.Machines.Fire>()
            .Select(fire => fire.AttachType)
            .Distinct();

        fired.Should().BeEquivalentTo(Enum.GetValues<AttachType>());
    }

    // The file without what names it: id, title, rules, the bug.
    private static string Body(Vector vector)
    {
        var file = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(vector.File))!.AsObject();
        foreach (var name in new[] { "$schema", "id", "title", "rules", "catches" })
            file.Remove(name);
        return file.ToJsonString();
    }
}
