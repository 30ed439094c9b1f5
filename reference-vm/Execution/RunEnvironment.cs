namespace Conformance.ReferenceVm.Execution;

/// <summary>What all runs of one machine share.</summary>
/// <param name="Arena">Guest memory.</param>
/// <param name="Limits">The machine's limits.</param>
/// <param name="Maps">The live maps.</param>
/// <param name="Open">What no rule fixes.</param>
public sealed record RunEnvironment(Arena Arena, Limits Limits, MapTable Maps, OpenChoices Open)
{
    /// <summary>The clock of all CPUs.</summary>
    public GuestClock Clock { get; } = new(Open);

    /// <summary>What bpf_trace_printk writes to.</summary>
    public TraceBuffer Trace { get; init; } = new();
}
