using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Conformance.Harness.Fuzzing;

/// <summary>One who tries seeds, on machines of its own.</summary>
public interface IFuzzWorker : IDisposable
{
    /// <summary>Tries what belongs to a seed.</summary>
    void Try(int seed);
}

/// <summary>How long a campaign goes on: until one of them is reached.</summary>
/// <param name="Count">Seeds to try, or null for any number.</param>
/// <param name="Time">Time to spend, or null for any.</param>
public sealed record CampaignBounds(long? Count, TimeSpan? Time);

/// <summary>Tries seeds one after the other, several workers at a time. Seed and bounds decide what is tried; the number of workers does not.</summary>
public static class Campaign
{
    /// <summary>Runs until a bound is reached or it is cancelled.</summary>
    /// <param name="create">Makes a worker.</param>
    /// <param name="workers">How many of them, at least 1.</param>
    /// <param name="seed">The first seed; the others count on from it.</param>
    /// <param name="bounds">When to stop.</param>
    /// <param name="tried">Told how many seeds were tried so far, from any thread, after each.</param>
    /// <param name="cancellation">Ends it after the seeds that are being tried.</param>
    public static void Run(
        Func<IFuzzWorker> create,
        int workers,
        int seed,
        CampaignBounds bounds,
        Action<long> tried,
        CancellationToken cancellation
    )
    {
        var (next, done) = (-1L, 0L);
        ExceptionDispatchInfo? failure = null;
        var started = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, workers).Select(_ => new Thread(Work)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        failure?.Throw();

        void Work()
        {
            try
            {
                using var worker = create();
                while (
                    failure is null
                    && !cancellation.IsCancellationRequested
                    && (bounds.Time is not { } time || Stopwatch.GetElapsedTime(started) < time)
                    && Interlocked.Increment(ref next) is var index
                    && (bounds.Count is not { } count || index < count)
                )
                {
                    worker.Try(unchecked(seed + (int)index));
                    tried(Interlocked.Increment(ref done));
                }
            }
#pragma warning disable CA1031 // Thrown again where the campaign was started.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        }
    }
}
