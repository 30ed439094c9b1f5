using Conformance.Cli;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

namespace Conformance.Tests.Cli;

public sealed class RunCommandTests : IDisposable
{
    private readonly SampleVectors _vectors = new();

    public void Dispose() => _vectors.Dispose();

    private string[] Run(params string[] more) => ["run", "--vectors", _vectors.Folder, "--jobs", "1", .. more];

    [Fact]
    public Task A_run_prints_its_failures_the_matrix_and_a_summary()
    {
        // Zeros in every lookup: right for sample.zeroed, wrong for sample.written.
        var run = CommandRun.Of(Run());
        run.ExitCode.Should().Be(ExitCode.Failures);
        run.Error.Should().BeEmpty();
        return Snapshot.Verify(run.Out.Replace(_vectors.Folder, "VECTORS", StringComparison.Ordinal));
    }

    [Fact]
    public void A_run_that_goes_as_expected_ends_with_0()
    {
        var run = CommandRun.Of(Run("--rule", "sample.zeroed"));
        run.ExitCode.Should().Be(ExitCode.Ok);
        run.Out.Should().EndWith("4 passed, 0 failed, 0 errored, 0 skipped, 0 not applicable\n");
    }

    [Fact]
    public void A_machine_that_dies_costs_the_case_and_reddens_the_run()
    {
        var deaths = 0;
        Answer? DieOnce(Operation operation) =>
            operation is Fire && deaths++ == 0 ? throw new InvalidOperationException("burst") : null;
        var run = CommandRun.Of(
            () => new ScriptedMachine { Instead = DieOnce },
            default,
            Run("--filter", "sample.zeroed")
        );
        run.ExitCode.Should().Be(ExitCode.Failures);
        run.Out.Should()
            .Contain("ERRORED sample.zeroed@")
            .And.Contain("burst")
            .And.Contain("3 passed, 0 failed, 1 errored");
    }

    [Fact]
    public void A_run_in_which_nothing_applies_is_not_green()
    {
        var run = CommandRun.Of(
            () => new ScriptedMachine { Instead = _ => new Answer(AnswerKind.Unsupported) { Message = "no maps" } },
            default,
            Run()
        );
        run.ExitCode.Should().Be(ExitCode.NothingRun);
        run.Out.Should().Contain("nothing was run");
    }

    [Fact]
    public void A_machine_that_cannot_be_had_ends_with_3()
    {
        var run = CommandRun.Of(() => throw new MachineUnavailableException("needs root"), default, Run());
        run.ExitCode.Should().Be(ExitCode.NothingRun);
        run.Error.Should().Be("error: needs root\n");
    }

    [Fact]
    public void A_disk_that_is_full_is_no_bug_and_no_green_run()
    {
        var run = CommandRun.Of(() => throw new IOException("No space left on device"), default, Run());
        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Be("error: No space left on device\n");
    }

    [Fact]
    public void An_unexpected_exception_is_one_line_and_no_green_run()
    {
        var run = CommandRun.Of(() => throw new NotSupportedException("oops"), default, Run());
        run.ExitCode.Should().Be(ExitCode.Bug);
        run.Error.Should()
            .StartWith("internal error: NotSupportedException: oops (please report this")
            .And.NotContain("   at ");
    }

    [Fact]
    public void Debug_shows_the_stack_of_an_unexpected_exception()
    {
        var run = CommandRun.Of(() => throw new NotSupportedException("oops"), default, Run("--debug"));
        run.Error.Should().Contain("   at ");
    }

    [Fact]
    public void An_interrupted_run_reports_what_it_had()
    {
        using var interruption = new CancellationTokenSource();
        var fires = 0;
        Answer? InterruptInTheSecondCase(Operation operation)
        {
            if (operation is Fire && ++fires == 2)
            {
                interruption.Cancel();
            }

            return null;
        }

        var json = _vectors.PathOf("out.report");
        var lines = _vectors.PathOf("out.lines");
        var run = CommandRun.Of(
            () => new ScriptedMachine { Instead = InterruptInTheSecondCase },
            interruption.Token,
            Run("--filter", "sample.zeroed", "--report", $"json={json}", "--report", $"jsonl={lines}")
        );
        run.ExitCode.Should().Be(ExitCode.Interrupted);
        run.Out.Should().Contain("interrupted after").And.Contain("of 4 cases");
        File.ReadAllText(json).Should().Contain("\"interrupted\": true");
        File.ReadLines(lines).Last().Should().Contain("\"interrupted\":true");
    }

    [Fact]
    public void Reports_are_written_in_every_format_asked_for()
    {
        var files = new[] { "json", "junit", "jsonl" }
            .Select(format => (format, file: _vectors.PathOf($"{format}.out")))
            .ToArray();
        var run = CommandRun.Of(Run([.. files.SelectMany(f => new[] { "--report", $"{f.format}={f.file}" })]));
        run.ExitCode.Should().Be(ExitCode.Failures);
        File.ReadAllText(files[0].file).Should().StartWith("{").And.Contain("\"failed\": 1");
        File.ReadAllText(files[1].file).Should().StartWith("<?xml").And.Contain("failures=\"1\"");
        File.ReadLines(files[2].file).Should().HaveCount(7, "a header, five cases, an end");
    }

    [Fact]
    public void The_reported_command_runs_just_that_case()
    {
        var command = CommandRun.Of(Run()).Out.Split('\n').Single(line => line.Contains("again"));
        var words = command[(command.IndexOf("run", StringComparison.Ordinal))..]
            .Split(' ')
            .Select(word => word.Trim('\''));
        var again = CommandRun.Of([.. words, "--list"]);
        again.Out.Should().Be("sample.written@cgroup_device\n");
    }

    [Fact]
    public void List_prints_the_ids_of_the_selected_cases_and_runs_none()
    {
        var run = CommandRun.Of(
            () => throw new NotSupportedException("was run"),
            default,
            Run("--list", "--program-type", "cgroup_skb")
        );
        run.ExitCode.Should().Be(ExitCode.Ok);
        run.Out.Should().Be("sample.zeroed@cgroup_inet_egress.key8\nsample.zeroed@cgroup_inet_egress.key16\n");
    }

    [Theory]
    [InlineData("sample.*", 5)]
    [InlineData("*key16", 2)]
    [InlineData("sample.written", 1)]
    [InlineData("sample.zeroed@cgroup_sysctl.key?", 1)]
    public void A_filter_matches_ids_of_cases_and_vectors(string filter, int cases) =>
        CommandRun
            .Of(Run("--list", "--filter", filter))
            .Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .HaveCount(cases);

    [Fact]
    public void A_trap_is_reported_with_its_reason()
    {
        static Answer? Trap(Operation operation) =>
            operation is Fire ? new Answer(AnswerKind.Trapped) { Message = "out of bounds at 0x10" } : null;
        var run = CommandRun.Of(
            () => new ScriptedMachine { Instead = Trap },
            default,
            Run("--filter", "sample.written")
        );
        run.Out.Should().Contain("out of bounds at 0x10");
    }

    [Fact]
    public void A_refusal_is_reported_with_the_verifiers_log()
    {
        static Answer? Refuse(Operation operation) =>
            operation is ProgLoad
                ? new Answer(AnswerKind.Refused) { Errno = Errno.EACCES, Message = "0: (b7) r0 = 1\nR0 is odd\n" }
                : null;
        var run = CommandRun.Of(
            () => new ScriptedMachine { Instead = Refuse },
            default,
            Run("--filter", "sample.written")
        );
        run.Out.Should().Contain("log       0: (b7) r0 = 1\n            R0 is odd\n").And.Contain("program   write\n");
    }
}
