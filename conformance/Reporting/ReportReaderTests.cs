using Conformance.Harness.Reporting;

namespace Conformance.Tests.Reporting;

/// <summary>What was written is read back, and what is no report is refused with its place.</summary>
public sealed class ReportReaderTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    private ReportLoad Read(string text)
    {
        File.WriteAllText(_file, text);
        return ReportReader.Read(_file);
    }

    private string Refusal(string text)
    {
        var load = Read(text);
        load.Run.Should().BeNull();
        return load.Error!.ToString().Replace(_file, "FILE", StringComparison.Ordinal);
    }

    [Fact]
    public void A_json_report_is_read_back()
    {
        var text = Texts.Json(SampleRun.Record);
        Texts.Json(Read(text).Run!).Should().Be(text);
    }

    [Fact]
    public void A_stream_is_read_back()
    {
        var text = Texts.Lines(SampleRun.Record);
        var run = Read(text).Run!;
        Texts.Lines(run).Should().Be(text);
        run.Results[0].DurationMs.Should().Be(1.25);
        run.Interrupted.Should().BeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    public void A_stream_that_breaks_off_holds_what_was_whole(int rest)
    {
        var lines = Texts.Lines(SampleRun.Record).Split('\n');
        var run = Read(string.Join('\n', lines[..4]) + "\n" + lines[4][..rest]).Run!;
        run.Results.Select(result => result.Id).Should().Equal(SampleRun.Record.Results.Take(3).Select(r => r.Id));
        run.Interrupted.Should().BeTrue();
    }

    [Fact]
    public void A_last_line_that_lacks_only_its_end_counts()
    {
        var lines = Texts.Lines(SampleRun.Record).Split('\n');
        Read(string.Join('\n', lines[..4])).Run!.Results.Should().HaveCount(3);
    }

    [Fact]
    public void A_line_that_is_broken_in_the_middle_is_refused()
    {
        var lines = Texts.Lines(SampleRun.Record).Split('\n');
        lines[2] = lines[2][..40];
        Refusal(string.Join('\n', lines)).Should().StartWith("FILE:3: is no line of a record");
    }

    [Fact]
    public void Two_streams_in_one_file_are_refused()
    {
        var text = Texts.Lines(SampleRun.Record);
        Refusal(text + text).Should().Contain("FILE:14: a line of kind \"run\" cannot stand here");
    }

    [Fact]
    public void A_case_that_is_there_twice_is_refused() =>
        Refusal(Texts.Json(SampleRun.Record with { Results = [SampleRun.Failed, SampleRun.Failed] }))
            .Should()
            .Be($"FILE: the case {SampleRun.Failed.Id} is there twice");

    [Theory]
    [InlineData("", "FILE: the file is empty")]
    [InlineData("\n  \n", "FILE: the file is empty")]
    [InlineData("{", "FILE:1: is no report of a run:")]
    [InlineData("[]", "FILE:1: is no report of a run:")]
    [InlineData("null", "FILE:1: is no report of a run:")]
    [InlineData("{\n  \"schema_version\": 1\n}", "FILE:3: is no report of a run:")]
    [InlineData("{\"record\":\"result\"}", "FILE:1: a line of kind \"result\" cannot stand here")]
    [InlineData("{\"record\":\"run\"}", "FILE:1: is no report of a run:")]
    public void What_is_no_report_is_refused_with_its_place(string text, string problem) =>
        Refusal(text).Should().StartWith(problem);

    [Theory]
    [InlineData("\"outcome\": \"failed\"", "\"outcome\": \"lost\"", "$.results[4].outcome")]
    [InlineData("\"outcome\": \"failed\"", "\"outcome\": 1", "$.results[4].outcome")]
    [InlineData("\"schema_version\": 1", "\"schema_version\": 2", "is of version 2; this command reads 1")]
    [InlineData("\"rules\": [", "\"rules\": null, \"x\": [", "$.results[0].rules")]
    public void A_member_that_is_not_what_it_should_be_is_named(string from, string to, string problem)
    {
        var text = Texts.Json(SampleRun.Record);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        Refusal(text[..at] + to + text[(at + from.Length)..]).Should().MatchRegex("^FILE:[0-9]+").And.Contain(problem);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused()
    {
        var load = ReportReader.Read("/nowhere/at/all");
        load.Error!.ToString().Should().StartWith("/nowhere/at/all: cannot be read: ");
    }
}
