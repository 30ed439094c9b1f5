using Conformance.Harness.Certification;
using Conformance.Harness.Vectors;
using Conformance.Tests.Harness.Vectors;

namespace Conformance.Tests.Harness.Certification;

public class CaseHashTests
{
    private const string Vector = """
        { "id": "area.test", "title": "A test", "rules": ["area.first"], "catches": "a bug",
          "for_each": { "attach_type": ["cgroup_inet_egress", "cgroup_sysctl"] },
          "cgroups": { "a": null, "b": null },
          "maps": { "storage": { "type": "cgroup_storage", "key_size": 16, "value_size": 8 } },
          "programs": { "p": { "source": ["r1 = map[storage] ll", "r2 = 0", "call bpf_get_local_storage#81", "r0 = 1", "exit"] } },
          "steps": [
            { "op": "prog_attach", "program": "p", "cgroup": "a", "flags": ["allow_multi"] },
            { "op": "fire", "cgroup": "a" },
            { "op": "map_lookup_elem", "map": "storage", "key": { "cgroup": "a" }, "why": "It is there.",
              "expect": { "value": [{ "offset": 0, "u64": 17 }] } },
            { "op": "prog_query", "cgroup": "a", "expect": { "programs": ["p"] } }
          ] }
        """;

    [Theory]
    [InlineData("\"title\": \"A test\"", "\"title\": \"Another title\"")]
    [InlineData("\"catches\": \"a bug\"", "\"catches\": \"another bug\"")]
    [InlineData("\"why\": \"It is there.\"", "\"why\": \"For another reason.\"")]
    [InlineData("\"why\": \"It is there.\",", "")]
    [InlineData("\"u64\": 17", "\"u64\": \"0x11\"")]
    [InlineData("\"offset\": 0, \"u64\": 17", "\"u64\": 17, \"offset\": 0")]
    [InlineData("{ \"op\": \"fire\", \"cgroup\": \"a\" }", "{\"cgroup\":\n\t\"a\",\r\n\"op\":\"fire\"}")]
    [InlineData("\"key_size\": 16, \"value_size\": 8", "\"value_size\": 8, \"key_size\": 16")]
    [InlineData("\"r2 = 0\"", "\"r2 = 0 ; the flags\"")]
    [InlineData("\"r2 = 0\"", "\"r2   =   0\"")]
    [InlineData("[\"cgroup_inet_egress\", \"cgroup_sysctl\"]", "[\"cgroup_sysctl\", \"cgroup_inet_egress\"]")]
    public void A_hash_does_not_change_with_how_a_case_is_written(string find, string replace) =>
        Hash(Changed(find, replace)).Should().Be(Hash(Vector));

    [Theory]
    [InlineData("\"u64\": 17", "\"u64\": 18")]
    [InlineData("\"u64\": 17", "\"u32\": 17")]
    [InlineData("\"offset\": 0", "\"offset\": 0, \"cpu\": 1")]
    [InlineData("\"expect\": { \"value\": [{ \"offset\": 0, \"u64\": 17 }] }", "\"eventually\": false")]
    [InlineData("[{ \"offset\": 0, \"u64\": 17 }] } }", "[{ \"offset\": 0, \"u64\": 17 }] }, \"eventually\": true }")]
    [InlineData("{ \"op\": \"fire\", \"cgroup\": \"a\" },", "")]
    [InlineData("{ \"op\": \"fire\", \"cgroup\": \"a\" }", "{ \"op\": \"fire\", \"cgroup\": \"a\", \"times\": 2 }")]
    [InlineData("{ \"op\": \"fire\", \"cgroup\": \"a\" }", "{ \"op\": \"fire\", \"cgroup\": \"b\" }")]
    [InlineData("\"flags\": [\"allow_multi\"]", "\"flags\": [\"allow_override\"]")]
    [InlineData("{ \"a\": null, \"b\": null }", "{ \"a\": null, \"b\": \"a\" }")]
    [InlineData("\"value_size\": 8", "\"value_size\": 16")]
    [InlineData("\"key_size\": 16", "\"key_size\": 8")]
    [InlineData("\"cgroup_storage\"", "\"percpu_cgroup_storage\"")]
    [InlineData("\"r2 = 0\"", "\"w2 = 0\"")]
    [InlineData("\"exit\"] }", "\"exit\"], \"flags\": [\"strict_alignment\"] }")]
    [InlineData("\"exit\"] }", "\"exit\"], \"expected_attach_type\": \"cgroup_device\", \"type\": \"cgroup_device\" }")]
    [InlineData("[\"area.first\"]", "[\"area.second\"]")]
    [InlineData("\"programs\": [\"p\"]", "\"programs\": []")]
    public void A_hash_changes_with_what_a_case_does_or_expects(string find, string replace) =>
        Hash(Changed(find, replace)).Should().NotBe(Hash(Vector));

