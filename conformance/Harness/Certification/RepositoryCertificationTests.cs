using Conformance.Harness.Certification;
using Conformance.Harness.Vectors;
using NJsonSchema;

namespace Conformance.Tests.Harness.Certification;

/// <summary>What vectors/certified.json says of the vectors as they are. No kernel is needed to see it, nor to mend it honestly.</summary>
public class RepositoryCertificationTests
{
    private const int Shown = 20;

    private static readonly string Folder = VectorLocation.Find()!;
    private static readonly VectorSet Set = VectorSet.Load(Folder).Set!;
    private static readonly CertificationLoad Load = CertificationRecord.Load(Folder);

    [Fact]
    public void The_record_loads_without_an_error()
    {
        Load.Found.Should().BeTrue();
        string.Join('\n', Load.Errors).Should().BeEmpty();
    }

    [Fact]
    public async Task The_schema_accepts_the_record()
    {
        var schema = await JsonSchema.FromFileAsync(Path.Combine(Folder, "schema", "certified.schema.json"));
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, CertificationRecord.FileName));
        schema.Validate(text).Should().BeEmpty();
    }

    [Fact]
    public void The_record_is_as_the_command_writes_it()
    {
        using var text = new StringWriter();
        Load.Record!.Write(text);
        var same = text.ToString() == File.ReadAllText(Path.Combine(Folder, CertificationRecord.FileName));
        same.Should().BeTrue("helper-conformance certify --prune sorts and formats the record, on any machine");
    }

    [Fact]
    public void Every_case_is_certified_or_has_a_reason()
    {
        var vectors = new CertificationAudit(Set, Load.Record!)
            .Unexplained()
            .CountBy(@case => @case.Vector.Id)
            .Select(vector => $"{vector.Key} ({vector.Value} cases)")
            .ToArray();

        if (vectors.Length > 0)
            Assert.Fail(
                $"""
                Not certified on any kernel as they are now, and without a reason:
                  {string.Join("\n  ", vectors.Take(Shown))}{(
                    vectors.Length > Shown ? $"\n  and {vectors.Length - Shown} more" : ""
                )}
                As root on a Linux kernel: helper-conformance certify
                Without one: under "uncertified" in vectors/certified.json, for each vector
                  "id": "...", "kind": "awaits_certification", "reason": "..."
                """
            );
    }

    [Fact]
    public void The_record_names_only_cases_that_exist() =>
        new CertificationAudit(Set, Load.Record!)
            .UnknownIds()
            .Take(Shown)
            .Should()
            .BeEmpty("helper-conformance certify --prune drops what is gone, on any machine");

    [Fact]
    public void No_reason_is_stale() =>
        new CertificationAudit(Set, Load.Record!)
            .StaleReasons()
            .Select(reason => reason.Id)
            .Should()
            .BeEmpty("all their cases are certified; helper-conformance certify --prune drops such reasons");
}
