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
    private readonly BlockingCollection<Action> queue = [];
    private readonly Thread thread;
    private readonly int idle;
    private int currentCpu = -1;
    private int currentThreads = -1;
    private byte[] threadId = [];

    public Worker(string name, int idleThreads)
    {
        idle = idleThreads;
        thread = new Thread(Loop) { IsBackground = true, Name = name };
        thread.Start();
        Do(() =>
        {
            threadId = Encoding.ASCII.GetBytes(Libc.GetTid().ToString(CultureInfo.InvariantCulture));
            OpenPrivateLoopback();
        });
    }

    /// <summary>Runs an action on this thread and waits; an exception comes back to the caller.</summary>
    public void Do(Action action) => Start(action).GetAwaiter().GetResult();

    /// <summary>Starts an action on this thread.</summary>
    public Task Start(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Add(() =>
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
        if (currentThreads == threads)
        {
            return;
        }

        fixed (byte* text = threadId)
        {
            if (Libc.Write(threads, text, threadId.Length) < 0)
            {
                throw new IOException($"cannot move a thread into a cgroup: {Libc.LastErrno}");
            }
        }

        currentThreads = threads;
    }

    /// <summary>Moves this thread (called on it) back to the tree's own cgroup.</summary>
    public void Leave() => Enter(idle);

    /// <summary>Pins this thread (called on it) to a CPU.</summary>
    public void Pin(int cpu)
    {
        if (currentCpu == cpu)
        {
            return;
        }

        const int MaskBytes = 1024;
        var mask = stackalloc byte[MaskBytes];
        new Span<byte>(mask, MaskBytes).Clear();
        mask[cpu / 8] = (byte)(1 << cpu % 8);
        if (Libc.SchedSetAffinity(0, MaskBytes, mask) < 0)
        {
            throw new IOException($"cannot run on CPU {cpu}: {Libc.LastErrno}");
        }

        currentCpu = cpu;
    }

    public void Dispose()
    {
        queue.CompleteAdding();
        thread.Join();
        queue.Dispose();
    }

    private void Loop()
    {
        foreach (var action in queue.GetConsumingEnumerable())
        {
            action();
        }
    }

    private static void OpenPrivateLoopback()
    {
        const int SetInterfaceFlags = 0x8914;
        const int UpAndRunning = 0x41;
        if (Libc.Unshare(Libc.CLONE_NEWNET) < 0)
        {
            throw new IOException($"cannot open a network namespace: {Libc.LastErrno}");
        }

        using var socket = new Descriptor(Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0));
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        request[0] = (byte)'l';
        request[1] = (byte)'o';
        *(short*)(request + 16) = UpAndRunning;
        if (Libc.Ioctl(socket.Number, SetInterfaceFlags, request) < 0)
        {
            throw new IOException($"cannot bring up loopback: {Libc.LastErrno}");
        }
    }
}
