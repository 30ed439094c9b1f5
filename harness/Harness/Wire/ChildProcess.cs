using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Wire;

/// <summary>
/// A command started with pipes at its standard input, output and error, as the leader of a process group of its own: a signal from the terminal does
/// not reach it, and whatever it starts ends with it.
/// </summary>
internal sealed unsafe class ChildProcess : IDisposable
{
    private const int PollStep = 2;
    private const int StatusOfSignal = 0x7f;
    private const int ExitShift = 8;
    private const int ExitMask = 0xff;

    // Groups of children that may live; for a process that ends without ending them.
    private static readonly ConcurrentDictionary<int, ChildProcess> Alive = new();

    private readonly int[] _ends;
    private int? _status;

    private ChildProcess(int id, int[] ends)
    {
        Id = id;
        _ends = ends;
        Alive[id] = this;
    }

    public int Id { get; }

    /// <summary>Its standard input; -1 once closed. Neither of the three blocks.</summary>
    public int In => _ends[0];

    public int Out => _ends[1];

    public int Error => _ends[2];

    /// <summary>Starts a command, which is looked for along PATH.</summary>
    /// <exception cref="AdapterException">It cannot be started.</exception>
    public static ChildProcess Start(IReadOnlyList<string> words)
    {
        if (OperatingSystem.IsWindows())
            throw new AdapterException("machines behind a command need a POSIX system: run the suite in one");
        Span<int> theirs = [-1, -1, -1];
        int[] ours = [-1, -1, -1];
        try
        {
            MakePipes(theirs, ours);
            return new ChildProcess(Spawn(words, theirs), ours);
        }
        catch
        {
            CloseAll(ours);
            throw;
        }
        finally
        {
            CloseAll(theirs);
        }
    }

    /// <summary>Kills every child that is left, with all that it started.</summary>
    public static void KillAll()
    {
        foreach (var id in Alive.Keys)
            _ = Posix.Kill(-id, Posix.SIGKILL);
    }

    public void CloseInput() => CloseEnd(0);

    public void CloseOutput() => CloseEnd(1);

    public void CloseError() => CloseEnd(2);

    /// <summary>Sends a signal to it and to all that it started.</summary>
    public void Signal(int signal)
    {
        if (_status is null)
            _ = Posix.Kill(-Id, signal);
    }

    /// <summary>Waits for its end; false where it goes on living.</summary>
    public bool WaitForEnd(TimeSpan limit)
    {
        var start = Stopwatch.GetTimestamp();
        while (!HasEnded())
        {
            if (Stopwatch.GetElapsedTime(start) >= limit)
                return false;
            _ = Posix.Poll(null, 0, PollStep);
        }

        return true;
    }

    /// <summary>How it ended, to follow "the adapter".</summary>
    public string HowItEnded() =>
        _status switch
        {
            null => "is still running",
            { } status when (status & StatusOfSignal) != 0 => $"was killed by signal {status & StatusOfSignal}",
            { } status => $"exited with code {status >> ExitShift & ExitMask}",
        };

    /// <summary>Kills what is left and gives everything back.</summary>
    public void Dispose()
    {
        Signal(Posix.SIGKILL);
        WaitForEnd(TimeSpan.FromSeconds(5));
        CloseAll(_ends);
        Alive.TryRemove(Id, out _);
    }

    private bool HasEnded()
    {
        if (_status is not null)
            return true;
        var signal = stackalloc int[Posix.OpaqueSize / sizeof(int)];
        *signal = 0;
        var options = Posix.WEXITED | Posix.WNOHANG | Posix.WNOWAIT;
        if (Posix.WaitId(Posix.P_PID, Id, signal, options) == 0 && *signal == 0)
            return false;
        // Its group keeps its number until it has been waited for: what it left behind goes first.
        _ = Posix.Kill(-Id, Posix.SIGKILL);
        var status = 0;
        while (Posix.WaitPid(Id, &status, 0) < 0 && Posix.LastError == Posix.EINTR) { }
        _status = status;
        return true;
    }

    private void CloseEnd(int index)
    {
        if (_ends[index] >= 0)
            _ = Posix.Close(_ends[index]);
        _ends[index] = -1;
    }

    private static void CloseAll(Span<int> files)
    {
        foreach (ref var file in files)
        {
            if (file >= 0)
                _ = Posix.Close(file);
            file = -1;
        }
    }

    private static void MakePipes(Span<int> theirs, Span<int> ours)
    {
        var pair = stackalloc int[2];
        for (var index = 0; index < ours.Length; index++)
        {
            if (Posix.Pipe(pair) < 0)
                throw new AdapterException($"no pipe to an adapter: {Posix.TextOf(Posix.LastError)}");
            var isInput = index == 0;
            (theirs[index], ours[index]) = isInput ? (pair[0], pair[1]) : (pair[1], pair[0]);
            _ = Posix.Fcntl(pair[0], Posix.F_SETFD, Posix.FD_CLOEXEC);
            _ = Posix.Fcntl(pair[1], Posix.F_SETFD, Posix.FD_CLOEXEC);
            _ = Posix.Fcntl(ours[index], Posix.F_SETFL, Posix.O_NONBLOCK);
        }
    }

    private static int Spawn(IReadOnlyList<string> words, ReadOnlySpan<int> theirs)
    {
        var actions = stackalloc byte[Posix.OpaqueSize];
        var attributes = stackalloc byte[Posix.OpaqueSize];
        var signals = stackalloc byte[Posix.OpaqueSize];
        using var args = new NativeWords(words);
        using var environment = new NativeWords(
            Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(pair => $"{pair.Key}={pair.Value}")
        );
        _ = Posix.InitActions(actions);
        _ = Posix.InitAttributes(attributes);
        try
        {
            for (var target = 0; target < theirs.Length; target++)
                _ = Posix.AddDuplicate(actions, theirs[target], target);
            const short Flags =
                Posix.POSIX_SPAWN_SETPGROUP | Posix.POSIX_SPAWN_SETSIGDEF | Posix.POSIX_SPAWN_SETSIGMASK;
            _ = Posix.SetFlags(attributes, Flags);
            _ = Posix.SetProcessGroup(attributes, 0);
            _ = Posix.EmptySet(signals);
            _ = Posix.SetSignalMask(attributes, signals);
            // This runtime ignores it, and ignoring is inherited.
            _ = Posix.AddToSet(signals, Posix.SIGPIPE);
            _ = Posix.SetDefaultSignals(attributes, signals);
            int id;
            var error = Posix.Spawn(&id, args.First, actions, attributes, args.All, environment.All);
            return error == 0 ? id : throw new AdapterException($"{words[0]} cannot be started: {Posix.TextOf(error)}");
        }
        finally
        {
            _ = Posix.DestroyActions(actions);
            _ = Posix.DestroyAttributes(attributes);
        }
    }
}
