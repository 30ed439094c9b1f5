using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Cgroups;

/// <summary>
/// The tree of cgroups and what is attached to them. Changes are made by one thread at a time (the machine's lock); what an event runs is
/// read without one.
/// </summary>
internal sealed class CgroupHierarchy
{
    private readonly Behaviour _behaviour;
    private readonly Limits _limits;
    private readonly Action<LoadedProgram> _hold;
    private readonly Action<LoadedProgram> _release;
    private ulong _lastId;

    /// <param name="hold">Called for each program that an attachment begins to refer to.</param>
    /// <param name="release">Called for each program that an attachment ceases to refer to.</param>
    public CgroupHierarchy(
        Behaviour behaviour,
        Limits limits,
        Action<LoadedProgram> hold,
        Action<LoadedProgram> release
    )
    {
        (_behaviour, _limits, _hold, _release) = (behaviour, limits, hold, release);
        _lastId = behaviour.Open.RootCgroupId;
        Root = new Cgroup(_lastId, parent: null);
    }

    public Cgroup Root { get; private set; }

    /// <summary>Creates a cgroup. It inherits what its ancestors have, with their storages (D12).</summary>
    public Cgroup Create(Cgroup parent)
    {
        var cgroup = new Cgroup(++_lastId, parent);
        for (var number = 0; number <= (int)AttachType.CgroupUnixGetsockname; number++)
        {
            if (parent.Effective((AttachType)number).Length > 0)
            {
                cgroup.SetEffective((AttachType)number, EffectivePrograms.Of(cgroup, (AttachType)number));
            }
        }

        return cgroup;
    }

    /// <summary>
    /// Removes a cgroup: EBUSY while it has children. Attachments, links and storages go with it, also storages of programs detached long
    /// ago, but not before the last socket that was made in it or below is closed. Linux takes some milliseconds for that; here it has happened
    /// when the call returns.
    /// </summary>
    public Errno Remove(Cgroup cgroup)
    {
        if (cgroup.IsRemoved)
        {
            return Errno.ENOENT;
        }

        if (cgroup.Children.Count > 0)
        {
            return Errno.EBUSY;
        }

        cgroup.MarkRemoved();
        if (IsInUse(cgroup))
        {
            cgroup.Parent?.Lingering.Add(cgroup);
        }
        else
        {
            ReleaseAll(cgroup);
        }

        return Errno.None;
    }

    /// <summary>Releases a removed cgroup, and then those above it, as far as no socket needs them any more.</summary>
    public void ReleaseUnused(Cgroup cgroup)
    {
        for (var level = cgroup; level.IsRemoved && !level.IsReleased && !IsInUse(level); level = level.Parent!)
        {
            level.Parent?.Lingering.Remove(level);
            ReleaseAll(level);
        }
    }

    private static bool IsInUse(Cgroup cgroup) => cgroup.Sockets > 0 || cgroup.Lingering.Count > 0;

    private void ReleaseAll(Cgroup cgroup)
    {
        cgroup.IsReleased = true;
        // Before the programs: the last of them may take its map along, and what is left in it.
        foreach (var storage in cgroup.Storages)
        {
            storage.Map.Remove(storage);
        }

        cgroup.Storages.Clear();

        for (var number = 0; number <= (int)AttachType.CgroupUnixGetsockname; number++)
        {
            var attachType = (AttachType)number;
            var items = cgroup.ListOf(attachType).Items;
            cgroup.SetList(attachType, AttachmentList.Empty);
            cgroup.SetEffective(attachType, []);
            foreach (var item in items)
            {
                if (item.Link is { } link)
                {
                    link.Cgroup = null;
                }

                Release(item);
            }
        }
    }

    /// <summary>Attaches a program or a link. Whatever fails leaves nothing behind: no storage, no new revision (D21).</summary>
    public Errno Attach(Cgroup cgroup, AttachType attachType, in AttachRequest request)
    {
        if (cgroup.IsRemoved)
        {
            return Errno.ENOENT;
        }

        var list = cgroup.ListOf(attachType);
        var allowed = EffectivePrograms.HierarchyAllows(cgroup, attachType);
        var placement = list.Place(request, allowed, _limits.Attachments);
        if (placement.Error != Errno.None)
        {
            return placement.Error;
        }

        if (Bind(request.Program, cgroup, attachType) is not { } storages)
        {
            return Errno.ENOMEM;
        }

        var old = placement.Replaces ? list.Items[placement.Index] : null;
        var attachment = new Attachment(request.Program, request.Link, request.Flags, cgroup, attachType, storages);
        Hold(attachment);
        if (request.Link is { } link)
        {
            link.Cgroup = cgroup;
        }

        Publish(cgroup, attachType, list.With(attachment, placement));
        if (old is not null)
        {
            End(old);
        }

        if (!_behaviour.StorageOutlivesAttachment)
        {
            Show(storages);
        }

        return Errno.None;
    }

    /// <summary>BPF_PROG_DETACH. The storages stay (D8), or before 5.9 end (D9).</summary>
    public Errno Detach(Cgroup cgroup, AttachType attachType, LoadedProgram? program, ulong expectedRevision)
    {
        if (cgroup.IsRemoved)
        {
            return Errno.ENOENT;
        }

        var list = cgroup.ListOf(attachType);
        var place = list.FindToDetach(program, expectedRevision);
        if (place.Error == Errno.None)
        {
            Take(cgroup, attachType, place.Index);
        }

        return place.Error;
    }

