using System.Runtime.CompilerServices;
using Conformance.Mutants.Seams;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Mutants.Gallery;

/// <summary>Which storage an attachment works on.</summary>
internal static class IdentityMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        Mutant.Storing(
            "running-cgroup",
            "It gives an inherited program the storage of the cgroup in which the event happens.",
            ["hierarchy.owner-of-the-attachment"],
            new()
            {
                AtRun = (attachment, cgroup) =>
                    Substitute.Each(
                        attachment,
                        storage => StorageRules.FindOrCreate(storage.Map, cgroup, attachment.AttachType) ?? storage
                    ),
            }
        ),
        Mutant.Storing(
            "allocates-per-run",
            "It makes a new storage for every run of a program.",
            ["pointer.stable-across-runs"],
            new() { AtRun = (attachment, _) => Substitute.Each(attachment, Renew) }
        ),
        Mutant.Storing(
            "topmost-cgroup",
            "It keeps one storage for a whole subtree, that of the topmost cgroup.",
            ["hierarchy.each-attachment-its-own", "identity.by-cgroup"],
            new() { Bind = (map, cgroup, type) => StorageRules.FindOrCreate(map, Topmost(cgroup), type) }
        ),
        Mutant.Storing(
            "one-storage-per-map",
            "It has one storage in each map, whatever the cgroup.",
            ["identity.by-cgroup"],
            new() { Bind = (map, cgroup, type) => map.Storages.LastOrDefault() ?? map.Create(cgroup.Id, type) }
        ),
        Mutant.Storing(
            "one-storage-per-cgroup",
            "It has one storage of each kind for a cgroup and attach type, whatever the map.",
            ["identity.by-map"],
            new()
            {
                AtRun = (attachment, _) => Substitute.Each(attachment, bound => FirstLike(attachment.Cgroup, bound)),
            }
        ),
        Mutant.Storing(
            "ignores-attach-type-in-key",
            "With 16-byte keys it lets all attach types of a cgroup share one storage.",
            ["identity.by-attach-type"],
            new()
            {
                Bind = (map, cgroup, type) =>
                    map.Storages.LastOrDefault(storage => storage.CgroupId == cgroup.Id) ?? map.Create(cgroup.Id, type),
            }
        ),
        new(
            "separates-attach-types",
            "With 8-byte keys it gives each attach type a storage of its own.",
            ["identity.across-attach-types"],
            () => WrongMachine.With(Substitute.PerOwner(attachment => attachment.AttachType))
        ),
        Mutant.Storing(
            "expected-attach-type-in-key",
            "It takes the attach type that the program was loaded for as the key, not the one it is attached to.",
            ["identity.attach-type-of-the-attachment"],
            new()
            {
                AtRun = (attachment, _) =>
                    Substitute.Each(
                        attachment,
                        bound =>
                            StorageRules.FindOrCreate(bound.Map, attachment.Cgroup, attachment.Program.Code.Expected)
                            ?? bound
                    ),
            }
        ),
        new(
            "storage-per-program",
            "It gives each program a storage of its own.",
            ["sharing.between-programs"],
            () => WrongMachine.With(Substitute.PerOwner(attachment => attachment.Program))
        ),
        new(
            "storage-per-program-type",
            "It gives each program type a storage of its own, where attach types share one.",
            ["sharing.between-program-types"],
            () => WrongMachine.With(Substitute.PerOwner(attachment => attachment.Program.Type))
        ),
        new(
            "storage-per-attachment",
            "It makes a new storage for every attachment and finds none again.",
            ["pointer.stable-across-detach", "lifetime.survives-detach"],
            () => WrongMachine.With(Substitute.PerOwner(attachment => attachment))
        ),
        new(
            "apart-in-descendants",
            "It gives runs in descendants a storage apart from that of runs in the cgroup itself.",
            ["hierarchy.owner-of-the-attachment"],
            () => WrongMachine.With(ApartInDescendants())
        ),
        Mutant.Storing(
            "kinds-share-memory",
            "It returns the shared storage for the per-CPU map of a program that has both kinds.",
            ["identity.kinds-are-independent"],
            new() { AtRun = (attachment, _) => SharedForBoth(attachment.Storages) }
        ),
        Mutant.Storing(
            "nearest-attachment",
            "Where a program is attached to a cgroup and its ancestor, both runs use the nearest storage.",
            ["hierarchy.each-attachment-its-own"],
            new()
            {
                AtRun = (attachment, cgroup) =>
                    cgroup
                        .Effective(attachment.AttachType)
                        .First(other => other.Program == attachment.Program)
                        .Storages,
            }
        ),
        Mutant.Storing(
            "entry-for-descendants",
            "Where an inherited program runs, it makes an entry for the descendant.",
            ["hierarchy.no-entry-for-descendants"],
            new()
            {
                AtRun = (attachment, cgroup) =>
                    Substitute.Each(
                        attachment,
                        bound =>
                        {
                            StorageRules.FindOrCreate(bound.Map, cgroup, attachment.AttachType);
                            return bound;
                        }
                    ),
            }
        ),
    ];

    // An update gives a shared storage a new buffer. A per-CPU storage keeps its areas for life, so the run gets another one
    // that nobody else ever sees.
    private static Storage Renew(Storage bound) =>
        bound.Map.Kind == StorageKind.PerCpu
            ? bound.Map.Allocate(bound.CgroupId, bound.AttachType) ?? bound
            : Content.Fill(bound, _ => { })!;

    // Below the root, which is nobody's.
    private static Cgroup Topmost(Cgroup cgroup) => cgroup.Parent?.Parent is null ? cgroup : Topmost(cgroup.Parent);

    private static Storage FirstLike(Cgroup cgroup, Storage bound) =>
        cgroup.Storages.FirstOrDefault(other =>
            other.Map.Kind == bound.Map.Kind
            && other.Map.Definition.ValueSize >= bound.Map.Definition.ValueSize
            && other.AttachType == bound.AttachType
        ) ?? bound;

    private static StorageRules ApartInDescendants()
    {
        var own = new ConditionalWeakTable<Storage, Storage>();
        return new StorageRules
        {
            AtRun = (attachment, cgroup) =>
                cgroup == attachment.Cgroup
                    ? attachment.Storages
                    : Substitute.Each(
                        attachment,
                        bound => own.GetValue(bound, _ => bound.Map.Allocate(bound.CgroupId, bound.AttachType) ?? bound)
                    ),
        };
    }

    private static BoundStorages SharedForBoth(BoundStorages bound) =>
        bound is { Shared: { } shared, PerCpu: { } perCpu }
        && shared.Map.Definition.ValueSize >= perCpu.Map.Definition.ValueSize
            ? bound with
            {
                PerCpu = Substitute.With(perCpu, shared.AddressOn(0)),
            }
            : bound;
}
