using System.Diagnostics;

namespace Conformance.ReferenceVm.Execution;

/// <summary>What all runs of one machine share.</summary>
/// <param name="Arena">Guest memory.</param>
/// <param name="Limits">The machine's limits.</param>
/// <param name="Maps">The live maps.</param>
public sealed record RunEnvironment(Arena Arena, Limits Limits, MapTable Maps)
{
    /// <summary>Nanoseconds since some fixed moment, never going back: bpf_ktime_get_ns.</summary>
    public Func<ulong> Clock { get; init; } =
        static () => (ulong)(Stopwatch.GetTimestamp() * (1_000_000_000.0 / Stopwatch.Frequency));

    /// <summary>What no rule fixes.</summary>
    public OpenChoices Open { get; init; } = new();

    /// <summary>What bpf_trace_printk writes to.</summary>
    public TraceBuffer Trace { get; init; } = new();
}
