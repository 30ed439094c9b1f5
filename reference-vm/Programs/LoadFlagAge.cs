namespace Conformance.ReferenceVm.Programs;

/// <summary>A flag of BPF_PROG_LOAD.</summary>
/// <param name="Bit">Its bit of prog_flags.</param>
/// <param name="Name">Its name.</param>
/// <param name="Since">The mainline release that brought it.</param>
public sealed record LoadFlag(uint Bit, string Name, KernelVersion Since);

/// <summary>The flags of BPF_PROG_LOAD and their releases (include/uapi/linux/bpf.h of the releases).</summary>
public static class LoadFlagAge
{
    /// <summary>All of them, oldest first.</summary>
    public static IReadOnlyList<LoadFlag> All { get; } =
    [
        new(0x1, "strict_alignment", new(4, 12)),
        new(0x2, "any_alignment", new(5, 0)),
        new(0x4, "test_rnd_hi32", new(5, 3)),
        new(0x8, "test_state_freq", new(5, 4)),
        new(0x10, "sleepable", new(5, 10)),
        new(0x20, "xdp_has_frags", new(5, 18)),
        new(0x40, "xdp_dev_bound_only", new(6, 3)),
        new(0x80, "test_reg_invariants", new(6, 8)),
    ];
}
