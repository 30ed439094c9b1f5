using Conformance.Cli;
using Conformance.Harness.Machines;

namespace Conformance.Tests.Cli;

/// <summary>Going on with a run that was killed.</summary>
public sealed class ResumeCommandTests : IDisposable
{
    private readonly SampleVectors _vectors = new();

    public void Dispose() => _vectors.Dispose();

    private string[] Words(params string[] more) => ["run", "--vectors", _vectors.Folder, "--jobs", "1", .. more];

    /// <summary>The stream of a whole run, of which some lines and a part of the next one were written.</summary>
    private string Torn(int lines, int rest, params string[] more)
    {
        var file = _vectors.PathOf("torn.out");
        CommandRun.Of(Words([.. more, "--report", $"jsonl={file}"]));
        var all = File.ReadAllText(file).Split('\n');
        File.WriteAllText(file, string.Concat(all.Take(lines).Select(line => line + '\n')) + all[lines][..rest]);
        return file;
    }

    private CommandRun Resume(string file, params string[] more) => CommandRun.Of(Words(["--resume", file, .. more]));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(3, 25)]
    [InlineData(6, 0)]
    public void The_report_is_that_of_a_run_that_was_not_interrupted(int lines, int rest)
    {
        var whole = _vectors.PathOf("whole.out");
        CommandRun.Of(Words("--report", $"json={whole}"));
        var (json, stream) = (_vectors.PathOf("json.out"), _vectors.PathOf("lines.out"));
        var loads = 0;
        var torn = Torn(lines, rest);
        var run = CommandRun.Of(
            () =>
                new ScriptedMachine
                {
                    Instead = operation =>
                    {
                        loads += operation is ProgLoad ? 1 : 0;
                        return null;
                    },
                },
            default,
            Words("--resume", torn, "--report", $"json={json}", "--report", $"jsonl={stream}")
        );
        run.ExitCode.Should().Be(ExitCode.Failures, run.Error);
        File.ReadAllText(json).Should().Be(File.ReadAllText(whole));
        File.ReadLines(stream).Should().HaveCount(7, "a header, five cases, an end");
        loads.Should().Be(6 - lines, "what was there is not run again");
    }

    [Fact]
    public void What_was_there_is_judged_by_the_expectations_of_today()
    {
        var known = _vectors.Write(
            "known",
            """
            { "expected_failures": [ { "cases": ["sample.written"], "reason": "r", "link": "https://example.org", "owner": "o" } ] }
            """
        );
        var run = Resume(Torn(2, 0), "--expectations", known);
        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        run.Out.Should().EndWith("4 passed, 0 failed, 0 errored, 0 skipped, 0 not applicable, 1 failed as expected\n");
    }

    [Theory]
    [InlineData("\"suite\":\"", "\"suite\":\"9", "are of different versions of the suite: 9")]
    [InlineData(
        "\"kernel\":\"6.18.44\"",
        "\"kernel\":\"6.12.1\"",
        "are of different machines: scripted 1.0, as Linux 6.12.1"
    )]
    [InlineData(
        "\"options\":[]",
        "\"options\":[\"--filter x\"]",
        "are of different selections: --filter x and everything"
    )]
    [InlineData("\"vectors\":\"", "\"vectors\":\"0", "are of different vectors: 0")]
    [InlineData(
        "\"shard\":null",
        "\"shard\":{\"index\":1,\"count\":2,\"of\":9}",
        "are of different shards: 1/2 and the whole"
    )]
    [InlineData("sample.written@", "sample.other@", "holds the case sample.other@cgroup_device, which is not selected")]
    public void What_is_not_the_same_run_is_refused_and_writes_no_report(string from, string to, string problem)
    {
        var file = Torn(3, 0);
        _vectors.Change("torn.out", from, to);
        var json = _vectors.PathOf("json.out");
        var run = Resume(file, "--report", $"json={json}");
        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().StartWith($"error: --resume {file}: ").And.Contain(problem);
        File.Exists(json).Should().BeFalse();
    }

    [Fact]
    public void A_selection_that_differs_is_refused()
    {
        var run = Resume(Torn(2, 0, "--rule", "sample.zeroed"), "--rule", "sample.zeroed", "--filter", "sample.*");
        run.Error.Should().Contain("--rule sample.zeroed and --filter 'sample.*' --rule sample.zeroed");
    }

    [Fact]
    public void The_file_that_is_read_is_not_written()
    {
        var file = Torn(3, 0);
        var before = File.ReadAllText(file);
        var run = Resume(file, "--report", $"jsonl={file}");
        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Contain("write the whole to another file");
        File.ReadAllText(file).Should().Be(before);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused() =>
        Resume("/nowhere/at/all").Error.Should().StartWith("error: --resume /nowhere/at/all: cannot be read");
}
