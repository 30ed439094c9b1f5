using Conformance.Harness.Machines;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Model;

/// <summary>Attaching: the only thing that makes storages.</summary>
internal static class AttachRules
{
    private const int MostAttachments = 64;

    public static (ModelState, Prediction) Attach(ModelState state, ProgAttach attach)
    {
        if ((attach.Flags & ~AttachFlags.OfPrograms) != 0)
        {
            return state.Fail(Errno.EINVAL);
        }

        if (ProgramRules.Opened(state, attach.Program) is not { Sketch: var sketch })
        {
            return state.Fail(Errno.EBADF);
        }

        if (!AttachTypeRules.Fits(sketch, attach.AttachType))
        {
            return state.Fail(Errno.EINVAL);
        }

        if (state.Cgroup(attach.Cgroup) is not { Alive: true } cgroup)
        {
            return state.Fail(Errno.ENOENT);
        }

        var replaces = (attach.Flags & AttachFlags.Replace) != 0;
        if (replaces && (attach.Flags & AttachFlags.AllowMulti) != 0)
        {
            if (ProgramRules.Opened(state, attach.Replace) is not { Sketch: var old })
            {
                return state.Fail(Errno.EBADF);
            }

            if (old.Type != sketch.Type)
            {
                return state.Fail(Errno.EINVAL);
            }
        }

        var place = new Place(cgroup, attach.AttachType, attach.Flags, attach.Relative, attach.ExpectedRevision);
        return Insert(state, sketch, null, place, replaces ? attach.Replace : null);
    }

    public static (ModelState, Prediction) Detach(ModelState state, ProgDetach detach)
    {
        if (detach.Flags != 0)
        {
            return (state, Prediction.Open);
        }

        if (state.Cgroup(detach.Cgroup) is not { Alive: true } cgroup)
        {
            return state.Fail(Errno.ENOENT);
        }

        var hook = cgroup.Hook(detach.AttachType);
        if (hook.Mode != AttachMode.Multi)
        {
            // There is at most one program, and it goes, whichever was named.
            return hook.Attachments.IsEmpty
                ? state.Fail(Errno.ENOENT)
                : Remove(state, cgroup, detach.AttachType, 0).Succeed();
        }

        var named = ProgramRules.Opened(state, detach.Program)?.Sketch;
        if (named is null || named.Type != AttachTypeRules.ProgramTypeOf(detach.AttachType))
        {
            return state.Fail(Errno.EINVAL);
        }

        var index = hook.Attachments.FindIndex(other => other.Link is null && other.Program == named.Name);
        return index < 0 ? state.Fail(Errno.ENOENT) : Remove(state, cgroup, detach.AttachType, index).Succeed();
    }

    public static Prediction Query(ModelState state, ProgQuery query)
    {
        if (state.Cgroup(query.Cgroup) is not { Alive: true } cgroup)
        {
            return Prediction.Fail(Errno.ENOENT);
        }

        var hook = cgroup.Hook(query.AttachType);
        var listed = query.Effective ? CgroupRules.Effective(state, cgroup, query.AttachType) : hook.Attachments;
        return Prediction.Ok with
        {
            Programs = [.. listed.Select(attachment => attachment.Program)],
            AttachFlags = query.Effective ? 0 : (uint)hook.Mode,
        };
    }

    /// <summary>Where an attachment is to go.</summary>
    internal sealed record Place(ModelCgroup Cgroup, AttachType Type, uint Flags, string? Relative, ulong Revision);

