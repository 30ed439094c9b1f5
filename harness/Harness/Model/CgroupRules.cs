using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Model;

/// <summary>The hierarchy: which cgroups there are, and which programs an event in one of them runs.</summary>
internal static class CgroupRules
{
    public static (ModelState, Prediction) Create(ModelState state, CgroupCreate create)
    {
        if (state.Cgroup(create.Cgroup) is { Alive: true })
        {
            // Names are the client's: it gives none twice.
            return (state, Prediction.Open);
        }

        var parent = create.Parent is null ? null : state.Cgroup(create.Parent);
        if (create.Parent is not null && parent is not { Alive: true })
        {
            return state.Fail(Errno.ENOENT);
        }

        // A new number each time: a recreated cgroup never sees the storages of the one that had its name.
        var cgroup = new ModelCgroup(state.NextCgroup, create.Cgroup, parent?.Id);
        var next = state.With(cgroup) with
        {
            CgroupNames = state.CgroupNames.SetItem(cgroup.Name, cgroup.Id),
            NextCgroup = state.NextCgroup + 1,
        };
        return next.Succeed();
    }

    public static (ModelState, Prediction) Remove(ModelState state, CgroupRemove remove)
    {
        if (state.Cgroup(remove.Cgroup) is not { Alive: true } cgroup)
        {
            return state.Fail(Errno.ENOENT);
        }

        if (state.Cgroups.Values.Any(other => other.Alive && other.Parent == cgroup.Id))
        {
            return state.Fail(Errno.EBUSY);
        }

        // Attachments and storages go with it, those of programs detached long ago included; links outlive it as empty shells.
        state = state.With(cgroup with { Alive = false, Hooks = cgroup.Hooks.Clear() });
        foreach (var link in state.Links.Values.Where(link => link.Cgroup == cgroup.Id))
        {
            state = state.With(link with { Cgroup = null });
        }

        foreach (var map in state.Maps.Values.Where(map => map.Storages.Exists(s => s.Id.Cgroup == cgroup.Id)))
        {
            var rest = map.Storages.RemoveAll(storage => storage.Id.Cgroup == cgroup.Id);
            state = state.With(map with { Storages = rest, LostStorages = true });
        }

        return References.Release(state).Succeed();
    }

    /// <summary>
    /// The attachments that an event in a cgroup runs, in order. Walking upwards, a cgroup's list counts if it is the first
    /// that is not empty or if it is in mode multi. Preorder attachments come first, ancestors before descendants; the others
    /// follow, descendants before ancestors.
    /// </summary>
    public static IReadOnlyList<Attachment> Effective(ModelState state, ModelCgroup cgroup, AttachType type)
    {
        List<Attachment> early = [];
        List<Attachment> late = [];
        for (ModelCgroup? at = cgroup; at is not null; at = Parent(state, at))
        {
            var hook = at.Hook(type);
            if (early.Count + late.Count > 0 && hook.Mode != AttachMode.Multi)
            {
                continue;
            }

            early.InsertRange(0, hook.Attachments.Where(attachment => attachment.Preorder));
            late.AddRange(hook.Attachments.Where(attachment => !attachment.Preorder));
        }

        return [.. early, .. late];
    }

    /// <summary>Whether ancestors let a cgroup have programs of its own: the nearest one that has any decides.</summary>
    public static bool AncestorsAllow(ModelState state, ModelCgroup cgroup, AttachType type)
    {
        for (var at = Parent(state, cgroup); at is not null; at = Parent(state, at))
        {
            var hook = at.Hook(type);
            if (!hook.Attachments.IsEmpty)
            {
                return hook.Mode != AttachMode.None;
            }
        }

        return true;
    }

    private static ModelCgroup? Parent(ModelState state, ModelCgroup cgroup) =>
        cgroup.Parent is { } parent ? state.Cgroups[parent] : null;
}
