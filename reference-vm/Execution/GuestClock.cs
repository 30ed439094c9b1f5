using System.Diagnostics;

namespace Conformance.ReferenceVm.Execution;

/// <summary>The clock that guests see: bpf_ktime_get_ns. It never goes back. Thread-safe.</summary>
/// <param name="open">Where it starts, and whether it is a real one.</param>
public sealed class GuestClock(OpenChoices open)
{
    private ulong _readings;

    /// <summary>Nanoseconds since some fixed moment.</summary>
    public ulong Now() =>
        open.ClockOffset
        + (
            open.ClockStep == 0
                ? (ulong)(Stopwatch.GetTimestamp() * (1_000_000_000.0 / Stopwatch.Frequency))
                : Interlocked.Increment(ref _readings) * open.ClockStep
        );

    /// <summary>Lets a clock that counts its readings begin again.</summary>
    public void Reset() => Volatile.Write(ref _readings, 0);
}
