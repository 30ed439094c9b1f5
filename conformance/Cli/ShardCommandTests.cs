using Conformance.Cli;

namespace Conformance.Tests.Cli;

/// <summary>Shards, what makes a whole of them, and comparing wholes.</summary>
public sealed class ShardCommandTests : IDisposable
{
    private readonly SampleVectors _vectors = new();

    public void Dispose() => _vectors.Dispose();

    private CommandRun Run(params string[] more) =>
        CommandRun.Of(["run", "--vectors", _vectors.Folder, "--jobs", "1", .. more]);

    private string Report(string name, string format, params string[] more)
    {
        var file = _vectors.PathOf($"{name}.{format}.out");
        Run([.. more, "--report", $"{format}={file}"]);
        return file;
    }

    private CommandRun Merge(params string[] words) => CommandRun.Of(["merge", "--vectors", _vectors.Folder, .. words]);

    [Theory]
    [InlineData("json")]
    [InlineData("jsonl")]
    public void Shards_that_are_merged_make_the_same_report_as_one_run(string format)
    {
        var parts = Enumerable.Range(1, 3).Select(i => Report($"{i}", format, "--shard", $"{i}/3")).Reverse();
        var merged = _vectors.PathOf("merged.out");
        var merge = Merge([.. parts, "--report", $"json={merged}"]);
        merge.ExitCode.Should().Be(ExitCode.Failures, "sample.written fails in one of them");
        merge.Out.Should().Contain("FAILED sample.written@cgroup_device").And.Contain("4 passed, 1 failed");
        File.ReadAllText(merged).Should().Be(File.ReadAllText(Report("whole", "json")));
    }

    [Fact]
    public void A_shard_that_is_missing_is_said_and_the_whole_is_not_green()
    {
        string[] green = ["--rule", "sample.zeroed", "--shard"];
        var first = Report("1", "json", [.. green, "1/2"]);
        var merge = Merge(first);
        merge.ExitCode.Should().Be(ExitCode.BrokenInput);
        merge.Error.Should().Be("error: the whole is not complete: shard 2/2 is missing\n");
        Merge(first, Report("2", "json", [.. green, "2/2"])).ExitCode.Should().Be(ExitCode.Ok);
    }

    [Fact]
    public void A_merged_stream_can_be_merged_no_more_but_read()
    {
        var parts = Enumerable.Range(1, 2).Select(i => Report($"{i}", "json", "--shard", $"{i}/2")).ToArray();
        var merged = _vectors.PathOf("merged.out");
        Merge([.. parts, "--report", $"jsonl={merged}"]);
        CommandRun.Of("compare", merged, Report("whole", "json")).ExitCode.Should().Be(ExitCode.Ok);
    }

    [Theory]
    [InlineData("0/2")]
    [InlineData("3/2")]
    [InlineData("2")]
    [InlineData("a/b")]
    [InlineData("1/2/3")]
    [InlineData("-1/2")]
    public void What_is_no_shard_is_refused(string shard)
    {
        var run = Run("--shard", shard);
        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Contain($"--shard {shard}: expected I/N");
    }

    [Fact]
    public void A_shard_without_cases_is_refused() =>
        Run("--shard", "9/9").Error.Should().Be("error: --shard 9/9: there are only 5 cases, and this part has none\n");

    [Fact]
    public void Compare_says_what_got_worse_and_fails()
    {
        var bad = Report("old", "json");
        var good = _vectors.PathOf("new.out");
        CommandRun.Of(
            () => new ScriptedMachine(7),
            default,
            "run",
            "--vectors",
            _vectors.Folder,
            "--report",
            $"json={good}"
        );
        var comparison = CommandRun.Of("compare", bad, good);
        comparison.ExitCode.Should().Be(ExitCode.Failures);
        comparison
            .Out.Should()
            .Contain("worse: 4\n  sample.zeroed@cgroup_inet_egress.key8: passed -> failed (sample.zeroed: step 2")
            .And.Contain("better: 1\n  sample.written@cgroup_device: failed -> passed\n")
            .And.EndWith("4 worse, 1 better, 0 changed otherwise, 0 as before\n");
    }

    [Fact]
    public void Compare_tells_what_is_only_in_one_of_the_runs()
    {
        var all = Report("all", "json");
        var some = Report("some", "json", "--rule", "sample.written");
        var less = CommandRun.Of("compare", all, some);
        less.ExitCode.Should().Be(ExitCode.Ok, "less was asked for");
        less.Out.Should().Contain("only in the old run: 4 passed");
        CommandRun.Of("compare", some, all).Out.Should().Contain("only in the new run: 4 passed");
    }

    [Fact]
    public void Compare_says_that_vectors_differ()
    {
        var old = Report("old", "json");
        _vectors.Change("sample/written.json", "A program's write is seen", "A write is seen");
        CommandRun.Of("compare", old, Report("new", "json")).Out.Should().Contain("The vectors are not the same");
    }

    [Fact]
    public void A_record_that_is_none_is_refused_with_its_place()
    {
        var file = _vectors.Write("broken.out", "{\n");
        foreach (var run in new[] { CommandRun.Of("compare", file, file), Merge(file) })
        {
            run.ExitCode.Should().Be(ExitCode.BrokenInput);
            run.Error.Should().StartWith($"error: {file}:2: is no report of a run:");
        }
    }
}
