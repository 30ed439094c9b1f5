using System.Collections.Concurrent;
using Conformance.Harness.Fuzzing;

namespace Conformance.Tests.Fuzzing;

public class CampaignTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Every_seed_is_tried_once_whatever_the_number_of_workers(int workers)
    {
        var seeds = new ConcurrentBag<int>();
        var last = 0L;

        Campaign.Run(
            () => new Worker(seeds.Add),
            workers,
            seed: 40,
            new CampaignBounds(Count: 100, Time: null),
            done => InterlockedMax(ref last, done),
            default
        );

        seeds.Order().Should().Equal(Enumerable.Range(40, 100));
        last.Should().Be(100);
    }

    [Fact]
    public void Seeds_count_on_beyond_the_largest_number()
    {
        var seeds = new ConcurrentBag<int>();

        Campaign.Run(() => new Worker(seeds.Add), 1, int.MaxValue, new CampaignBounds(2, null), _ => { }, default);

        seeds.Should().BeEquivalentTo([int.MaxValue, int.MinValue]);
    }

    [Fact]
    public void Time_that_is_over_ends_it()
    {
        var seeds = new ConcurrentBag<int>();

        Campaign.Run(() => new Worker(seeds.Add), 2, 0, new CampaignBounds(null, TimeSpan.Zero), _ => { }, default);

        seeds.Should().BeEmpty();
    }

    [Fact]
    public void Cancelling_ends_it_and_every_worker_is_disposed_of()
    {
        using var cancellation = new CancellationTokenSource();
        var disposed = 0;

        Campaign.Run(
            () => new Worker(_ => cancellation.Cancel(), () => Interlocked.Increment(ref disposed)),
            2,
            0,
            new CampaignBounds(null, null),
            _ => { },
            cancellation.Token
        );

        disposed.Should().Be(2);
    }

    [Fact]
    public void A_worker_that_throws_ends_it_with_its_exception()
    {
        var run = () =>
            Campaign.Run(
                () => new Worker(_ => throw new IOException("no more cgroups")),
                2,
                0,
                new CampaignBounds(null, null),
                _ => { },
                default
            );

        run.Should().Throw<IOException>().WithMessage("no more cgroups");
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }

    private sealed class Worker(Action<int> attempt, Action? disposed = null) : IFuzzWorker
    {
        public void Try(int seed) => attempt(seed);

        public void Dispose() => disposed?.Invoke();
    }
}
