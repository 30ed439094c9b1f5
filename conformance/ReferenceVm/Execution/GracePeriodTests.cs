using Conformance.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Execution;

public sealed class GracePeriodTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Without_a_run_a_retired_object_is_freed_at_once()
    {
        var address = _guest.Arena.Allocate(16);
        _guest.Arena.Retire(address);
        Exists(address).Should().BeFalse();
    }

    [Fact]
    public void A_retired_object_lives_until_the_run_that_may_hold_it_has_ended()
    {
        var address = _guest.Arena.Allocate(16);
        var run = _guest.Processors.Enter(0);
        _guest.Arena.Retire(address);
        Exists(address).Should().BeTrue();
        _guest.Processors.Leave(run);
        Exists(address).Should().BeFalse();
    }

    [Fact]
    public void A_run_that_began_after_the_retirement_does_not_delay_it()
    {
        var address = _guest.Arena.Allocate(16);
        var before = _guest.Processors.Enter(0);
        _guest.Arena.Retire(address);
        var after = _guest.Processors.Enter(1);
        _guest.Processors.Leave(before);
        Exists(address).Should().BeFalse();
        _guest.Processors.Leave(after);
    }

    [Fact]
    public void The_end_of_a_nested_run_does_not_end_the_outer_ones_hold()
    {
        var address = _guest.Arena.Allocate(16);
        var outer = _guest.Processors.Enter(0);
        var inner = _guest.Processors.Enter(0);
        inner.NestingLevel.Should().Be(1);
        _guest.Arena.Retire(address);
        _guest.Processors.Leave(inner);
        Exists(address).Should().BeTrue();
        _guest.Processors.Leave(outer);
        Exists(address).Should().BeFalse();
    }

    [Fact]
    public void Every_run_under_way_must_end()
    {
        var address = _guest.Arena.Allocate(16);
        var first = _guest.Processors.Enter(0);
        var second = _guest.Processors.Enter(1);
        _guest.Arena.Retire(address);
        _guest.Processors.Leave(first);
        first = _guest.Processors.Enter(0);
        Exists(address).Should().BeTrue();
        _guest.Processors.Leave(second);
        Exists(address).Should().BeFalse();
        _guest.Processors.Leave(first);
    }

    [Fact]
    public void Nested_runs_end_in_order()
    {
        var outer = _guest.Processors.Enter(0);
        var inner = _guest.Processors.Enter(0);
        _guest.Processors.Invoking(processors => processors.Leave(outer)).Should().Throw<InvalidOperationException>();
        _guest.Processors.Leave(inner);
        _guest.Processors.Leave(outer);
    }

    [Fact]
    public void The_arena_is_not_reset_under_a_run()
    {
        var run = _guest.Processors.Enter(0);
        _guest.Arena.Invoking(arena => arena.Reset()).Should().Throw<InvalidOperationException>();
        _guest.Processors.Leave(run);
        _guest.Arena.Reset();
        _guest.Processors.Reset();
        _guest.Result("r0 = 7\nexit").Should().Be(7);
    }

    [Fact]
    public async Task Under_real_threads_no_run_ever_sees_a_freed_object()
    {
        const int updates = 20_000;
        const ulong alive = 0x600d_600d_600d_600d;
        var cell = NewObject();
        var done = 0;
        var readers = Enumerable
            .Range(0, _guest.Processors.Count)
            .Select(cpu =>
                Task.Run(() =>
                {
                    var bad = 0L;
                    while (Volatile.Read(ref done) == 0)
                    {
                        var run = _guest.Processors.Enter(cpu);
                        var address = Volatile.Read(ref cell);
                        for (var look = 0; look < 20; look++)
                        {
                            if (
                                !_guest.Arena.TryBytes(address, 8, out var bytes)
                                || BitConverter.ToUInt64(bytes) != alive
                            )
                            {
                                bad++;
                            }
                        }

                        _guest.Processors.Leave(run);
                    }

                    return bad;
                })
            )
            .ToArray();
        for (var count = 0; count < updates; count++)
        {
            _guest.Arena.Retire(Interlocked.Exchange(ref cell, NewObject()));
        }

        Volatile.Write(ref done, 1);
        (await Task.WhenAll(readers)).Sum().Should().Be(0);
        _guest.Arena.GracePeriod.Waiting.Should().Be(0);

        ulong NewObject()
        {
            var address = _guest.Arena.Allocate(8);
            BitConverter.TryWriteBytes(_guest.Arena.Bytes(address, 8), alive);
            return address;
        }
    }

    private bool Exists(ulong address) => _guest.Arena.TryBytes(address, 1, out _);
}
