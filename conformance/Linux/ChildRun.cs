using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Conformance.Tests.Linux;

/// <summary>The built command, started as a process of its own: <c>run --vm linux</c>.</summary>
internal sealed partial class ChildRun : IDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Continue = 18;
    public const int Stop = 19;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _record = Path.GetTempFileName();
    private readonly Task<string> _out;
    private readonly Task<string> _error;

    private ChildRun(string vectors, string filter, string before)
    {
        string[] command =
        [
            Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")),
            Path.Combine(AppContext.BaseDirectory, "helper-conformance.dll"),
            .. (string[])["run", "--vm", "linux", "--vectors", vectors, "--filter", filter],
            .. (string[])["--report", $"jsonl={_record}", "--no-color"],
        ];
        // The shell's process becomes the command's.
        string[] all =
            before.Length == 0 ? command : ["unshare", "-m", "sh", "-c", $"{before} && exec \"$@\"", "sh", .. command];
        _process = Process.Start(
            new ProcessStartInfo(all[0], all[1..])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        _out = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>What it printed; complete once it has ended.</summary>
    public string Output => _out.Result + _error.Result;

    /// <summary>The lines of its record so far.</summary>
    public string[] Record
    {
        get
        {
            using var file = new StreamReader(
                new FileStream(_record, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
            );
            return file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <param name="before">What a shell does first, in a mount namespace of its own; empty for no shell.</param>
    public static ChildRun Start(string vectors, string filter, string before = "") => new(vectors, filter, before);

    /// <summary>Waits until it is in the middle: the first results are there.</summary>
    public void WaitForResults() => Wait(() => Record.Length > 1, "the first result");

    /// <summary>Waits until something is the case, for as long as it has not ended.</summary>
    public void Wait(Func<bool> condition, string what)
    {
        SpinWait.SpinUntil(() => condition() || _process.HasExited, Patience).Should().BeTrue(what);
        _process.HasExited.Should().BeFalse($"{what}: {(_process.HasExited ? Output : "")}");
    }

    public void Send(int signal) => Signal(Id, signal).Should().Be(0);

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code; 128 and the number of the signal that killed it.</returns>
    public int End()
    {
        _process.WaitForExit(Patience).Should().BeTrue("the run must end");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        File.Delete(_record);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