    /// <summary>BPF_LINK_DETACH, or the end of the link's last descriptor. A second time nothing happens.</summary>
    public void Detach(Link link)
    {
        if (link.Cgroup is { } cgroup)
        {
            link.Cgroup = null;
            Take(cgroup, link.AttachType, cgroup.ListOf(link.AttachType).IndexOf(link));
        }
    }

    /// <summary>
    /// BPF_LINK_UPDATE: place in the list and storages stay (D24). With <paramref name="sameStorages"/> a program with other storage maps is
    /// refused with EINVAL; without it, as in kernels before the fix, it works on the old one's storages (D25), and where those do not
    /// exist or are smaller than its own would be, the machine refuses all the same: what Linux did then was undefined.
    /// </summary>
    public Errno Update(Link link, LoadedProgram program, LoadedProgram? expectedOld, bool sameStorages)
    {
        if (link.Cgroup is not { } cgroup)
        {
            return Errno.ENOLINK;
        }

        var old = link.Program;
        if (expectedOld is not null && expectedOld != old)
        {
            return Errno.EPERM;
        }

        if (program.Type != old.Type || !CanTakeOver(old, program, sameStorages))
        {
            return Errno.EINVAL;
        }

        var list = cgroup.ListOf(link.AttachType);
        var index = list.IndexOf(link);
        var attachment = list.Items[index];
        link.Program = program;
        var updated = attachment.With(program);
        Hold(updated);
        Publish(cgroup, link.AttachType, list.WithItem(index, updated));
        Release(attachment);
        return Errno.None;
    }

    /// <summary>A map is gone: no cgroup has storages in it any more.</summary>
    public void Forget(CgroupStorageMap map) => Forget(Root, map);

    /// <summary>Back to a root without anything; ids begin again.</summary>
    public void Reset()
    {
        Root = new Cgroup(Root.Id, parent: null);
        _lastId = Root.Id;
    }

    private static void Forget(Cgroup cgroup, CgroupStorageMap map)
    {
        cgroup.Storages.RemoveWhere(storage => storage.Map == map);
        foreach (var child in cgroup.Children.Concat(cgroup.Lingering))
        {
            Forget(child, map);
        }
    }

    private static bool CanTakeOver(LoadedProgram old, LoadedProgram program, bool sameStorages)
    {
        foreach (var kind in Enum.GetValues<StorageKind>())
        {
            var (from, to) = (old.Code.StorageMap(kind), program.Code.StorageMap(kind));
            var isSafe = sameStorages
                ? from == to
                : to is null || from is not null && from.Definition.ValueSize >= to.Definition.ValueSize;
            if (!isSafe)
            {
                return false;
            }
        }

        return true;
    }

    // Both kinds or none: what was created for a binding that fails half-way is removed again.
    private BoundStorages? Bind(LoadedProgram program, Cgroup cgroup, AttachType attachType)
    {
        var shared = program.StorageMap(StorageKind.Shared);
        var perCpu = program.StorageMap(StorageKind.PerCpu);
        if (shared is null && perCpu is null)
        {
            return BoundStorages.None;
        }

        Storage? first = null;
        if (shared is not null && (first = Bind(shared, cgroup, attachType)) is null)
        {
            return null;
        }

        var isNew = first is not null && cgroup.Storages.Add(first);
        Storage? second = null;
        if (perCpu is not null && (second = Bind(perCpu, cgroup, attachType)) is null)
        {
            if (isNew)
            {
                cgroup.Storages.Remove(first!);
                shared!.Remove(first!);
            }

            return null;
        }

        if (second is not null)
        {
            cgroup.Storages.Add(second);
        }

        return new BoundStorages(first, second);
    }

    // Before 5.9 every attachment gets a storage of its own, which takes its place in the map when that of a replaced one has left.
    private Storage? Bind(CgroupStorageMap map, Cgroup cgroup, AttachType attachType) =>
        _behaviour.StorageOutlivesAttachment
            ? _behaviour.Storages.Bind(map, cgroup, attachType)
            : map.Allocate(cgroup.Id, attachType);

    private static void Show(BoundStorages storages)
    {
        foreach (var storage in storages.All)
        {
            storage.Map.Publish(storage);
        }
    }

    // An attachment is over: where its storages belong to it, they are too.
    private void End(Attachment attachment)
    {
        if (!_behaviour.StorageOutlivesAttachment)
        {
            foreach (var storage in attachment.Storages.All)
            {
                attachment.Cgroup.Storages.Remove(storage);
                storage.Map.Remove(storage);
            }
        }

        Release(attachment);
    }

    private void Take(Cgroup cgroup, AttachType attachType, int index)
    {
        var list = cgroup.ListOf(attachType);
        var taken = list.Items[index];
        Publish(cgroup, attachType, list.Without(index));
        End(taken);
    }

    private void Hold(Attachment attachment)
    {
        _hold(attachment.Program);
        if (attachment.Binder != attachment.Program)
        {
            _hold(attachment.Binder);
        }
    }

    private void Release(Attachment attachment)
    {
        _release(attachment.Program);
        if (attachment.Binder != attachment.Program)
        {
            _release(attachment.Binder);
        }
    }

    private static void Publish(Cgroup cgroup, AttachType attachType, AttachmentList list)
    {
        cgroup.SetList(attachType, list);
        Recompute(cgroup, attachType);
    }

    private static void Recompute(Cgroup cgroup, AttachType attachType)
    {
        cgroup.SetEffective(attachType, EffectivePrograms.Of(cgroup, attachType));
        foreach (var child in cgroup.Children.Concat(cgroup.Lingering))
        {
            Recompute(child, attachType);
        }
    }
}
