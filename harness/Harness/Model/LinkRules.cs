using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Model;

/// <summary>Links: attachments in mode multi that end with their descriptor.</summary>
internal static class LinkRules
{
    private static readonly KernelVersion MapsAreCompared = new(7, 3);

    public static (ModelState, Prediction) Create(ModelState state, LinkCreate create)
    {
        if (ProgramRules.Opened(state, create.Program) is not { Sketch: var sketch })
        {
            return state.Fail(Errno.EBADF);
        }

        if (!AttachTypeRules.Fits(sketch, create.AttachType) || (create.Flags & ~AttachFlags.OfLinks) != 0)
        {
            return state.Fail(Errno.EINVAL);
        }

        if (state.Cgroup(create.Cgroup) is not { Alive: true } cgroup)
        {
            return state.Fail(Errno.ENOENT);
        }

        var flags = create.Flags | AttachFlags.AllowMulti;
        var place = new AttachRules.Place(cgroup, create.AttachType, flags, create.Relative, create.ExpectedRevision);
        var (next, prediction) = AttachRules.Insert(state, sketch, create.Link, place, null);
        return prediction == Prediction.Ok
            ? next.With(new ModelLink(create.Link, create.Program, cgroup.Id, create.AttachType)).Succeed()
            : (state, prediction);
    }

    public static (ModelState, Prediction) Update(ModelState state, LinkUpdate update)
    {
        if (
            !state.Links.TryGetValue(update.Link, out var link)
            || ProgramRules.Opened(state, update.Program) is not { Sketch: var sketch }
            || (update.Old is not null && ProgramRules.Opened(state, update.Old) is null)
        )
        {
            return state.Fail(Errno.EBADF);
        }

        if (link.Cgroup is not { } id)
        {
            return state.Fail(Errno.ENOLINK);
        }

        if (update.Old is not null && update.Old != link.Program)
        {
            return state.Fail(Errno.EPERM);
        }

        // The attachment keeps its storages, so the new program must mean the same ones.
        var current = state.Programs[link.Program].Sketch;
        if (current.Type != sketch.Type)
        {
            return state.Fail(Errno.EINVAL);
        }

        if (!current.Maps.ToHashSet().SetEquals(sketch.Maps))
        {
            return (state, Prediction.Fail(Errno.EINVAL) with { Since = MapsAreCompared });
        }

        var cgroup = state.Cgroups[id];
        var hook = cgroup.Hook(link.AttachType);
        var index = hook.Attachments.FindIndex(attachment => attachment.Link == link.Name);
        var attachments = hook.Attachments.SetItem(index, hook.Attachments[index] with { Program = sketch.Name });
        var changed = hook with { Attachments = attachments, Revision = hook.Revision + 1 };
        state = AttachRules.SetHook(state, cgroup, link.AttachType, changed);
        return References.Release(state.With(link with { Program = sketch.Name })).Succeed();
    }

    public static (ModelState, Prediction) Detach(ModelState state, LinkDetach detach) =>
        state.Links.TryGetValue(detach.Link, out var link) ? Release(state, link).Succeed() : state.Fail(Errno.EBADF);

    public static (ModelState, Prediction) Close(ModelState state, LinkClose close)
    {
        if (!state.Links.TryGetValue(close.Link, out var link))
        {
            return state.Fail(Errno.EBADF);
        }

        state = Release(state, link);
        return References.Release(state with { Links = state.Links.Remove(close.Link) }).Succeed();
    }

    private static ModelState Release(ModelState state, ModelLink link)
    {
        if (link.Cgroup is not { } id)
        {
            return state;
        }

        var cgroup = state.Cgroups[id];
        var index = cgroup.Hook(link.AttachType).Attachments.FindIndex(attachment => attachment.Link == link.Name);
        return AttachRules.Remove(state.With(link with { Cgroup = null }), cgroup, link.AttachType, index);
    }
}
