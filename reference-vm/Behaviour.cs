using Conformance.ReferenceVm.Cgroups;

namespace Conformance.ReferenceVm;

/// <summary>
/// What differs between kernel versions, as named members, and what a deliberately wrong machine does differently. Every member is
/// computed from the kernel version, by the release that its description names, so that any patch level can be modelled. What a
/// kernel did against its own memory safety is not: there the machine refuses, whatever the version.
/// </summary>
/// <param name="Name">The profile, for reports.</param>
/// <param name="Kernel">The kernel version modelled, as three numbers.</param>
public sealed partial record Behaviour(string Name, string Kernel)
{
    /// <summary>The first long-term kernel with the helper, at its last patch.</summary>
    public static Behaviour V4_19_325 { get; } = new("4.19", "4.19.325");

    /// <summary>5.9, which gave storages to cgroups instead of attachments, at its last patch.</summary>
    public static Behaviour V5_9_16 { get; } = new("5.9", "5.9.16");

    /// <summary>6.18.44, the patch level that the measurements were made on.</summary>
    public static Behaviour V6_18_44 { get; } = new("6.18", "6.18.44");

    /// <summary>The newest kernel whose behaviour is known: 7.3.4.</summary>
    public static Behaviour Latest { get; } = new("latest", "7.3.4");

    /// <summary>The profiles that have names, oldest first.</summary>
    public static IReadOnlyList<Behaviour> Profiles { get; } = [V4_19_325, V5_9_16, V6_18_44, Latest];

    /// <summary>Whether the flags argument of the helper must be known to be zero. False only in wrong machines.</summary>
    public bool HelperFlagsMustBeZero { get; init; } = true;

    /// <summary>Which storage an attachment works on.</summary>
    public StorageRules Storages { get; init; } = new();

    /// <summary>What no rule fixes.</summary>
    public OpenChoices Open { get; init; } = new();

    /// <summary>The profile that models a kernel: one of <see cref="Profiles"/> where its version is exactly that, else one of its own.</summary>
    /// <param name="kernel">Two or three numbers, for instance 6.18.44; what is no version is taken for the newest.</param>
    public static Behaviour For(string kernel)
    {
        if (!KernelVersion.TryParse(kernel, out var version) || version > Version(Latest))
        {
            return Latest;
        }

        return Profiles.FirstOrDefault(profile => Version(profile) == version)
            ?? new Behaviour(version.ToString(), version.ToString());
    }

    private static KernelVersion Version(Behaviour behaviour) =>
        KernelVersion.TryParse(behaviour.Kernel, out var version) ? version : default;

    // A version that cannot be read is today's.
    private static bool Has(string kernel, KernelVersion since, params IReadOnlyList<KernelVersion> stable) =>
        !KernelVersion.TryParse(kernel, out var version) || version.Has(since, stable);
}
