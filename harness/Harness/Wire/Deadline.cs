using System.Diagnostics;

namespace Conformance.Harness.Wire;

/// <summary>When to give up, and after how long that is.</summary>
/// <param name="Timestamp">As <see cref="Stopwatch.GetTimestamp"/> counts.</param>
/// <param name="Text">The time, and of what it is the limit.</param>
internal readonly record struct Deadline(long Timestamp, string Text)
{
    public static Deadline After(long start, TimeSpan limit, string of = "") =>
        new(start + (long)(limit.TotalSeconds * Stopwatch.Frequency), $"{limit.TotalSeconds:0.###} s{of}");

    public static Deadline Earlier(Deadline one, Deadline other) => one.Timestamp <= other.Timestamp ? one : other;
}
