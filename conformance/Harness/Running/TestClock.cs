using Conformance.Harness.Running;

namespace Conformance.Tests.Harness.Running;

/// <summary>A clock that stands still but for pauses, so that nothing waits and nothing depends on how fast a test runs.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public static RunnerOptions Options()
    {
        var clock = new TestClock();
        return new RunnerOptions { Clock = clock, Pause = pause => clock._ticks += pause.Ticks };
    }
}
