namespace Conformance.Harness.Running;

/// <summary>How cases are run.</summary>
public sealed record RunnerOptions
{
    /// <summary>How long a step marked <c>eventually</c> is tried.</summary>
    public TimeSpan EventuallyLimit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Pause between two tries.</summary>
    public TimeSpan EventuallyPause { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The clock that durations and limits are read from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Waits between two tries; replaced in tests, where the clock does not run by itself.</summary>
    public Action<TimeSpan> Pause { get; init; } = Thread.Sleep;
}
