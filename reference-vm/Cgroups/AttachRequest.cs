using System.Runtime.InteropServices;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Cgroups;

/// <summary>What is to be attached, and where in the list.</summary>
/// <param name="Program">The program.</param>
/// <param name="Flags">How; for links <see cref="AttachFlags.AllowMulti"/> is among them.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AttachRequest(LoadedProgram Program, AttachFlags Flags)
{
    /// <summary>The link that is being created, or null.</summary>
    public Link? Link { get; init; }

    /// <summary>The program whose place is taken, with <see cref="AttachFlags.Replace"/>.</summary>
    public LoadedProgram? Replaced { get; init; }

    /// <summary>What <see cref="AttachFlags.Before"/> and <see cref="AttachFlags.After"/> refer to.</summary>
    public Anchor Anchor { get; init; }

    /// <summary>The revision that the list must have; 0 demands none.</summary>
    public ulong ExpectedRevision { get; init; }
}

/// <summary>The neighbour that a new attachment is placed next to.</summary>
/// <param name="IsNamed">Whether the caller gave a descriptor or id other than 0.</param>
/// <param name="Program">The program it names.</param>
/// <param name="Link">The link it names.</param>
/// <param name="Error">Why it names nothing. Reported only when the place is looked for, after the checks of mode and number.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Anchor(
    bool IsNamed,
    LoadedProgram? Program = null,
    Link? Link = null,
    Errno Error = Errno.None
);
