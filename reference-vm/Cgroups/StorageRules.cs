using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Cgroups;

/// <summary>
/// Which storage an attachment works on. The rules of Linux are the default; a machine with others is a wrong one, made to show that the
/// suite notices.
/// </summary>
public sealed record StorageRules
{
    /// <summary>
    /// attach.creates: the storage of a map for an attachment to a cgroup at an attach type, when the attachment is made. An existing one
    /// is used unchanged, else a zeroed one is created; null where memory has run out.
    /// </summary>
    public Func<CgroupStorageMap, Cgroup, AttachType, Storage?> Bind { get; init; } = FindOrCreate;

    /// <summary>
    /// What a run takes instead of what was bound: gets the attachment and the cgroup in which the event happens. Null, the
    /// rule: a run takes what was bound.
    /// </summary>
    public Func<Attachment, Cgroup, BoundStorages>? AtRun { get; init; }

    /// <summary>The rule of Linux since 5.9.</summary>
    public static Storage? FindOrCreate(CgroupStorageMap map, Cgroup cgroup, AttachType attachType) =>
        map.Find(cgroup.Id, attachType) ?? map.Create(cgroup.Id, attachType);
}
