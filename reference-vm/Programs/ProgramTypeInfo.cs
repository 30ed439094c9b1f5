using Conformance.ReferenceVm.Helpers;

namespace Conformance.ReferenceVm.Programs;

/// <summary>Everything the verifier and the machine know of one program type.</summary>
/// <param name="Type">The type.</param>
/// <param name="Context">Its context.</param>
/// <param name="AttachTypes">The attach types it can be attached to; empty for types that are not cgroup types.</param>
public sealed record ProgramTypeInfo(ProgramType Type, ContextLayout Context, IReadOnlyList<AttachType> AttachTypes)
{
    /// <summary>
    /// Turns the <c>expected_attach_type</c> given at load into the one recorded (0 means SOCK_CREATE for CGROUP_SOCK, for
    /// instance), or null where the load is refused with EINVAL.
    /// </summary>
    public required Func<int, AttachType?> NormalizeExpected { get; init; }

    /// <summary>Smallest and largest return value permitted, by expected attach type.</summary>
    public required Func<AttachType, (int Min, int Max)> ReturnRange { get; init; }

    /// <summary>Whether the helper is offered to this type with this expected attach type.</summary>
    public required Func<HelperId, AttachType, bool> Offers { get; init; }
}
