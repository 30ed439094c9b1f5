namespace Conformance.ReferenceVm.Cgroups;

/// <summary>The <c>BPF_F_*</c> bits of attaching, with their Linux numbers.</summary>
[Flags]
#pragma warning disable MA0062 // The names are the kernel's; the bits are all single.
public enum AttachFlags : uint
{
    /// <summary>Mode none: the one program of the cgroup; descendants may attach nothing.</summary>
    None = 0,

    /// <summary>BPF_F_ALLOW_OVERRIDE: the one program; a descendant's takes its place there.</summary>
    AllowOverride = 1,

    /// <summary>BPF_F_ALLOW_MULTI: up to 64 programs, which run besides those of descendants.</summary>
    AllowMulti = 2,

    /// <summary>BPF_F_REPLACE: takes the place of a named program.</summary>
    Replace = 4,

    /// <summary>BPF_F_BEFORE: before the anchor, or first.</summary>
    Before = 8,

    /// <summary>BPF_F_AFTER: behind the anchor, or last.</summary>
    After = 16,

    /// <summary>BPF_F_ID: the anchor is named by its id, not by a descriptor.</summary>
    Id = 32,

    /// <summary>BPF_F_PREORDER: runs before all that are not, ancestors first.</summary>
    Preorder = 64,

    /// <summary>BPF_F_LINK: the anchor is a link.</summary>
    Link = 1 << 13,

    /// <summary>The bits that are the mode of a list.</summary>
    ModeMask = AllowOverride | AllowMulti,

    /// <summary>The bits that say where in the list.</summary>
    AnchorMask = Before | After | Id | Link,

    /// <summary>What BPF_PROG_ATTACH knows.</summary>
    ProgramMask = ModeMask | Replace | AnchorMask | Preorder,

    /// <summary>What BPF_LINK_CREATE knows: a link is always in mode multi.</summary>
    LinkMask = AnchorMask | Preorder,
}
#pragma warning restore MA0062

/// <summary>Questions about attach flags.</summary>
public static class AttachFlagsQuestions
{
    /// <summary>Whether any of some bits is set.</summary>
    public static bool Has(this AttachFlags flags, AttachFlags any) => (flags & any) != AttachFlags.None;
}
