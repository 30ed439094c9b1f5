using Conformance.ReferenceVm.Cgroups;

namespace Conformance.ReferenceVm;

/// <summary>
/// What differs between kernel versions, as named members, and what a deliberately wrong machine does differently. A profile names a
/// patch level of Linux.
/// </summary>
/// <param name="Name">The profile, for reports.</param>
/// <param name="Kernel">The kernel version modelled, as three numbers.</param>
public sealed record Behaviour(string Name, string Kernel)
{
    /// <summary>The newest kernel whose behaviour is known: 7.3.4.</summary>
    public static Behaviour Latest { get; } = new("latest", "7.3.4");

    /// <summary>6.18.44, the patch level that the measurements were made on.</summary>
    public static Behaviour V6_18_44 { get; } =
        new("6.18.44", "6.18.44")
        {
            LinkUpdateKeepsStorageMaps = false,
            LookupFlagsBeforeDescriptor = true,
            PerCpuElementFlags = false,
            UpdateStoresPadding = true,
            PredictsComparisonWithItself = false,
            UntiesSingleNumbers = false,
            TracesAtomicFetches = false,
        };

    /// <summary>Whether BPF_LINK_UPDATE demands that the new program has the old one's storage maps (7.3; 6.12.110, 6.1.191).</summary>
    public bool LinkUpdateKeepsStorageMaps { get; init; } = true;

    /// <summary>Whether unknown flags of a lookup are refused before its descriptor is looked at (up to 6.18).</summary>
    public bool LookupFlagsBeforeDescriptor { get; init; }

    /// <summary>Whether per-CPU maps know BPF_F_CPU and BPF_F_ALL_CPUS (7.0).</summary>
    public bool PerCpuElementFlags { get; init; } = true;

    /// <summary>Whether an update of a per-CPU value stores the padding behind the value too (up to 6.18).</summary>
    public bool UpdateStoresPadding { get; init; }

    /// <summary>Whether the flags argument of the helper must be known to be zero. False only in wrong machines.</summary>
    public bool HelperFlagsMustBeZero { get; init; } = true;

    /// <summary>Whether the verifier knows the outcome of an unknown number's comparison with itself (7.0).</summary>
    public bool PredictsComparisonWithItself { get; init; } = true;

    /// <summary>
    /// Whether the verifier, where it keeps a state, forgets the ids of numbers that nothing else is tied to, so that more states
    /// count as covered (7.1).
    /// </summary>
    public bool UntiesSingleNumbers { get; init; } = true;

    /// <summary>
    /// Whether the verifier knows that an atomic fetch replaces its register, when it looks for what a number came from (7.1). Where it
    /// does not, fewer states count as covered.
    /// </summary>
    public bool TracesAtomicFetches { get; init; } = true;

    /// <summary>
    /// Whether a program is refused by mistake if it names a callback that is never called, because the callback is removed as dead code
    /// before its address is (6.18, and as far as is known 7.3).
    /// </summary>
    public bool RefusesUnwalkedCallbacks { get; init; } = true;

    /// <summary>Which storage an attachment works on.</summary>
    public StorageRules Storages { get; init; } = new();

    /// <summary>What no rule fixes.</summary>
    public OpenChoices Open { get; init; } = new();

    /// <summary>The profile that models a kernel: the newest that is not newer, or the oldest.</summary>
    /// <param name="kernel">Three numbers, for instance 6.18.44.</param>
    public static Behaviour For(string kernel) =>
        System.Version.TryParse(kernel, out var version)
        && new System.Version(version.Major, version.Minor) < new System.Version(7, 3)
            ? V6_18_44
            : Latest;
}
