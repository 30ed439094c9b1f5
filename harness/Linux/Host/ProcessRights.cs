using System.Globalization;
using Conformance.Harness.Rules;
using Conformance.ReferenceVm;

namespace Conformance.Linux.Host;

/// <summary>What this process is permitted, as far as the suite needs it.</summary>
/// <param name="User">The effective user id.</param>
/// <param name="Capabilities">The effective capabilities, bit by bit.</param>
/// <param name="OwnsUserNamespace">Whether it is in a user namespace other than the initial one.</param>
/// <param name="HasSeccompFilter">Whether a filter decides on its system calls.</param>
internal sealed record ProcessRights(uint User, ulong Capabilities, bool OwnsUserNamespace, bool HasSeccompFilter)
{
    // The release in which CAP_BPF and CAP_PERFMON were split from CAP_SYS_ADMIN.
    private static readonly KernelVersion OwnCapabilities = new(5, 8);

    private static readonly (string Name, int Bit, string For)[] Needed =
    [
        ("CAP_BPF", 39, "to load programs"),
        ("CAP_PERFMON", 38, "for programs that store pointers"),
        ("CAP_NET_ADMIN", 12, "to attach programs and bring up a loopback"),
        ("CAP_SYS_ADMIN", SysAdmin, "for network namespaces"),
    ];

    private const int SysAdmin = 21;

    private const int Mknod = 27;

    /// <summary>Whether device nodes may be made.</summary>
    public bool MayMakeNodes => Has(Mknod);

    /// <summary>The rights of this process.</summary>
    public static ProcessRights OfThisProcess()
    {
        // The initial user namespace has this number on every Linux (include/linux/proc_ns.h, PROC_USER_INIT_INO).
        const string InitialUserNamespace = "user:[4026531837]";
        var space = File.ResolveLinkTarget("/proc/self/ns/user", returnFinalTarget: false)?.Name;
        return Read(
            File.ReadLines("/proc/self/status"),
            ownsUserNamespace: space is not null && space != InitialUserNamespace
        );
    }

    internal static ProcessRights Read(IEnumerable<string> status, bool ownsUserNamespace)
    {
        const string Filter = "2";
        var fields = status
            .Select(line => line.Split(':', 2))
            .Where(field => field.Length == 2)
            .ToDictionary(field => field[0], field => field[1].Trim(), StringComparer.Ordinal);
        return new ProcessRights(
            // Real, effective, saved, file system.
            uint.Parse(fields["Uid"].Split('\t')[1], CultureInfo.InvariantCulture),
            ulong.Parse(fields["CapEff"], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            ownsUserNamespace,
            fields.GetValueOrDefault("Seccomp") == Filter
        );
    }

    /// <summary>One sentence that says which rights are missing on a kernel, or null.</summary>
    public string? Missing(KernelVersion kernel)
    {
        if (OwnsUserNamespace)
        {
            return "this process is in a user namespace, where no capability counts for bpf(2): run it outside";
        }

        // CAP_SYS_ADMIN includes the two that were split from it.
        var missing = Needed
            .Where(capability => capability.Bit is SysAdmin or < SysAdmin || kernel >= OwnCapabilities)
            .Where(capability => !Has(capability.Bit) && !(capability.Bit > SysAdmin && Has(SysAdmin)))
            .Select(capability => $"{capability.Name} ({capability.For})")
            .ToList();
        return missing.Count == 0
            ? null
            : $"this process (user {User}) lacks {string.Join(", ", missing)}{(User == 0 ? "" : ": run it as root")}";
    }

    private bool Has(int capability) => (Capabilities >> capability & 1) != 0;
}
