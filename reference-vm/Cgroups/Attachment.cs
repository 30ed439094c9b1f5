using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Cgroups;

/// <summary>
/// A program attached to a cgroup, with the storages that it works on. They are chosen when the attachment is made, never
/// when it runs: a run, wherever in the subtree it happens, takes what is here.
/// </summary>
public sealed class Attachment
{
    internal Attachment(
        LoadedProgram program,
        Link? link,
        AttachFlags flags,
        Cgroup cgroup,
        AttachType attachType,
        BoundStorages storages
    )
    {
        Program = program;
        Link = link;
        Flags = flags;
        Cgroup = cgroup;
        AttachType = attachType;
        Storages = storages;
    }

    /// <summary>The program.</summary>
    public LoadedProgram Program { get; }

    /// <summary>The link that made it, or null where BPF_PROG_ATTACH did.</summary>
    public Link? Link { get; }

    /// <summary>The flags it was attached with.</summary>
    public AttachFlags Flags { get; }

    /// <summary>The cgroup it is attached to.</summary>
    public Cgroup Cgroup { get; }

    /// <summary>The attach type given at attaching, which is part of the key of 16-byte storages.</summary>
    public AttachType AttachType { get; }

    /// <summary>The storages it works on.</summary>
    public BoundStorages Storages { get; }

    /// <summary>Whether it runs before those that are not.</summary>
    public bool IsPreorder => Flags.Has(AttachFlags.Preorder);

    internal Attachment With(LoadedProgram program, BoundStorages storages) =>
        new(program, Link, Flags, Cgroup, AttachType, storages);
}

/// <summary>The storages of an attachment: one for each kind of storage map that its program has.</summary>
/// <param name="Shared">Of the shared kind, or null.</param>
/// <param name="PerCpu">Of the per-CPU kind, or null.</param>
public sealed record BoundStorages(Storage? Shared, Storage? PerCpu)
{
    /// <summary>Of a program without storage maps.</summary>
    public static BoundStorages None { get; } = new(null, null);
}
