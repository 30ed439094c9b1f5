using System.Globalization;
using System.Runtime.InteropServices;
using Conformance.Linux.Bpf;
using Conformance.Linux.Calls;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using ProcessorArchitecture = System.Runtime.InteropServices.Architecture;

namespace Conformance.Linux;

/// <summary>What this kernel is, and what it lacks.</summary>
internal static class HostKernel
{
    /// <summary>One sentence that says what is missing, or null where the kernel can be used.</summary>
    public static string? Missing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "this is not Linux";
        }

        var probe = BpfCall.MapCreate((uint)MapType.CgroupStorage, 16, 8, 0, 0, default);
        if (probe >= 0)
        {
            _ = Libc.Close(probe);
            return null;
        }

        return (Errno)(-probe) == Errno.EPERM
            ? "no permission to use bpf(2): CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON are needed"
            : $"the kernel does not create maps of type cgroup_storage ({(Errno)(-probe)}): CONFIG_CGROUP_BPF is needed";
    }

    // "0-3" or "0"; the list may have holes only on machines that hot-plug.
    public static int PossibleCpus()
    {
        var text = File.ReadAllText("/sys/devices/system/cpu/possible").Trim();
        return int.Parse(text[(text.LastIndexOfAny(['-', ',']) + 1)..], CultureInfo.InvariantCulture) + 1;
    }

    // As uname(2) spells them.
    public static string Architecture() =>
        RuntimeInformation.OSArchitecture switch
        {
            ProcessorArchitecture.X64 => "x86_64",
            ProcessorArchitecture.X86 => "i686",
            ProcessorArchitecture.Arm64 => "aarch64",
            ProcessorArchitecture.Arm => "armv7l",
            ProcessorArchitecture.Ppc64le => "ppc64le",
            ProcessorArchitecture.S390x => "s390x",
            var other => other.ToString().ToLowerInvariant(), // riscv64, loongarch64
        };

    // Numbers only: "6.18.44-some-vendor" is 6.18.44.
    public static string Release()
    {
        var text = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var end = text.AsSpan().IndexOfAnyExcept("0123456789.");
        return end < 0 ? text : text[..end].TrimEnd('.');
    }
}
