namespace Conformance.Linux.Host;

/// <summary>The setting <c>kernel.unprivileged_bpf_disabled</c>, which is only read.</summary>
internal static class UnprivilegedBpf
{
    private const string Setting = "/proc/sys/kernel/unprivileged_bpf_disabled";

    /// <summary>Whether bpf(2) is open to callers without CAP_BPF.</summary>
    public static bool IsAllowed { get; } = File.Exists(Setting) && File.ReadAllText(Setting).Trim() == "0";
}
