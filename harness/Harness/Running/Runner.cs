using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Running;

/// <summary>Drives machines through cases: sends the operations, records what comes back, and lets the judge decide.</summary>
/// <param name="rules">The catalogue the cases' rules are taken from.</param>
/// <param name="options">How; null for the defaults.</param>
public sealed class Runner(RuleCatalogue rules, RunnerOptions? options = null)
{
    private readonly RunnerOptions _options = options ?? new RunnerOptions();

    /// <summary>
    /// Runs one case on a machine, which is reset first. Never throws for what the machine does: an exception of the machine
    /// makes the case errored.
    /// </summary>
    public CaseResult Run(IVirtualMachine machine, Case @case)
    {
        var start = _options.Clock.GetTimestamp();
        var result = new CaseRun(machine, @case, rules, _options).Run();
        return result with { Duration = _options.Clock.GetElapsedTime(start) };
    }

    /// <summary>
    /// Runs cases on several machines at once. Results come in the order of the cases, each as soon as it and all before it
    /// are there. A machine that errored is thrown away and replaced. When cancelled, the enumeration ends with an
    /// <see cref="OperationCanceledException"/>, after the cases under way have ended.
    /// </summary>
    /// <param name="create">Makes a machine; called at most once per machine and replacement. Its exceptions pass through.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="machines">How many machines at most.</param>
    /// <param name="cancellation">Ends the run early.</param>
    public async IAsyncEnumerable<CaseResult> RunAll(
        Func<IVirtualMachine> create,
        IReadOnlyList<Case> cases,
        int machines,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(machines);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var results = Channel.CreateUnbounded<(int Index, CaseResult Result)>();
        var next = -1;
        var workers = Enumerable
            .Range(0, Math.Min(machines, cases.Count))
            // Threads of their own: as many as CPUs on the pool would starve whoever reads the results, and Ctrl-C.
            .Select(_ =>
                Task.Factory.StartNew(
                    Work,
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            )
            .ToArray();
        var all = Task.WhenAll(workers);
        var ended = all.ContinueWith(
            done => results.Writer.TryComplete(done.Exception?.InnerException),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        try
        {
            var early = new Dictionary<int, CaseResult>();
            var due = 0;
            await foreach (var (index, result) in results.Reader.ReadAllAsync(cancellation))
            {
                early.Add(index, result);
                while (early.Remove(due, out var ready))
                {
                    due++;
                    yield return ready;
                }
            }

            cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            await stop.CancelAsync();
            await ended;
        }

        void Work()
        {
            IVirtualMachine? machine = null;
            try
            {
                while (
                    !stop.IsCancellationRequested && Interlocked.Increment(ref next) is var index && index < cases.Count
                )
                {
                    machine ??= create();
                    var result = Run(machine, cases[index]);
                    results.Writer.TryWrite((index, result));
                    if (result.Outcome == CaseOutcome.Errored)
                    {
                        Discard(machine);
                        machine = null;
                    }
                }
            }
            catch
            {
                // Without this worker the run cannot be complete: the others need not go on.
                stop.Cancel();
                throw;
            }
            finally
            {
                if (machine is not null)
                    Discard(machine);
            }
        }
    }

    // Every case has its result: a machine that breaks in being disposed of changes none of them.
    private static void Discard(IVirtualMachine machine)
    {
        try
        {
            machine.Dispose();
        }
        catch (Exception)
        {
            return;
        }
    }
}
