using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Cgroups;

/// <summary>Computes what an event in a cgroup runs, from the lists of the cgroup and its ancestors.</summary>
internal static class EffectivePrograms
{
    /// <summary>
    /// First the preorder attachments, ancestors before descendants; then all others, descendants before ancestors. An ancestor's list counts
    /// only where it is in mode multi or nothing below it has any attachment.
    /// </summary>
    public static Attachment[] Of(Cgroup cgroup, AttachType attachType)
    {
        List<Attachment>? first = null;
        List<Attachment>? then = null;
        for (var level = cgroup; level is not null; level = level.Parent)
        {
            var list = level.ListOf(attachType);
            if (list.Items.IsEmpty || !list.IsMulti && (first is not null || then is not null))
            {
                continue;
            }

            (first ??= []).InsertRange(0, list.Items.Where(item => item.IsPreorder));
            (then ??= []).AddRange(list.Items.Where(item => !item.IsPreorder));
        }

        return first is null ? [] : [.. first, .. then!];
    }

    /// <summary>Whether the ancestors let a descendant attach: the nearest one that has a program must be in a mode that allows it.</summary>
    public static bool HierarchyAllows(Cgroup cgroup, AttachType attachType)
    {
        for (var level = cgroup.Parent; level is not null; level = level.Parent)
        {
            var list = level.ListOf(attachType);
            if (!list.Items.IsEmpty)
            {
                return list.Mode != AttachFlags.None;
            }
        }

        return true;
    }
}
