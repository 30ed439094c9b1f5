using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Cgroups;

/// <summary>
/// What is attached to one cgroup at one attach type, in order. Immutable; the decisions about a change are made here, and nothing
/// but decisions (kernel-facts D14 to D19, D26; kernel/bpf/cgroup.c).
/// </summary>
internal sealed class AttachmentList
{
    private const ulong FirstRevision = 1;

    private AttachmentList(ImmutableArray<Attachment> items, AttachFlags mode, ulong revision)
    {
        Items = items;
        Mode = mode;
        Revision = revision;
    }

    public static AttachmentList Empty { get; } = new([], AttachFlags.None, FirstRevision);

    public ImmutableArray<Attachment> Items { get; }

    /// <summary>None, AllowOverride or AllowMulti; None where the list is empty.</summary>
    public AttachFlags Mode { get; }

    /// <summary>Counts every change, from 1.</summary>
    public ulong Revision { get; }

    public bool IsMulti => Mode.Has(AttachFlags.AllowMulti);

    /// <summary>
    /// Where the request's attachment goes. The hierarchy has a say in between (<paramref name="hierarchyAllows"/>), because its refusal comes
    /// after that of a stale revision and before that of another mode.
    /// </summary>
    public Placement Place(in AttachRequest request, bool hierarchyAllows, int limit)
    {
        var flags = request.Flags;
        var mode = flags & AttachFlags.ModeMask;
        var replaces = flags.Has(AttachFlags.Replace);
        var isMulti = flags.Has(AttachFlags.AllowMulti);
        if (
            mode == AttachFlags.ModeMask
            || replaces && !isMulti
            || replaces && flags.Has(AttachFlags.Before | AttachFlags.After)
            || replaces != request.Replaced is not null
        )
        {
            return new(Errno.EINVAL);
        }

        if (request.ExpectedRevision != 0 && request.ExpectedRevision != Revision)
        {
            return new(Errno.ESTALE);
        }

        if (!hierarchyAllows || !Items.IsEmpty && mode != Mode)
        {
            return new(Errno.EPERM);
        }

        // Before the search for what is replaced: a full list refuses a replacement too (D17).
        if (Items.Length >= limit)
        {
            return new(Errno.E2BIG);
        }

        if (!isMulti)
        {
            // A single program is replaced whatever it is, also by itself.
            return Items.IsEmpty ? PlaceNextTo(request) : new(Errno.None, 0, Replaces: true);
        }

        return PlaceAmongMany(request);
    }

    /// <summary>The list with an attachment inserted or put in another's place.</summary>
    public AttachmentList With(Attachment attachment, Placement placement) =>
        new(
            placement.Replaces ? Items.SetItem(placement.Index, attachment) : Items.Insert(placement.Index, attachment),
            attachment.Flags & AttachFlags.ModeMask,
            Revision + 1
        );

    /// <summary>The list with another attachment at an index, everything else as it was.</summary>
    public AttachmentList WithItem(int index, Attachment attachment) =>
        new(Items.SetItem(index, attachment), Mode, Revision + 1);

    /// <summary>The list without the attachment at an index. An empty list has no mode.</summary>
    public AttachmentList Without(int index)
    {
        var items = Items.RemoveAt(index);
        return new(items, items.IsEmpty ? AttachFlags.None : Mode, Revision + 1);
    }

    /// <summary>What BPF_PROG_DETACH detaches, named by a program, or by nothing where the caller's descriptor names no program of the type.</summary>
    public Placement FindToDetach(LoadedProgram? program, ulong expectedRevision)
    {
        if (expectedRevision != 0 && expectedRevision != Revision)
        {
            return new(Errno.ESTALE);
        }

        if (!IsMulti)
        {
            // Whatever is there goes, whoever was named (D26).
            return Items.IsEmpty ? new(Errno.ENOENT) : new(Errno.None, 0);
        }

        if (program is null)
        {
            return new(Errno.EINVAL);
        }

        var index = IndexOf(item => item.Program == program && item.Link is null);
        return index < 0 ? new(Errno.ENOENT) : new(Errno.None, index);
    }

    /// <summary>The index of a link's attachment, or -1.</summary>
    public int IndexOf(Link link) => IndexOf(item => item.Link == link);

    private Placement PlaceAmongMany(in AttachRequest request)
    {
        var (program, link, replaced) = (request.Program, request.Link, request.Replaced);
        if (link is null && program != replaced && IndexOf(item => item.Link is null && item.Program == program) >= 0)
        {
            return new(Errno.EINVAL);
        }

        if (replaced is not null)
        {
            var index = IndexOf(item => item.Link is null && item.Program == replaced);
            return index < 0 ? new(Errno.ENOENT) : new(Errno.None, index, Replaces: true);
        }

        return PlaceNextTo(request);
    }

    private Placement PlaceNextTo(in AttachRequest request)
    {
        var isBefore = request.Flags.Has(AttachFlags.Before);
        var isAfter = request.Flags.Has(AttachFlags.After);
        var anchorIsLink = request.Flags.Has(AttachFlags.Link);
        var anchor = request.Anchor;
        if (!anchor.IsNamed && !request.Flags.Has(AttachFlags.Link | AttachFlags.Id))
        {
            // Without an anchor: first or last. Both at once mean something only where there is nothing yet.
            if (isBefore && isAfter && !Items.IsEmpty)
            {
                return new(Errno.EINVAL);
            }

            return new(Errno.None, isBefore ? 0 : Items.Length);
        }

        // A link stands next to links, a program next to programs.
        if (isBefore == isAfter || anchorIsLink != request.Link is not null)
        {
            return new(Errno.EINVAL);
        }

        if (anchor.Error != Errno.None)
        {
            return new(anchor.Error);
        }

        var index = anchorIsLink
            ? IndexOf(item => item.Link == anchor.Link)
            : IndexOf(item => item.Link is null && item.Program == anchor.Program);
        if (index < 0)
        {
            return new(Errno.ENOENT);
        }

        return Items[index].IsPreorder != request.Flags.Has(AttachFlags.Preorder)
            ? new(Errno.EINVAL)
            : new(Errno.None, isBefore ? index : index + 1);
    }

    private int IndexOf(Func<Attachment, bool> predicate)
    {
        for (var index = 0; index < Items.Length; index++)
        {
            if (predicate(Items[index]))
            {
                return index;
            }
        }

        return -1;
    }
}

/// <summary>A place in a list, or why there is none.</summary>
/// <param name="Error">Why not.</param>
/// <param name="Index">The place.</param>
/// <param name="Replaces">Whether what is there makes room.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Placement(Errno Error, int Index = -1, bool Replaces = false);
