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
    /// are there. A machine that errored is thrown away and replaced; one that throws when it is disposed of makes the case it ran last
    /// errored. When cancelled, the enumeration ends with an <see cref="OperationCanceledException"/>, after the results of the cases under way.
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
            // To the end, also when cancelled: the cases under way have results too.
            await foreach (var (index, result) in results.Reader.ReadAllAsync(CancellationToken.None))
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
                var index = Take();
                while (index is { } current)
                {
                    machine ??= create();
                    var result = Run(machine, cases[current]);
                    // Before the result is given out: how the machine goes is part of its last one.
                    index = Take();
                    if (result.Outcome == CaseOutcome.Errored || index is null)
                    {
                        var done = machine;
                        machine = null;
                        result = Discard(done, result);
                    }

                    results.Writer.TryWrite((current, result));
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
                // Only where the worker itself broke, and the run ends with an exception in any case.
                machine?.Dispose();
            }
        }

        int? Take() =>
            !stop.IsCancellationRequested && Interlocked.Increment(ref next) is var index && index < cases.Count
                ? index
                : null;
    }

    // What a machine cannot undo (a process that stays in its cgroup) shows only when it goes: no other case can tell of it.
    private static CaseResult Discard(IVirtualMachine machine, CaseResult last)
    {
        try
        {
            machine.Dispose();
            return last;
        }
        catch (Exception broken)
        {
            var reason = $"the machine could not be taken down: {broken.GetType().Name}: {broken.Message}";
            return last with
            {
                Outcome = CaseOutcome.Errored,
                Failure = null,
                Reason = last.Message is { } before ? $"{before}; {reason}" : reason,
            };
        }
    }
}
