using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Cgroups;

/// <summary>
/// A link: an attachment that belongs to a descriptor. It goes with its last descriptor, and keeps existing without effect when it is
/// detached or its cgroup is removed.
/// </summary>
public sealed class Link
{
    internal Link(int id, LoadedProgram program, AttachType attachType)
    {
        Id = id;
        Program = program;
        AttachType = attachType;
    }

    /// <summary>The machine-wide id, from 1.</summary>
    public int Id { get; }

    /// <summary>The program it holds now.</summary>
    public LoadedProgram Program { get; internal set; }

    /// <summary>Where it is attached, or was.</summary>
    public AttachType AttachType { get; }

    /// <summary>The cgroup it is attached to; null once it is detached or the cgroup is gone.</summary>
    public Cgroup? Cgroup { get; internal set; }
}
