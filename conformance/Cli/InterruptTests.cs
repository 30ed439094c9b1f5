using System.Diagnostics;
using System.Runtime.InteropServices;
using Conformance.Cli;
using Conformance.Tests.Harness.Wire;

namespace Conformance.Tests.Cli;

/// <summary>Ctrl-C twice, in a process of its own.</summary>
public sealed partial class InterruptTests
{
    private const int Interrupt = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void The_first_interrupt_lets_the_run_report_and_the_second_one_ends_it_at_once()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Nobody reads the results beyond the first: the pipe fills, and the run cannot come to its end.
        string[] command =
        [
            AdapterBench.Library("helper-conformance"),
            "run",
            "--jobs",
            "1",
            "--report",
            "jsonl=/dev/stdout",
        ];
        using var suite = Process.Start(
            new ProcessStartInfo(AdapterBench.Dotnet, command)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        try
        {
            suite.StandardOutput.ReadLine().Should().Contain("\"record\":\"run\"");
            Signal(suite.Id, Interrupt).Should().Be(0);
            suite.StandardError.ReadLine().Should().StartWith("interrupted: ").And.Contain("once more");
            suite.HasExited.Should().BeFalse();

            Signal(suite.Id, Interrupt).Should().Be(0);
            suite.WaitForExit(Patience).Should().BeTrue();
            suite.ExitCode.Should().Be(ExitCode.Interrupted);
            suite.StandardOutput.ReadToEnd().Should().NotContain("\"record\":\"end\"");
        }
        finally
        {
            if (!suite.HasExited)
            {
                suite.Kill();
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
