using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Conformance.Linux.Calls;

namespace Conformance.Linux;

/// <summary>
/// A thread that goes where events are to happen: into a cgroup, onto a CPU, with a network of its own (loopback only), so that
/// the fixed ports of the default events collide with nobody's.
/// </summary>
internal sealed unsafe class Worker : IDisposable
{
    // Room for 8,192 CPUs, more than any kernel is built for.
    private const int MaskBytes = 1024;

    private readonly BlockingCollection<Action> _queue = [];
    private readonly Thread _thread;
    private readonly int _idle;
    private int _currentCpu = -1;
    private int _currentThreads = -1;
    private byte[] _threadId = [];

    public Worker(string name, int idleThreads)
    {
        _idle = idleThreads;
        _thread = new Thread(Loop) { IsBackground = true, Name = name };
        _thread.Start();
        try
        {
            Do(() =>
            {
                _threadId = Encoding.ASCII.GetBytes(Libc.GetTid().ToString(CultureInfo.InvariantCulture));
                PrivateLoopback.Open();
                MissingIpv6 = PrivateLoopback.MissingIpv6();
            });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>One sentence that says why nothing happens over IPv6 here, or null.</summary>
    public string? MissingIpv6 { get; private set; }

    /// <summary>Runs an action on this thread and waits; an exception comes back to the caller.</summary>
    public void Do(Action action) => Start(action).GetAwaiter().GetResult();

    /// <summary>Starts an action on this thread.</summary>
    public Task Start(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add(() =>
        {
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Moves this thread (called on it) into the cgroup whose cgroup.threads is given.</summary>
    public void Enter(int threads)
    {
        if (_currentThreads == threads)
        {
            return;
        }

        fixed (byte* text = _threadId)
        {
            if (Libc.Write(threads, text, _threadId.Length) < 0)
            {
                throw new IOException($"cannot move a thread into a cgroup: {HostErrno.Name(Libc.LastErrno)}");
            }
        }

        _currentThreads = threads;
    }

    /// <summary>Moves this thread (called on it) back to the tree's own cgroup.</summary>
    public void Leave() => Enter(_idle);

    /// <summary>Pins this thread (called on it) to a CPU.</summary>
    public void Pin(int cpu)
    {
        if (_currentCpu != cpu)
        {
            var mask = new byte[MaskBytes];
            mask[cpu / 8] = (byte)(1 << cpu % 8);
            SetAffinity(mask);
            _currentCpu = cpu;
        }
    }

    /// <summary>Lets this thread (called on it) run anywhere again, so that it does not wait behind a program that spins.</summary>
    public void Unpin()
    {
        if (_currentCpu != -1)
        {
            var mask = new byte[MaskBytes];
            mask.AsSpan().Fill(0xff);
            SetAffinity(mask);
            _currentCpu = -1;
        }
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _queue.Dispose();
    }

    private void Loop()
    {
        foreach (var action in _queue.GetConsumingEnumerable())
        {
            action();
        }
    }

    private static void SetAffinity(byte[] mask)
    {
        fixed (byte* pointer = mask)
        {
            if (Libc.SchedSetAffinity(0, mask.Length, pointer) < 0)
            {
                throw new NotSupportedException(
                    $"this process may not use every CPU ({HostErrno.Name(Libc.LastErrno)}): its cpuset decides"
                );
            }
        }
    }
}
