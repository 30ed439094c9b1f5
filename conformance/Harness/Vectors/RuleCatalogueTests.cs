using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;

namespace Conformance.Tests.Harness.Vectors;

public class RuleCatalogueTests
{
    private const string Rule = """
        { "id": "area.first", "sentence": "S.", "level": "linux", "since": "7.1", "fixed_in": ["6.12.91"], "source": ["a.c f"],
          "numbers": ["E1"], "known": "source", "why": "W." }
        """;

    private const string Vector = """
        { "id": "area.test", "title": "T", "rules": ["area.first"], "catches": "c", "cgroups": { "a": null },
          "steps": [{ "op": "cgroup_remove", "cgroup": "a" }] }
        """;

    [Fact]
    public void A_rule_is_read_with_all_its_members()
    {
        var rule = Load(Rule).Set!.Rules["area.first"];

        rule.Sentence.Should().Be("S.");
        rule.Level.Should().Be(RuleLevel.Linux);
        rule.Since.Should().Be(new KernelVersion(7, 1));
        rule.FixedIn.Should().Equal(new KernelVersion(6, 12, 91));
        rule.Sources.Should().Equal("a.c f");
        rule.Numbers.Should().Equal("E1");
        rule.Known.Should().Be(RuleEvidence.Source);
        rule.Why.Should().Be("W.");
        rule.NoVector.Should().BeNull();
        rule.Area.Should().Be("area");
    }

    public static TheoryData<string, string, string, string> Broken =>
        new()
        {
            { "\"area.first\"", "\"first\"", "/rules/0/id", "an id is an area and a name" },
            { "\"linux\"", "\"kernel\"", "/rules/0/level", "unknown level \"kernel\"" },
            { "\"7.1\"", "\"seven\"", "/rules/0/since", "expected a kernel version" },
            { "\"6.12.91\"", "\"6.12-rc1\"", "/rules/0/fixed_in/0", "expected a kernel version" },
            { "\"known\": \"source\"", "\"known\": \"guessed\"", "/rules/0/known", "unknown known \"guessed\"" },
            { "\"why\": \"W.\"", "\"reason\": \"W.\"", "/rules/0/reason", "unknown field \"reason\"" },
            { "\"why\": \"W.\"", "\"reason\": \"W.\"", "/rules/0", "\"why\" is missing" },
            { "[\"a.c f\"]", "\"a.c f\"", "/rules/0/source", "expected a list, found a string" },
            { "[\"E1\"]", "[1]", "/rules/0/numbers/0", "expected a string, found a number" },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_rule_is_reported_at_its_place(string find, string replace, string pointer, string message)
    {
        Rule.Should().Contain(find);

        var errors = Load(Rule.Replace(find, replace, StringComparison.Ordinal)).Errors;

        errors
            .Should()
            .Contain(error => error.Pointer == pointer && error.Message.StartsWith(message) && error.Line > 0);
    }

    [Fact]
    public void A_rule_that_is_there_twice_is_an_error()
    {
        Load($"{Rule}, {Rule}")
            .Errors.Should()
            .Contain(error => error.Pointer == "/rules/1/id" && error.Message.Contains("twice"));
    }

    [Fact]
    public void A_rule_with_neither_vector_nor_reason_is_an_error_that_leaves_the_set_usable()
    {
        var load = Load($"{Rule}, {Rule.Replace("first", "second", StringComparison.Ordinal)}");

        var error = load.Errors.Should().ContainSingle().Subject;
        error.Kind.Should().Be(LoadErrorKind.Coverage);
        error.Pointer.Should().Be("/rules/1");
        error.Message.Should().Be("the rule \"area.second\" has neither a vector nor a \"no_vector\" reason");
        load.Set.Should().NotBeNull();
    }

    [Fact]
    public void A_reason_for_having_no_vector_is_stale_where_there_is_one()
    {
        const string Reason = "\"no_vector\": { \"kind\": \"unsafe\", \"reason\": \"It crashes.\" }";
        var load = Load(Rule.Replace("\"why\"", $"{Reason}, \"why\"", StringComparison.Ordinal));

        load.Errors.Should().ContainSingle().Which.Pointer.Should().Be("/rules/0/no_vector");
    }

    [Fact]
    public void A_reason_for_having_no_vector_is_of_a_known_kind()
    {
        const string Reason = "\"no_vector\": { \"kind\": \"too_hard\", \"reason\": \"It is.\" }";
        var load = Load(Rule.Replace("\"why\"", $"{Reason}, \"why\"", StringComparison.Ordinal));

        load.Errors.Should()
            .Contain(error => error.Pointer == "/rules/0/no_vector/kind" && error.Message.Contains("not_observable"));
    }

    [Fact]
    public void A_reproduction_covers_no_rule()
    {
        var load = Load(
            Rule,
            Vector.Replace("\"title\"", "\"kind\": \"reproduction\", \"title\"", StringComparison.Ordinal)
        );

        load.Errors.Should().ContainSingle().Which.Kind.Should().Be(LoadErrorKind.Coverage);
        load.Set!.Vectors.Should().ContainSingle().Which.Kind.Should().Be(VectorKind.Reproduction);
    }

    [Theory]
    [InlineData("7.1", true)]
    [InlineData("7.1.0", true)]
    [InlineData("8.0.3-generic", true)]
    [InlineData("7.0.9", false)]
    [InlineData("6.12.91", true)]
    [InlineData("6.12.90", false)]
    [InlineData("6.13.200", false)]
    public void A_rule_binds_the_kernels_that_have_it(string kernel, bool binds)
    {
        var rule = Load(Rule).Set!.Rules["area.first"];
        var machine = new MachineIdentity("m", "1", Cpus: 1) { Kernel = kernel };

        (rule.ReasonNotToApply(machine) is null).Should().Be(binds);
    }

    [Fact]
    public void A_linux_rule_does_not_bind_a_machine_that_claims_core_rules_only()
    {
        var rule = Load(Rule).Set!.Rules["area.first"];

        var reason = rule.ReasonNotToApply(new MachineIdentity("m", "1", Cpus: 1));

        reason.Should().Be("area.first is a rule of level linux and m claims core rules only");
    }

    private static VectorLoad Load(string rules, string vector = Vector)
    {
        using var folder = new VectorFolder($"{{ \"rules\": [{rules}] }}");
        return folder.Write("area/test.json", vector).Load(coverage: true);
    }
}
