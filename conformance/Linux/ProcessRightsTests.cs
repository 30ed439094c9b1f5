using System.Globalization;
using Conformance.Harness.Rules;
using Conformance.Linux.Calls;
using Conformance.Linux.Host;
using Conformance.ReferenceVm;

namespace Conformance.Tests.Linux;

/// <summary>What is missing is said in one sentence.</summary>
public sealed class ProcessRightsTests
{
    private static readonly KernelVersion Recent = new(6, 18);

    private const ulong Bpf = 1UL << 39;
    private const ulong Perfmon = 1UL << 38;
    private const ulong SysAdmin = 1UL << 21;
    private const ulong NetAdmin = 1UL << 12;

    [Fact]
    public void A_plain_user_is_told_each_capability_and_what_it_is_for() =>
        Of(0, user: 1000)
            .Missing(Recent)
            .Should()
            .Be(
                "this process (user 1000) lacks CAP_BPF (to load programs), CAP_PERFMON (for programs that store pointers), "
                    + "CAP_NET_ADMIN (to attach programs and bring up a loopback), CAP_SYS_ADMIN (for network namespaces): "
                    + "run it as root"
            );

    [Theory]
    [InlineData(Bpf | Perfmon | NetAdmin, "CAP_SYS_ADMIN (for network namespaces)")]
    [InlineData(
        Bpf | NetAdmin,
        "CAP_PERFMON (for programs that store pointers), CAP_SYS_ADMIN (for network namespaces)"
    )]
    [InlineData(SysAdmin, "CAP_NET_ADMIN (to attach programs and bring up a loopback)")]
    [InlineData(SysAdmin | NetAdmin, null)]
    public void A_root_without_all_capabilities_is_told_the_missing_ones(ulong capabilities, string? missing) =>
        Of(capabilities).Missing(Recent).Should().Be(missing is null ? null : $"this process (user 0) lacks {missing}");

    [Fact]
    public void A_kernel_that_does_not_have_a_capability_yet_is_not_asked_for_it() =>
        Of(NetAdmin)
            .Missing(new KernelVersion(5, 7))
            .Should()
            .Be("this process (user 0) lacks CAP_SYS_ADMIN (for network namespaces)");

    [Fact]
    public void Root_in_a_user_namespace_is_not_root() =>
        Of(ulong.MaxValue, ownsUserNamespace: true)
            .Missing(Recent)
            .Should()
            .Be("this process is in a user namespace, where no capability counts for bpf(2): run it outside");

    [Theory]
    [InlineData(Errno.EPERM, true, "the seccomp filter of this process refuses bpf(2) (EPERM)")]
    [InlineData(HostErrno.ENOSYS, true, "the seccomp filter of this process refuses bpf(2) (ENOSYS)")]
    [InlineData(HostErrno.ENOSYS, false, "this kernel has no bpf(2): CONFIG_BPF_SYSCALL is needed")]
    [InlineData(
        Errno.EPERM,
        false,
        "bpf(2) is refused (EPERM) though this process has the capabilities: a security module or lockdown forbids it"
    )]
    [InlineData(
        Errno.EINVAL,
        true,
        "this kernel has no maps of type cgroup_storage: CONFIG_CGROUP_BPF and Linux 4.19 or newer are needed"
    )]
    public void Who_refuses_bpf_is_said(Errno errno, bool filtered, string sentence) =>
        HostKernel.Missing(Of(ulong.MaxValue, filtered: filtered), errno).Should().Be(sentence);

    private static ProcessRights Of(
        ulong capabilities,
        uint user = 0,
        bool ownsUserNamespace = false,
        bool filtered = false
    ) =>
        ProcessRights.Read(
            [
                "Name:\thelper:conformance",
                $"Uid:\t7\t{user}\t7\t7",
                "CapPrm:\t000001ffffffffff",
                $"CapEff:\t{capabilities.ToString("x16", CultureInfo.InvariantCulture)}",
                $"Seccomp:\t{(filtered ? 2 : 0)}",
            ],
            ownsUserNamespace
        );
}
