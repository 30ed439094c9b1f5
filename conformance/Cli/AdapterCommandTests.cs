using System.Diagnostics;
using System.Runtime.InteropServices;
using Conformance.Cli;
using Conformance.Cli.Selecting;
using Conformance.Tests.Harness.Wire;

namespace Conformance.Tests.Cli;

/// <summary>Machines behind commands, from the command line.</summary>
public sealed partial class AdapterCommandTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Kill = 9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly AdapterBench _bench = new();

    [Theory]
    [InlineData("vm", new[] { "vm" })]
    [InlineData("  a  b\tc ", new[] { "a", "b", "c" })]
    [InlineData("'a b' \"c d\" e\\ f ''", new[] { "a b", "c d", "e f", "" })]
    [InlineData("a'b'\"c\" \"x\\\"y\" '\\n'", new[] { "abc", "x\"y", "\\n" })]
    public void A_command_is_taken_apart_as_a_shell_would(string command, string[] words) =>
        CommandWords.Split(command, out _).Should().Equal(words);

    [Fact]
    public void A_quote_that_is_not_closed_is_said()
    {
        var run = CommandRun.Of("run", "--vm", "sh -c 'x", "--filter", "pointer.*");

        run.ExitCode.Should().Be(ExitCode.BrokenInput);
        run.Error.Should().Contain("the quote ' is not closed");
    }

    [Fact]
    public void A_run_on_a_command_reports_what_it_says_of_itself_and_its_faults()
    {
        var command = string.Join(' ', _bench.Faulty("exit").Select(OwnCommand.Quoted));
        string[] filters = [.. AdapterBench.Cases.SelectMany(id => (string[])["--filter", id])];

        var run = CommandRun.Of(["run", "--vm", command, "--jobs", "1", .. filters]);

        run.ExitCode.Should().Be(ExitCode.Failures);
        run.Out.Should().Contain("3 passed, 0 failed, 1 errored").And.Contain($"ERRORED {AdapterBench.Tripping}");
        run.Out.Should()
            .MatchRegex("message +the adapter exited with code 3, at request")
            .And.MatchRegex("stderr +going away");
        run.Out.Should().Contain("reference ");
    }

    [Fact]
    public void An_adapter_that_cannot_be_used_ends_the_run_before_it_begins()
    {
        var run = CommandRun.Of("run", "--vm", "false", "--filter", AdapterBench.Cases[0]);

        run.ExitCode.Should().Be(ExitCode.NothingRun);
        run.Error.Should().Contain("error: the adapter exited with code 1, at the handshake");
    }

    [Theory]
    [InlineData("hang", Interrupt, ExitCode.Interrupted)]
    [InlineData("none", Kill, 128 + Kill)]
    public void A_suite_that_is_ended_leaves_no_adapter_behind(string fault, int signal, int exitCode)
    {
        var mark = _bench.Mark();
        var adapter = string.Join(' ', _bench.Faulty(fault, mark).Select(OwnCommand.Quoted));
        string[] command = [AdapterBench.Library("helper-conformance"), "run", "--jobs", "1", "--vm", adapter];
        string[] what = fault == "hang" ? ["--filter", AdapterBench.Tripping] : [];
        using var suite = Process.Start(
            new ProcessStartInfo(AdapterBench.Dotnet, [.. command, .. what])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        _ = suite.StandardOutput.ReadToEndAsync();
        _ = suite.StandardError.ReadToEndAsync();
        // The suite has the mark on its command line too.
        SpinWait
            .SpinUntil(() => AdapterBench.Processes(mark).Count == 2 || suite.HasExited, Patience)
            .Should()
            .BeTrue();
        suite.HasExited.Should().BeFalse();

        Signal(suite.Id, signal).Should().Be(0);

        suite.WaitForExit(Patience).Should().BeTrue();
        suite.ExitCode.Should().Be(exitCode);
        AdapterBench.NothingIsLeftOf(mark);
    }

    public void Dispose() => _bench.Dispose();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