    [Theory]
    [InlineData("\"since\": \"4.19\"", "\"since\": \"5.9\"", false)]
    [InlineData("\"sentence\": \"First.\"", "\"sentence\": \"The first.\"", true)]
    [InlineData("\"why\": \"Because.\"", "\"why\": \"It is so.\"", true)]
    public void A_hash_changes_with_the_kernels_that_a_rule_binds(string find, string replace, bool same)
    {
        VectorFolder.Rules.Should().Contain(find);
        var at = VectorFolder.Rules.IndexOf(find, StringComparison.Ordinal);
        var rules = VectorFolder.Rules.Remove(at, find.Length).Insert(at, replace);

        (Hash(Vector, rules) == Hash(Vector)).Should().Be(same);
    }

    [Fact]
    public void Cases_that_differ_in_nothing_but_a_default_attach_type_have_hashes_of_their_own()
    {
        using var folder = new VectorFolder();
        folder.Write("area/test.json", Vector);

        CaseHash.OfAll(folder.Load().Set!).Values.Should().OnlyHaveUniqueItems().And.HaveCount(2);
    }

    [Fact]
    public void What_a_message_must_hold_is_text_even_where_it_looks_like_a_number()
    {
        const string Loads = """
            "programs": { "p": { "type": "cgroup_sysctl", "source": ["exit"] } },
            "steps": [{ "op": "prog_load", "program": "p", "expect": { "refused": { "message": "0x10" } } }]
            """;

        HashOf(VectorFolder.Vector(Loads))
            .Should()
            .NotBe(HashOf(VectorFolder.Vector(Loads.Replace("0x10", "0x010", StringComparison.Ordinal))));
    }

    // Written down, so that nobody uncertifies all vectors without noticing: the text is that of vectors/README.md.
    [Fact]
    public void A_hash_is_the_digest_of_the_canonical_text()
    {
        const string Canonical = """
            {"attach_type":"cgroup_sysctl","cgroups":[["a",null],["b",null]],"maps":[["storage",{"key_size":16,"type":"cgroup_storage","value_size":8}]],"program_type":"cgroup_sysctl","programs":[["p",{"expected_attach_type":"cgroup_sysctl","flags":0,"instructions":"18110000000000000000000000000000b7020000000000008500000051000000b7000000010000009500000000000000","log_level":0,"maps":[{"instruction":0,"map":"storage"}],"type":"cgroup_sysctl"}]],"rules":[{"fixed_in":[],"id":"area.first","since":"4.19"}],"steps":[{"cgroup":"a","flags":["allow_multi"],"op":"prog_attach","program":"p"},{"cgroup":"a","op":"fire"},{"expect":{"value":[{"offset":0,"u64":17}]},"key":{"cgroup":"a"},"map":"storage","op":"map_lookup_elem"},{"cgroup":"a","expect":{"programs":["p"]},"op":"prog_query"}]}
            """;
        var digest = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Canonical));

        Hash(Vector).Should().Be(Convert.ToHexStringLower(digest)[..16]);
    }

    private static string Changed(string find, string replace)
    {
        Vector.Should().Contain(find);
        return Vector.Replace(find, replace, StringComparison.Ordinal);
    }

    private static string Hash(string vector, string rules = VectorFolder.Rules) =>
        HashOf(vector, rules, "area.test@cgroup_sysctl");

    private static string HashOf(string vector, string rules = VectorFolder.Rules, string id = "area.test")
    {
        using var folder = new VectorFolder(rules);
        folder.Write("area/test.json", vector);
        var load = folder.Load();
        string.Join('\n', load.Errors).Should().BeEmpty();
        return CaseHash.OfAll(load.Set!)[id];
    }
}
