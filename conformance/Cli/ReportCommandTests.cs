using Conformance.Cli;
using Conformance.Harness.Reporting;

namespace Conformance.Tests.Cli;

public sealed class ReportCommandTests : IDisposable
{
    private readonly SampleVectors _vectors = new();

    public void Dispose() => _vectors.Dispose();

    private string Report(string format, string file) => $"{format}={_vectors.PathOf(file)}";

    private void Run(params string[] reports) =>
        CommandRun
            .Of([
                "run",
                "--vectors",
                _vectors.Folder,
                "--jobs",
                "1",
                .. reports.SelectMany(report => new[] { "--report", report }),
            ])
            .ExitCode.Should()
            .Be(ExitCode.Failures);

    [Theory]
    [InlineData("json")]
    [InlineData("tap")]
    [InlineData("markdown")]
    [InlineData("annotations")]
    [InlineData("badge")]
    public void A_report_made_later_from_either_record_is_the_one_made_at_once(string format)
    {
        Run(Report(format, "at-once"), Report("json", "run.json"), Report("jsonl", "run.jsonl"));
        var atOnce = File.ReadAllText(_vectors.PathOf("at-once"));

        CommandRun.Of("report", format, _vectors.PathOf("run.json")).Should().Be(new CommandRun(0, atOnce, ""));
        var later = _vectors.PathOf("later");
        CommandRun
            .Of("report", format, _vectors.PathOf("run.jsonl"), "--output", later)
            .Should()
            .Be(new CommandRun(0, "", ""));
        File.ReadAllText(later).Should().Be(atOnce).And.NotBeEmpty();
    }

    [Fact]
    public void A_failure_is_recorded_with_all_its_steps()
    {
        Run(Report("json", "run.json"));
        var file = _vectors.PathOf("run.json");
        var failed = ReportReader.Read(file).Run!.Results.Single(one => one.Failure is not null);

        failed
            .Steps[^1]
            .Should()
            .BeEquivalentTo(
                new RecordedStep
                {
                    Step = 2,
                    Operation = failed.Failure!.Operation,
                    Expected = ["u64 at 0 >= 7, remembered as @seen"],
                    Actual = "value 0000000000000000",
                    State = StepState.Violated,
                }
            );
        failed.Steps.SkipLast(1).Should().OnlyContain(step => step.State == StepState.Held && step.Actual != null);
        failed.Steps[0].Step.Should().BeNull("a world is made first");
    }

    [Fact]
    public void A_record_that_cannot_be_read_is_refused()
    {
        var missing = _vectors.PathOf("missing.json");
        CommandRun.Of("report", "tap", missing).Error.Should().StartWith($"error: {missing}: cannot be read");
        CommandRun.Of("report", "tap", _vectors.PathOf("rules.json")).Error.Should().Contain("is no report of a run");
        CommandRun.Of("report", "tap", "a", "b").Error.Should().Contain("takes one record, not 2");
        CommandRun.Of("report", "pat", "a").ExitCode.Should().Be(ExitCode.BrokenInput);
    }

    [Fact]
    public void A_report_that_cannot_be_written_is_refused()
    {
        Run(Report("json", "run.json"));
        var run = CommandRun.Of("report", "tap", _vectors.PathOf("run.json"), "--output", _vectors.Folder);
        run.Should().Be(new CommandRun(2, "", $"error: --output {_vectors.Folder}: is a directory\n"));
    }
}
