using Conformance.Cli;

namespace Conformance.Tests.Cli;

/// <summary>What becomes of reports when their files are not what was hoped for.</summary>
public sealed class ReportFileTests : IDisposable
{
    private readonly SampleVectors _vectors = new();

    public void Dispose() => _vectors.Dispose();

    private string[] Run(params string[] more) =>
        ["run", "--vectors", _vectors.Folder, "--jobs", "1", "--rule", "sample.zeroed", .. more];

    [Theory]
    [InlineData("json")]
    [InlineData("junit")]
    [InlineData("jsonl")]
    public void A_report_that_cannot_be_written_does_not_cost_the_result(string format)
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }

        var run = CommandRun.Of(Run("--report", $"{format}=/dev/full"));
        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Out.Should().Contain("4 passed, 0 failed");
        run.Error.Should().Be($"error: --report {format}=/dev/full: No space left on device\n");
    }

    [Fact]
    public void The_other_reports_are_written_when_one_cannot_be()
    {
        var file = _vectors.PathOf("out.report");
        CommandRun.Of(Run("--report", "json=/dev/full", "--report", $"json={file}"));
        File.ReadAllText(file).Should().Contain("\"passed\": 4");
    }

    [Fact]
    public void An_earlier_report_survives_a_run_that_does_not_end()
    {
        var file = _vectors.Write("reports/out.report", "earlier");
        var run = CommandRun.Of(
            () => throw new NotSupportedException("oops"),
            default,
            Run("--report", $"json={file}", "--report", $"junit={file}.xml")
        );
        run.ExitCode.Should().Be(ExitCode.Bug);
        File.ReadAllText(file).Should().Be("earlier");
        Directory.EnumerateFileSystemEntries(_vectors.PathOf("reports")).Should().Equal(file);
    }

    [Fact]
    public void A_report_replaces_an_earlier_one_and_leaves_nothing_beside_it()
    {
        var file = _vectors.Write("reports/out.report", "earlier");
        CommandRun.Of(Run("--report", $"junit={file}")).ExitCode.Should().Be(ExitCode.Ok);
        File.ReadAllText(file).Should().StartWith("<?xml");
        Directory.EnumerateFileSystemEntries(_vectors.PathOf("reports")).Should().Equal(file);
    }

    [Fact]
    public void A_link_to_a_report_stays_a_link()
    {
        var file = _vectors.Write("reports/out.report", "earlier");
        var link = _vectors.PathOf("link");
        File.CreateSymbolicLink(link, file);
        CommandRun.Of(Run("--report", $"json={link}")).ExitCode.Should().Be(ExitCode.Ok);
        new FileInfo(link).LinkTarget.Should().Be(file);
        File.ReadAllText(file).Should().StartWith("{");
    }

    [Fact]
    public void Two_reports_in_one_file_are_refused()
    {
        var file = _vectors.PathOf("out.report");
        var run = CommandRun.Of(
            Run("--report", $"json={file}", "--report", $"junit={_vectors.PathOf("sample/../out.report")}")
        );
        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Out.Should().BeEmpty();
        run.Error.Should().Contain($"the same file as --report json={file}");
        File.Exists(file).Should().BeFalse();
    }

    [Fact]
    public void A_command_in_a_report_names_no_path()
    {
        var file = _vectors.PathOf("out.report");
        CommandRun.Of("run", "--vectors", _vectors.Folder, "--report", $"json={file}");
        File.ReadAllText(file)
            .Should()
            .Contain("\"reproduce\": \"helper-conformance run --filter 'sample.written@cgroup_device'\"");
    }
}
