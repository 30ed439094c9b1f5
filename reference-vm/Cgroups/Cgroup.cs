using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Cgroups;

/// <summary>A cgroup: a place in the hierarchy that programs are attached to and storages belong to.</summary>
public sealed class Cgroup
{
    // The largest attach type of the seven program types is CGROUP_UNIX_GETSOCKNAME.
    private const int HookCount = (int)AttachType.CgroupUnixGetsockname + 1;

    private readonly AttachmentList[] _lists = new AttachmentList[HookCount];
    private readonly Attachment[][] _effective = new Attachment[HookCount][];
    private readonly List<Cgroup> _children = [];

    internal Cgroup(ulong id, Cgroup? parent)
    {
        Id = id;
        Parent = parent;
        Array.Fill(_lists, AttachmentList.Empty);
        Array.Fill(_effective, []);
        parent?._children.Add(this);
    }

    /// <summary>Its id, as in the keys of storage maps. Never given to another cgroup.</summary>
    public ulong Id { get; }

    /// <summary>The cgroup above, or null for the root.</summary>
    public Cgroup? Parent { get; }

    /// <summary>The cgroups directly below.</summary>
    public IReadOnlyList<Cgroup> Children => _children;

    /// <summary>Whether it has been removed. Its descriptors remain, and lead nowhere.</summary>
    public bool IsRemoved { get; private set; }

    /// <summary>Open sockets that were made in it.</summary>
    internal int Sockets { get; set; }

    /// <summary>Removed cgroups directly below that sockets, their own or of cgroups below them, still keep in use.</summary>
    internal List<Cgroup> Lingering { get; } = [];

    /// <summary>Whether its attachments and storages are gone too.</summary>
    internal bool IsReleased { get; set; }

    /// <summary>The storages that belong to it, in whatever map.</summary>
    internal HashSet<Storage> Storages { get; } = [];

    internal AttachmentList ListOf(AttachType attachType) => _lists[(int)attachType];

    internal void SetList(AttachType attachType, AttachmentList list) => _lists[(int)attachType] = list;

    /// <summary>
    /// What an event in this cgroup runs, in order. The array is never changed, only replaced, so that a run needs no lock.
    /// </summary>
    internal Attachment[] Effective(AttachType attachType) => Volatile.Read(ref _effective[(int)attachType]);

    internal void SetEffective(AttachType attachType, Attachment[] effective) =>
        Volatile.Write(ref _effective[(int)attachType], effective);

    internal void MarkRemoved()
    {
        IsRemoved = true;
        Parent?._children.Remove(this);
    }
}
