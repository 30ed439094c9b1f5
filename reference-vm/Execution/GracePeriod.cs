namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// When replaced objects may be freed: once every run that was under way when they were retired has ended. Each CPU announces the
/// epoch in which its outermost run began; an object retired in an epoch is free when no CPU still runs since an earlier one.
/// <para>
/// Whoever retires has already made the object unreachable. Full fences on both sides (announce, then read pointers; unlink,
/// then look at the announcements) leave no run unseen.
/// </para>
/// </summary>
internal sealed class GracePeriod
{
    // One announcement per cache line: CPUs must not slow each other down.
    private const int Stride = 16;
    private const long Idle = 0;

    private readonly long[] _since;
    private readonly Action<ulong> _free;
    private readonly Queue<(long Epoch, ulong Address)> _retired = new();
    private readonly Lock _lock = new();
    private long _epoch = 1;
    private int _waiting;

    public GracePeriod(int cpus, Action<ulong> free)
    {
        _since = new long[(cpus + 1) * Stride];
        _free = free;
    }

    /// <summary>Objects retired and not yet free.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>A CPU's outermost run begins.</summary>
    public void Enter(int cpu) => Interlocked.Exchange(ref _since[cpu * Stride], Volatile.Read(ref _epoch));

    /// <summary>It has ended.</summary>
    public void Leave(int cpu)
    {
        Interlocked.Exchange(ref _since[cpu * Stride], Idle);
        if (Waiting > 0)
        {
            Collect();
        }
    }

    /// <summary>Frees the object when its time has come, which may be at once.</summary>
    public void Retire(ulong address)
    {
        lock (_lock)
        {
            _retired.Enqueue((Interlocked.Increment(ref _epoch), address));
            _waiting++;
        }

        Collect();
    }

    /// <summary>Forgets what waits.</summary>
    /// <exception cref="InvalidOperationException">A run is under way.</exception>
    public void Reset()
    {
        lock (_lock)
        {
            if (OldestRun() != long.MaxValue)
            {
                throw new InvalidOperationException("A run is under way.");
            }

            _retired.Clear();
            _waiting = 0;
        }
    }

    private void Collect()
    {
        lock (_lock)
        {
            var oldest = OldestRun();
            while (_retired.TryPeek(out var next) && next.Epoch <= oldest)
            {
                _retired.Dequeue();
                _waiting--;
                _free(next.Address);
            }
        }
    }

    private long OldestRun()
    {
        var oldest = long.MaxValue;
        for (var slot = 0; slot < _since.Length; slot += Stride)
        {
            var since = Volatile.Read(ref _since[slot]);
            if (since != Idle && since < oldest)
            {
                oldest = since;
            }
        }

        return oldest;
    }
}
