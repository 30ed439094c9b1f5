namespace Conformance.ReferenceVm;

/// <summary>
/// What Linux leaves to chance. Two machines that differ in nothing else tell whether what a program computes is determined: where they disagree, no
/// machine can be held to either.
/// </summary>
public sealed record OpenChoices
{
    /// <summary>What a stack that nobody has written is filled with: 0 is zeros, any other number a pattern of its own.</summary>
    public byte StackByte { get; init; }

    /// <summary>Where the pseudo-random sequences of the CPUs start: bpf_get_prandom_u32.</summary>
    public ulong RandomSeed { get; init; } = 0x9e37_79b9_7f4a_7c15;

    /// <summary>Nanoseconds added to the clock: bpf_ktime_get_ns.</summary>
    public ulong ClockOffset { get; init; }

    /// <summary>Nanoseconds by which the clock advances with every reading, so that a run is repeatable; 0: a real clock.</summary>
    public ulong ClockStep { get; init; }

    /// <summary>Id of the root cgroup; others count on from it.</summary>
    public ulong RootCgroupId { get; init; } = 1;

    /// <summary>
    /// What the context fields hold whose values are each kernel's own: <c>rtt_min</c>, <c>snd_ssthresh</c>, <c>mss_cache</c>; its low byte changes
    /// the name that <c>user_port</c> of a Unix socket shows. It also changes <c>rx_queue_mapping</c>, which Linux loads with its sign in all 64 bits while
    /// its verifier, and so the code it leaves out, takes it for a number below 2^32.
    /// </summary>
    public uint ContextWord { get; init; }

    /// <summary>Identification field of IPv4 packets, in host order.</summary>
    public ushort PacketId { get; init; }

    /// <summary>Bytes by which all guest addresses are moved, a multiple of 8. They begin at <see cref="Execution.Arena.Base"/> and may go round.</summary>
    public ulong AddressOffset { get; init; }
}
