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
        BoundStorages storages,
        LoadedProgram? binder = null
    )
    {
        Program = program;
        Link = link;
        Flags = flags;
        Cgroup = cgroup;
        AttachType = attachType;
        Storages = storages;
        Binder = binder ?? program;
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

    /// <summary>
    /// The program whose maps the storages lie in: <see cref="Program"/>, except after an update of a link to a program with other
    /// maps. It is held like the program, because with it would go the maps and with them what the program works on.
    /// </summary>
    internal LoadedProgram Binder { get; }

    /// <summary>Whether it runs before those that are not.</summary>
    public bool IsPreorder => Flags.Has(AttachFlags.Preorder);

    /// <summary>The attachment with another program, in the same storages.</summary>
    internal Attachment With(LoadedProgram program) =>
        new(program, Link, Flags, Cgroup, AttachType, Storages, HasMapsOf(program, Binder) ? program : Binder);

    private static bool HasMapsOf(LoadedProgram program, LoadedProgram other) =>
        program.Code.StorageMap(StorageKind.Shared) == other.Code.StorageMap(StorageKind.Shared)
        && program.Code.StorageMap(StorageKind.PerCpu) == other.Code.StorageMap(StorageKind.PerCpu);
}

/// <summary>The storages of an attachment: one for each kind of storage map that its program has.</summary>
/// <param name="Shared">Of the shared kind, or null.</param>
/// <param name="PerCpu">Of the per-CPU kind, or null.</param>
public sealed record BoundStorages(Storage? Shared, Storage? PerCpu)
{
    /// <summary>Of a program without storage maps.</summary>
    public static BoundStorages None { get; } = new(null, null);

    internal IEnumerable<Storage> All => new[] { Shared, PerCpu }.OfType<Storage>();
}
