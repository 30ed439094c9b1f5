using System.Collections.Frozen;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm;

/// <content>Attaching, links, lifetimes and verdicts.</content>
public sealed partial record Behaviour
{
    /// <summary>The attach types that exist, each since its release (<see cref="AttachTypeAge"/>). A program type exists where one of its attach types does.</summary>
    public FrozenSet<AttachType> AttachTypes { get; init; } =
        Enum.GetValues<AttachType>().Where(type => Has(Kernel, AttachTypeAge.Since(type))).ToFrozenSet();

    /// <summary>
    /// Whether a storage belongs to its cgroup and map and outlives the attachment (5.9). Before, every attach makes a new zeroed one, and
    /// detaching or replacing the program ends it.
    /// </summary>
    public bool StorageOutlivesAttachment { get; init; } = Has(Kernel, new(5, 9));

    /// <summary>Whether several programs may refer to one storage map (5.9). Before, it belongs to the first until that is freed; others get EBUSY.</summary>
    public bool StorageMapServesManyPrograms { get; init; } = Has(Kernel, new(5, 9));

    /// <summary>Whether a program can be put in the place of a named one: BPF_F_REPLACE (5.6). Before: EINVAL.</summary>
    public bool AttachReplace { get; init; } = Has(Kernel, new(5, 6));

    /// <summary>Whether programs can ask to run before all others: BPF_F_PREORDER (6.15; 6.12.31). Before: EINVAL.</summary>
    public bool AttachPreorder { get; init; } = Has(Kernel, new(6, 15), new KernelVersion(6, 12, 31));

    /// <summary>Whether the place in the list can be chosen and a revision demanded (6.17; 6.12.110). Before: EINVAL.</summary>
    public bool AttachAnchors { get; init; } = Has(Kernel, new(6, 17), new KernelVersion(6, 12, 110));

    /// <summary>Whether there are links to cgroups (5.7). Before: EINVAL.</summary>
    public bool Links { get; init; } = Has(Kernel, new(5, 7));

    /// <summary>Whether BPF_LINK_DETACH exists (5.9). Before: EINVAL.</summary>
    public bool LinkDetach { get; init; } = Has(Kernel, new(5, 9));

    /// <summary>Whether BPF_LINK_UPDATE demands that the new program has the old one's storage maps (7.3; 6.12.110, 6.1.191).</summary>
    public bool LinkUpdateKeepsStorageMaps { get; init; } = Has(Kernel, new(7, 3), new(6, 12, 110), new(6, 1, 191));

    /// <summary>
    /// Whether a program of cgroup_skb that can return 2 or 3 is attached to egress only, by BPF_PROG_ATTACH (5.2). Before, neither value is
    /// permitted and its expected attach type is not looked at.
    /// </summary>
    public bool EgressReportsCongestion { get; init; } = Has(Kernel, new(5, 2));

    /// <summary>Whether the same holds for BPF_LINK_CREATE (6.10).</summary>
    public bool LinkChecksExpectedDirection { get; init; } = Has(Kernel, new(6, 10));

    /// <summary>Whether a program for bind may return 2 or 3, to skip the check of the port (5.12).</summary>
    public bool BindSkipsPortCheck { get; init; } = Has(Kernel, new(5, 12));

    /// <summary>
    /// Whether the programs of an event hand an error from one to the next (5.18). Before, one that returns 0 makes the event fail with
    /// EPERM, whatever had failed until then and whatever later programs return.
    /// </summary>
    public bool VerdictIsAnError { get; init; } = Has(Kernel, new(5, 18));
}
