using Conformance.Harness.Reporting;
using Conformance.Tests.Cli;
using Conformance.Tests.Documentation;
using NJsonSchema;

namespace Conformance.Tests.Reporting;

/// <summary>docs/report.schema.json is for those who read reports; what is written must be what it says.</summary>
public sealed class ReportSchemaTests
{
    private static readonly Lazy<Task<JsonSchema>> Schema = new(() =>
        JsonSchema.FromFileAsync(GeneratedBook.PathOf("report.schema.json"))
    );

    private static readonly RunRecord Hostile = SampleRun.Record with
    {
        Results =
        [
            SampleRun.Failed with
            {
                Message = TextReportTests.Hostile,
                StandardError = [TextReportTests.Hostile],
            },
        ],
    };

    [Fact]
    public async Task Reports_are_what_the_schema_says()
    {
        var schema = await Schema.Value;
        foreach (var run in new[] { SampleRun.Record, Hostile, SampleRun.Record with { Results = [] } })
        {
            schema.Validate(Texts.Json(run)).Should().BeEmpty();
        }
    }

    [Fact]
    public async Task The_report_of_a_run_is_what_the_schema_says()
    {
        using var vectors = new SampleVectors();
        var file = vectors.PathOf("run.json");
        CommandRun.Of("run", "--vectors", vectors.Folder, "--jobs", "1", "--report", $"json={file}");
        var text = await File.ReadAllTextAsync(file);
        text.Should().Contain("\"violated\"");
        (await Schema.Value).Validate(text).Should().BeEmpty();
    }

    [Theory]
    [InlineData("\"failed\",", "\"broken\",")]
    [InlineData("\"not_reached\"", "\"unknown\"")]
    [InlineData("\"suite\": \"0.1.0\"", "\"suit\": \"0.1.0\"")]
    [InlineData("\"standard_error\": []", "\"standard_error\": null")]
    [InlineData("\"sentence\": ", "\"words\": ")]
    [InlineData("\"pattern\": ", "\"patterns\": ")]
    [InlineData("\"cpus\": 4", "\"cpus\": 0")]
    public async Task The_schema_refuses_what_is_no_report(string from, string to)
    {
        var text = Texts.Json(SampleRun.Record);
        text.Should().Contain(from);
        (await Schema.Value).Validate(text.Replace(from, to, StringComparison.Ordinal)).Should().NotBeEmpty();
    }
}
