using System.Runtime.InteropServices;
using Conformance.ReferenceVm.Helpers;

namespace Conformance.ReferenceVm.Programs;

/// <summary>The return values a program type permits, both ends included.</summary>
/// <param name="Min">Smallest.</param>
/// <param name="Max">Largest.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ReturnRange(int Min, int Max);

/// <summary>Everything the verifier and the machine know of one program type. <see cref="ProgramTypes"/> holds the table.</summary>
/// <param name="Type">The type.</param>
/// <param name="Context">Its context, with R1 at offset 0.</param>
/// <param name="AttachTypes">The attach types it can be attached to; empty for types that are not cgroup types.</param>
public sealed record ProgramTypeInfo(ProgramType Type, ContextLayout Context, IReadOnlyList<AttachType> AttachTypes)
{
    /// <summary>
    /// Turns the <c>expected_attach_type</c> given at load into the one recorded (0 means SOCK_CREATE for CGROUP_SOCK, for
    /// instance), or null where the load is refused with EINVAL.
    /// </summary>
    public required Func<int, AttachType?> NormalizeExpected { get; init; }

    /// <summary>The return values permitted, by expected attach type; null where nothing is demanded of R0.</summary>
    public required Func<AttachType, ReturnRange?> ReturnRange { get; init; }

    /// <summary>Whether the helper is offered to this type with this expected attach type.</summary>
    public required Func<HelperId, AttachType, bool> Offers { get; init; }

    /// <summary>Whether it is one of the seven types that are attached to cgroups.</summary>
    public bool IsCgroupType => AttachTypes.Count > 0;

    /// <summary>Whether BPF_PROG_TEST_RUN exists for it; ENOTSUPP otherwise.</summary>
    public bool HasTestRun { get; init; }

    /// <summary>
    /// Return values that tie the program to its expected attach type: one that is known to end with such a value somewhere may be
    /// attached nowhere else. For CGROUP_SKB 2 and 3, which mean something for egress only.
    /// </summary>
    public ReturnRange? TyingReturns { get; init; }

    /// <summary>Whether attaching demands the attach type that was expected at load.</summary>
    public bool AttachesOnlyAsExpected { get; init; }
}
