using System.Text.Json;
using System.Xml.Linq;
using Conformance.Harness.Reporting;
using Conformance.Harness.Running;

namespace Conformance.Tests.Reporting;

public sealed class ReportTests
{
    [Fact]
    public Task The_json_report_is_stable() => Snapshot.Verify(Texts.Json(SampleRun.Record));

    [Fact]
    public Task The_junit_report_is_stable() => Snapshot.Verify(Texts.JUnit(SampleRun.Record));

    [Fact]
    public Task The_record_stream_has_a_header_results_and_an_end()
    {
        return Snapshot.Verify(Texts.Lines(SampleRun.Record with { Interrupted = true }));
    }

    [Fact]
    public void Results_are_streamed_as_they_come()
    {
        var stream = new StringWriter();
        var recorder = new RunRecorder(SampleRun.Record.Header, [stream]);
        recorder.Add(SampleRun.Failed);
        stream.ToString().Split('\n').Should().HaveCount(3, "a header, a result, and nothing behind the last line end");
    }

    [Fact]
    public Task A_failure_shows_rule_step_programs_and_the_command_that_reproduces_it() =>
        Snapshot.Verify(string.Join('\n', FailureText.Lines(SampleRun.Failed)));

    [Fact]
    public void The_json_report_counts_what_it_lists()
    {
        using var report = JsonDocument.Parse(Texts.Json(SampleRun.Record));
        var outcomes = report
            .RootElement.GetProperty("results")
            .EnumerateArray()
            .CountBy(result => result.GetProperty("outcome").GetString()!)
            .ToDictionary();
        var summary = report.RootElement.GetProperty("summary");
        foreach (var outcome in CaseOutcomes)
        {
            summary.GetProperty(outcome).GetInt32().Should().Be(outcomes[outcome], outcome);
        }

        summary.GetProperty("cases").GetInt32().Should().Be(SampleRun.Record.Results.Count);
    }

    private static IEnumerable<string> CaseOutcomes =>
        Enum.GetNames<CaseOutcome>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);

    [Fact]
    public void The_junit_report_is_xml_whatever_a_machine_says()
    {
        var odd = SampleRun.Failed with { Message = "\0\u0001 <&> \uD800 ]]>" };
        var xml = Texts.JUnit(SampleRun.Record with { Results = [odd] });
        XDocument.Parse(xml).Descendants("failure").Single().Attribute("message")!.Value.Should().Contain("<&>");
    }
}