    /// <summary>Puts a program, or a link's, in its place. Nothing is created before everything is checked.</summary>
    internal static (ModelState, Prediction) Insert(
        ModelState state,
        ProgramSketch program,
        string? link,
        Place place,
        string? replace
    )
    {
        const uint Modes = AttachFlags.AllowOverride | AttachFlags.AllowMulti;
        var (cgroup, type, flags, _, revision) = place;
        var hook = cgroup.Hook(type);
        var mode = (AttachMode)(flags & Modes);
        var replaces = (flags & AttachFlags.Replace) != 0;
        if ((flags & Modes) == Modes || (replaces && mode != AttachMode.Multi))
        {
            return state.Fail(Errno.EINVAL);
        }

        if (replaces && (flags & (AttachFlags.Before | AttachFlags.After)) != 0)
        {
            return state.Fail(Errno.EINVAL);
        }

        if (revision != 0 && revision != hook.Revision)
        {
            return state.Fail(Errno.ESTALE);
        }

        if (!CgroupRules.AncestorsAllow(state, cgroup, type) || (!hook.Attachments.IsEmpty && hook.Mode != mode))
        {
            return state.Fail(Errno.EPERM);
        }

        // Counted before a replacement is looked for: a full list does not even let one be replaced.
        if (hook.Attachments.Count >= MostAttachments)
        {
            return state.Fail(Errno.E2BIG);
        }

        var taken = mode == AttachMode.Multi ? -1 : hook.Attachments.Count - 1;
        if (mode == AttachMode.Multi && link is null)
        {
            if (program.Name != replace && Find(hook, program.Name) >= 0)
            {
                return state.Fail(Errno.EINVAL);
            }

            taken = replace is null ? -1 : Find(hook, replace);
            if (replace is not null && taken < 0)
            {
                return state.Fail(Errno.ENOENT);
            }
        }

        var index = taken;
        if (
            taken < 0
            && PositionError(state, hook, link is not null, place, out index) is var error
            && error != Errno.None
        )
        {
            return state.Fail(error);
        }

        var attachment = new Attachment(program.Name, link, (flags & AttachFlags.Preorder) != 0);
        (state, attachment) = Bind(state, attachment, program, cgroup.Id, type);
        var attachments = hook.Attachments;
        attachments = taken < 0 ? attachments.Insert(index, attachment) : attachments.SetItem(taken, attachment);
        state = SetHook(state, cgroup, type, new Hook(mode, attachments, hook.Revision + 1));
        return References.Release(state).Succeed();
    }

    internal static ModelState Remove(ModelState state, ModelCgroup cgroup, AttachType type, int index)
    {
        // The storages stay: the next attach there continues with them.
        var hook = cgroup.Hook(type);
        var rest = hook.Attachments.RemoveAt(index);
        var mode = rest.IsEmpty ? AttachMode.None : hook.Mode;
        return References.Release(SetHook(state, cgroup, type, new Hook(mode, rest, hook.Revision + 1)));
    }

    internal static ModelState SetHook(ModelState state, ModelCgroup cgroup, AttachType type, Hook hook) =>
        state.With(cgroup with { Hooks = cgroup.Hooks.SetItem(type, hook) });

    // The storages of an attachment: those that exist for this place, unchanged; new and zero where there are none.
    private static (ModelState, Attachment) Bind(
        ModelState state,
        Attachment attachment,
        ProgramSketch program,
        int cgroup,
        AttachType type
    )
    {
        foreach (var name in program.Maps)
        {
            var map = state.Maps[name];
            var id = map.IdFor(cgroup, type);
            if (state.Storage(id) is null)
            {
                var areas = Area.Zeroed(map.Kind, map.Definition.ValueSize, state.Cpus, state.NextBuffer);
                var storages = map.Storages.Insert(0, new Storage(id, areas));
                state = state.With(map with { Storages = storages }) with { NextBuffer = state.NextBuffer + 1 };
            }

            attachment =
                map.Kind == StorageKind.Shared ? attachment with { Shared = id } : attachment with { PerCpu = id };
        }

        return (state, attachment);
    }

    private static int Find(Hook hook, string program) =>
        hook.Attachments.FindIndex(other => other.Link is null && other.Program == program);

    private static Errno PositionError(ModelState state, Hook hook, bool isLink, Place place, out int index)
    {
        var before = (place.Flags & AttachFlags.Before) != 0;
        var after = (place.Flags & AttachFlags.After) != 0;
        var byLink = (place.Flags & AttachFlags.Link) != 0;
        index = before ? 0 : hook.Attachments.Count;
        if (place.Relative is null)
        {
            return before && after && !hook.Attachments.IsEmpty ? Errno.EINVAL : Errno.None;
        }

        // A link is placed by a link, a program by a program, on one side of it.
        if (before == after || byLink != isLink)
        {
            return Errno.EINVAL;
        }

        if (byLink ? !state.Links.ContainsKey(place.Relative) : ProgramRules.Opened(state, place.Relative) is null)
        {
            return Errno.EBADF;
        }

        var anchor = byLink
            ? hook.Attachments.FindIndex(other => other.Link == place.Relative)
            : Find(hook, place.Relative);
        if (anchor < 0)
        {
            return Errno.ENOENT;
        }

        index = before ? anchor : anchor + 1;
        var preorder = (place.Flags & AttachFlags.Preorder) != 0;
        return hook.Attachments[anchor].Preorder == preorder ? Errno.None : Errno.EINVAL;
    }
}
