using System.Globalization;
using System.Runtime.InteropServices;
using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.Linux.Bpf;
using Conformance.Linux.Calls;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using ProcessorArchitecture = System.Runtime.InteropServices.Architecture;

namespace Conformance.Linux.Host;

/// <summary>What this kernel is, and what it lacks.</summary>
internal static class HostKernel
{
    /// <summary>One sentence that says what is missing to use bpf(2), or null where nothing is.</summary>
    public static string? Missing()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "this is not Linux";
        }

        _ = KernelVersion.TryParse(Release(), out var kernel);
        var rights = ProcessRights.OfThisProcess();
        if (rights.Missing(kernel) is { } right)
        {
            return right;
        }

        LiftMemoryLimit(kernel);
        var map = BpfCall.MapCreate(new MapCreate("probe", MapType.CgroupStorage, 16, 8, 0), 0, default);
        if (map >= 0)
        {
            _ = Libc.Close(map);
            return null;
        }

        return Missing(rights, (Errno)(-map));
    }

    /// <summary>Why a process that has the rights cannot create the plainest map of the helper.</summary>
    internal static string Missing(ProcessRights rights, Errno mapCreation) =>
        mapCreation switch
        {
            HostErrno.ENOSYS or Errno.EPERM when rights.HasSeccompFilter =>
                $"the seccomp filter of this process refuses bpf(2) ({HostErrno.Name(mapCreation)})",
            HostErrno.ENOSYS => "this kernel has no bpf(2): CONFIG_BPF_SYSCALL is needed",
            Errno.EPERM =>
                "bpf(2) is refused (EPERM) though this process has the capabilities: a security module or lockdown forbids it",
            Errno.EINVAL =>
                "this kernel has no maps of type cgroup_storage: CONFIG_CGROUP_BPF and Linux 4.19 or newer are needed",
            _ => $"this kernel does not create a map of type cgroup_storage ({HostErrno.Name(mapCreation)})",
        };

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

    // Before 5.11 maps and programs count as locked memory, of which a process may have 64 KiB by default.
    private static unsafe void LiftMemoryLimit(KernelVersion kernel)
    {
        const int LockedMemory = 8;
        var limit = stackalloc ulong[] { ulong.MaxValue, ulong.MaxValue };
        if (kernel < new KernelVersion(5, 11))
        {
            _ = Libc.SetResourceLimit(LockedMemory, limit);
        }
    }
}
