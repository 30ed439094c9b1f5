using System.Text.Json;
using Conformance.Cli;
using Conformance.Harness.Machines;

namespace Conformance.Tests.Cli;

/// <summary>A run that is gated by a file of expectations. The machine answers zeros: right for sample.zeroed, wrong for sample.written.</summary>
public sealed class ExpectationCommandTests : IDisposable
{
    private const string Known = """
        {
          "expected_failures": [
            { "cases": ["sample.written"], "reason": "lookups copy", "link": "https://example.org/1", "owner": "maps" }
          ]
        }
        """;

    private readonly SampleVectors _vectors = new();

    private string File => _vectors.PathOf("expected/known");

    public void Dispose() => _vectors.Dispose();

    private CommandRun Run(string? expectations, params string[] more) => Run(0, expectations, more);

    private CommandRun Run(byte stored, string? expectations, params string[] more)
    {
        if (expectations is not null)
            _vectors.Write("expected/known", expectations);
        else
            Directory.CreateDirectory(_vectors.PathOf("expected"));
        return CommandRun.Of(
            () => new ScriptedMachine(stored),
            default,
            ["run", "--vectors", _vectors.Folder, "--jobs", "1", "--expectations", File, .. more]
        );
    }

    [Fact]
    public void A_known_failure_is_reported_with_its_reason_and_leaves_the_run_green()
    {
        var report = _vectors.PathOf("out.report");
        var run = Run(Known, "--report", $"json={report}");
        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        run.Out.Should()
            .Contain("failed as expected: 1 case: lookups copy (maps, https://example.org/1)")
            .And.EndWith("4 passed, 0 failed, 0 errored, 0 skipped, 0 not applicable, 1 failed as expected\n")
            .And.NotContain("FAILED");
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(report));
        var result = json.RootElement.GetProperty("results")[0];
        result.GetProperty("outcome").GetString().Should().Be("expected_failure");
        result.GetProperty("failure").GetProperty("rule").GetString().Should().Be("sample.written");
        result.GetProperty("expectation").GetProperty("owner").GetString().Should().Be("maps");
    }

    [Fact]
    public void A_listed_case_that_passes_is_red()
    {
        var run = Run(7, Known, "--filter", "sample.written");
        run.ExitCode.Should().Be(ExitCode.Failures);
        run.Out.Should()
            .Contain("PASSED, AGAINST EXPECTATION, sample.written@cgroup_device")
            .And.Contain("lookups copy (maps, https://example.org/1)")
            .And.EndWith("0 not applicable, 1 passed against expectation\n");
    }

    [Fact]
    public void A_failure_that_is_not_listed_is_red_beside_known_ones()
    {
        var run = Run(3, Known);
        run.ExitCode.Should().Be(ExitCode.Failures);
        run.Out.Should().EndWith("0 passed, 4 failed, 0 errored, 0 skipped, 0 not applicable, 1 failed as expected\n");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_flaky_case_is_run_and_reported_and_decides_nothing(byte stored)
    {
        var run = Run(stored, Known.Replace("expected_failures", "flaky", StringComparison.Ordinal));
        run.ExitCode.Should().Be(stored == 0 ? ExitCode.Ok : ExitCode.Failures, "sample.zeroed still decides");
        run.Out.Should()
            .Contain($"flaky: 1 case, {(stored == 0 ? 1 : 0)} of them not passed: lookups copy (maps,")
            .And.EndWith(", 1 flaky\n");
    }

    [Fact]
    public void A_run_of_nothing_but_flaky_cases_decides_nothing_and_is_not_green()
    {
        var run = Run(
            Known.Replace("expected_failures", "flaky", StringComparison.Ordinal),
            "--filter",
            "sample.written"
        );
        run.ExitCode.Should().Be(ExitCode.NothingRun);
        run.Out.Should().Contain("nothing that decides was run");
    }

    [Fact]
    public void A_pattern_that_lists_nothing_is_red_and_named_with_its_place()
    {
        var report = _vectors.PathOf("out.report");
        var stale = Known.Replace(
            "[\"sample.written\"]",
            "[\"sample.written\", \"sample.gone*\"]",
            StringComparison.Ordinal
        );
        var run = Run(stale, "--filter", "sample.zeroed", "--report", $"json={report}");
        run.ExitCode.Should().Be(ExitCode.Failures);
        run.Out.Should()
            .Contain($"stale: {File}:3 /expected_failures/0/cases/1: sample.gone* lists no case of the suite");
        System.IO.File.ReadAllText(report).Should().Contain("sample.gone* lists no case");
    }

    [Fact]
    public void Single_files_leave_the_patterns_of_other_cases_alone() =>
        Run(
            Known.Replace("sample.written", "other.*", StringComparison.Ordinal),
            "--file",
            _vectors.PathOf("sample/zeroed.json")
        )
            .ExitCode.Should()
            .Be(ExitCode.Ok);

    [Fact]
    public void A_broken_file_is_one_error_with_its_place_and_nothing_runs()
    {
        var run = Run(Known.Replace("\"owner\"", "\"ower\"", StringComparison.Ordinal));
        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Out.Should().BeEmpty();
        run.Error.Should()
            .StartWith($"error: {File}:3 /expected_failures/0: \"owner\" is missing\n")
            .And.Contain("unknown field \"ower\"");
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error()
    {
        var run = Run(expectations: null);
        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Be($"error: {File}: there is no such file\n");
    }

    [Fact]
    public void Update_enters_what_failed_and_the_next_run_is_green_and_says_what_to_explain()
    {
        var update = Run(expectations: null, "--update-expectations");
        update.ExitCode.Should().Be(ExitCode.Ok, update.Error);
        update.Out.Should().EndWith($"{File}: cases entered: 1, dropped: 0; 1 entry to explain\n");
        var run = Run(System.IO.File.ReadAllText(File));
        run.ExitCode.Should().Be(ExitCode.Ok, run.Error);
        run.Out.Should().Contain("unexplained: 1 case: give their entries a reason, a link and an owner");
        Directory.EnumerateFiles(_vectors.PathOf("expected")).Should().Equal(File);
    }

    [Fact]
    public void Update_drops_what_passes_and_keeps_the_reasons_of_the_rest()
    {
        var before = Known.Replace("[\"sample.written\"]", "[\"sample.*\", \"gone\"]", StringComparison.Ordinal);
        Run(before, "--update-expectations").ExitCode.Should().Be(ExitCode.Ok);
        var after = System.IO.File.ReadAllText(File);
        after
            .Should()
            .Contain("\"sample.written@cgroup_device\"")
            .And.Contain("lookups copy")
            .And.Contain("https://example.org/1")
            .And.NotContain("zeroed")
            .And.NotContain("gone");
    }

    [Fact]
    public void Update_leaves_a_file_that_holds_as_it_was_written()
    {
        Run(Known, "--update-expectations").Out.Should().EndWith($"{File}: nothing to change\n");
        System.IO.File.ReadAllText(File).Should().Be(Known);
    }

    [Fact]
    public void Update_leaves_the_file_alone_when_the_run_is_interrupted()
    {
        using var interruption = new CancellationTokenSource();
        Answer? Interrupt(Operation operation)
        {
            if (operation is Fire)
                interruption.Cancel();
            return null;
        }

        _vectors.Write("expected/known", Known);
        var run = CommandRun.Of(
            () => new ScriptedMachine(7) { Instead = Interrupt },
            interruption.Token,
            "run",
            "--vectors",
            _vectors.Folder,
            "--jobs",
            "1",
            "--expectations",
            File,
            "--update-expectations"
        );
        run.ExitCode.Should().Be(ExitCode.Interrupted);
        System.IO.File.ReadAllText(File).Should().Be(Known);
        run.Error.Should().Contain("left alone");
    }

    [Fact]
    public void Update_does_not_overwrite_what_somebody_wrote_meanwhile()
    {
        Answer? Edit(Operation operation)
        {
            if (operation is Fire)
                System.IO.File.WriteAllText(File, "{}");
            return null;
        }

        _vectors.Write("expected/known", Known);
        var run = CommandRun.Of(
            () => new ScriptedMachine(7) { Instead = Edit },
            default,
            "run",
            "--vectors",
            _vectors.Folder,
            "--expectations",
            File,
            "--update-expectations"
        );
        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Contain("has changed since it was read, and was left alone");
        System.IO.File.ReadAllText(File).Should().Be("{}");
    }

    [Fact]
    public void Update_needs_the_file_and_the_whole_suite()
    {
        CommandRun
            .Of("run", "--vectors", _vectors.Folder, "--update-expectations")
            .Error.Should()
            .Be("error: --update-expectations needs --expectations FILE\n");
        Run(Known, "--update-expectations", "--file", _vectors.PathOf("sample/zeroed.json"))
            .Error.Should()
            .StartWith("error: --update-expectations does not go with --file");
    }
}
