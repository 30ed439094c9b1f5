namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// The simulated CPUs of a machine. A CPU runs one event at a time: another thread waits for it, which is what makes per-CPU areas
/// exact. A thread that is already on the CPU nests, as an interrupt does, and gets a context and a stack of its own; so does another thread
/// where a long run gives way (<see cref="GiveWay"/>).
/// <code>
/// var run = processors.Enter(cpu);
/// try { run.ContextAddress = ...; Interpreter.Run(program, run, budget); }
/// finally { processors.Leave(run); }
/// </code>
/// </summary>
public sealed class Processors
{
    private readonly RunEnvironment _environment;
    private readonly Processor[] _all;

    /// <summary>As many CPUs as the limits say.</summary>
    public Processors(RunEnvironment environment)
    {
        _environment = environment;
        _all = Enumerable.Range(0, environment.Limits.PossibleCpus).Select(_ => new Processor()).ToArray();
    }

    /// <summary>Number of CPUs.</summary>
    public int Count => _all.Length;

    /// <summary>
    /// Begins a stretch of runs (one event) on a CPU; waits for it where another thread is on it. Buffers replaced from now on
    /// live until <see cref="Leave"/>. The context's fields are those of a fresh context.
    /// </summary>
    public RunContext Enter(int cpu)
    {
        var processor = _all[cpu];
        Interlocked.Increment(ref processor.Waiting);
        Monitor.Enter(processor);
        Interlocked.Decrement(ref processor.Waiting);
        var level = processor.Depth++;
        if (level == 0)
        {
            _environment.Arena.GracePeriod.Enter(cpu);
        }

        if (level == processor.Contexts.Count)
        {
            processor.Contexts.Add(new RunContext(_environment, cpu, level));
        }

        var context = processor.Contexts[level];
        context.Clear();
        return context;
    }

    /// <summary>Ends the stretch. Nested stretches end before the outer one.</summary>
    /// <exception cref="InvalidOperationException">A stretch nested in this one has not ended.</exception>
    public void Leave(RunContext context)
    {
        var processor = _all[context.Cpu];
        if (context.NestingLevel != processor.Depth - 1)
        {
            throw new InvalidOperationException("A run nested in this one has not ended.");
        }

        context.Abandon();
        if (--processor.Depth == 0)
        {
            _environment.Arena.GracePeriod.Leave(context.Cpu);
        }
        else
        {
            Monitor.PulseAll(processor);
        }

        Monitor.Exit(processor);
    }

    /// <summary>Sets what interrupts the runs of a CPU, on their own thread and nested in them, whenever they give way; null for nothing.</summary>
    public void InterruptWith(int cpu, Action? interrupt) => _all[cpu].Interrupt = interrupt;

    /// <summary>Whether something interrupts the runs of a CPU.</summary>
    public bool AreInterrupted(int cpu) => _all[cpu].Interrupt is not null;

    /// <summary>
    /// Between two steps of a run: lets what interrupts it and the threads that wait for the CPU run their events, nested in this one, and comes back when they
    /// have. Nothing happens where there are none, nor while the run holds a spin lock: whoever interrupts it might want that lock.
    /// </summary>
    public void GiveWay(RunContext context)
    {
        var processor = _all[context.Cpu];
        if (context.HeldLock != 0)
        {
            return;
        }

        if (processor.Interrupt is { } interrupt)
        {
            // What interrupts is not interrupted by itself.
            processor.Interrupt = null;
            interrupt();
            processor.Interrupt = interrupt;
        }

        if (Volatile.Read(ref processor.Waiting) == 0)
        {
            return;
        }

        do
        {
            Monitor.Wait(processor);
        } while (processor.Depth - 1 != context.NestingLevel);
    }

    /// <summary>Forgets the stacks; to be called with <see cref="Arena.Reset"/>, which takes their memory.</summary>
    public void Reset()
    {
        foreach (var processor in _all)
        {
            processor.Contexts.Clear();
        }
    }

    // Its monitor is held by the thread that runs on the CPU.
    private sealed class Processor
    {
        // Threads that want to be on the CPU and are not.
        public int Waiting;

        public Action? Interrupt { get; set; }

        public List<RunContext> Contexts { get; } = [];

        public int Depth { get; set; }
    }
}
