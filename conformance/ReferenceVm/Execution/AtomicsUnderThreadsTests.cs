using Conformance.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Execution;

/// <summary>
/// Instances on real threads, one for each CPU: totals must be exact. They meet in guest memory first, so that they do run at the
/// same time even where threads start slowly.
/// </summary>
public sealed class AtomicsUnderThreadsTests : IDisposable
{
    private const int Iterations = 5_000_000;

    // Enough to wait for threads that start late.
    private const long Budget = 100_000_000_000;

    private readonly Guest _guest = new(isChecked: false);
    private readonly ulong _shared;

    public AtomicsUnderThreadsTests() => _shared = _guest.Arena.Allocate(24);

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("lock *(u64 *)(r1 + 0) += r2", "")]
    [InlineData("r2 = atomic_fetch_add((u64 *)(r1 + 0), r2)", "")]
    [InlineData(
        "again: r0 = *(u64 *)(r1 + 0)\nr4 = r0\nr5 = r0\nr5 += 1",
        "r0 = cmpxchg_64(r1 + 0, r0, r5)\nif r0 != r4 goto again"
    )]
    public void Increments_of_64_bits_are_exact(string first, string second)
    {
        OnEveryCpu(
            $"""
            r3 = {Iterations}
            loop:
            r2 = 1
            {first}
            {second}
            r3 += -1
            if r3 != 0 goto loop
            r0 = 0
            exit
            """
        );
        Value(0).Should().Be((ulong)(Iterations * _guest.Processors.Count));
    }

    [Fact]
    public void Increments_of_32_bits_are_exact_and_leave_the_neighbour_alone()
    {
        OnEveryCpu(
            $"""
            r3 = {Iterations}
            loop:
            r2 = 0x7000000001 ll
            lock *(u32 *)(r1 + 0) += r2
            r3 += -1
            if r3 != 0 goto loop
            r0 = 0
            exit
            """
        );
        Value(0).Should().Be((ulong)(Iterations * _guest.Processors.Count));
    }

    [Fact]
    public void Exclusive_or_toggles_every_time()
    {
        // Each CPU toggles a bit of its own an odd number of times.
        OnEveryCpu(
            $"""
            r6 = r1
            call 8
            r1 = r6
            r4 = 1
            r4 <<= r0
            r3 = {Iterations + 1}
            loop:
            r2 = r4
            r2 = atomic_fetch_xor((u64 *)(r1 + 0), r2)
            r3 += -1
            if r3 != 0 goto loop
            r0 = 0
            exit
            """
        );
        Value(0).Should().Be((1UL << _guest.Processors.Count) - 1);
    }

    [Fact]
    public void A_lock_made_of_exchange_and_release_protects_a_plain_counter()
    {
        OnEveryCpu(
            $"""
            r3 = {Iterations / 100}
            loop:
            r2 = 1
            r2 = xchg_64(r1 + 0, r2)
            if r2 != 0 goto loop
            r4 = *(u64 *)(r1 + 8)
            r4 += 1
            *(u64 *)(r1 + 8) = r4
            r2 = 0
            store_release((u64 *)(r1 + 0), r2)
            r3 += -1
            if r3 != 0 goto loop
            r0 = 0
            exit
            """
        );
        Value(8).Should().Be((ulong)(Iterations / 100 * _guest.Processors.Count));
    }

    private void OnEveryCpu(string source)
    {
        var program = _guest.Program(
            $"""
            r2 = 1
            lock *(u64 *)(r1 + 16) += r2
            meet:
            r2 = *(u64 *)(r1 + 16)
            if r2 != {_guest.Processors.Count} goto meet
            {source}
            """
        );
        var results = new RunResult[_guest.Processors.Count];
        var threads = Enumerable
            .Range(0, results.Length)
            .Select(cpu => new Thread(() =>
                results[cpu] = _guest.Run(program, run => run.ContextAddress = _shared, cpu, Budget)
            ))
            .ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        results.Should().OnlyContain(result => result.Status == RunStatus.Returned);
    }

    private ulong Value(ulong offset) => BitConverter.ToUInt64(_guest.Arena.Bytes(_shared + offset, 8));
}
