using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Conformance.Linux;
using Conformance.Linux.Host;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.Linux;

/// <summary>An older kernel lacks attach types: its cases are not applicable, and say why.</summary>
public sealed class AttachTypeSupportTests
{
    private static readonly AttachTypeSupport OfLinux54 = AttachTypeSupport.Probe("5.4.290", LoadOnLinux54);

    [Theory]
    [InlineData(AttachType.CgroupUnixConnect, "Linux 5.4.290 has no attach type cgroup_unix_connect (since 6.7)")]
    [InlineData(
        AttachType.CgroupInet4Getpeername,
        "Linux 5.4.290 has no attach type cgroup_inet4_getpeername (since 5.8)"
    )]
    [InlineData(
        AttachType.CgroupInetSockRelease,
        "Linux 5.4.290 has no attach type cgroup_inet_sock_release (since 5.9)"
    )]
    public void An_attach_type_that_came_later_is_named_with_its_release(AttachType type, string sentence)
    {
        Operation[] operations =
        [
            new ProgAttach("p", "a", type),
            new ProgDetach("p", "a", type),
            new LinkCreate("l", "p", "a", type),
            new ProgQuery("a", type),
            new Fire(type, "a"),
            new ProgLoad("p", ProgramTypes.Of(type)!.Value, type, [], []),
        ];

        foreach (var operation in operations)
        {
            var answer = OfLinux54.Refuses(operation);
            answer!.Kind.Should().Be(AnswerKind.Unsupported, $"{operation}");
            answer.Message.Should().Be(sentence);
        }
    }

    [Fact]
    public void What_the_kernel_has_is_left_to_it()
    {
        Operation[] operations =
        [
            new CgroupCreate("a"),
            new ProgAttach("p", "a", AttachType.CgroupSysctl),
            // No kernel takes an attach type of another program type: the refusal is the kernel's to give.
            new ProgLoad("p", ProgramType.CgroupSock, AttachType.CgroupUnixConnect, [], []),
        ];

        operations.Select(OfLinux54.Refuses).Should().OnlyContain(answer => answer == null);
    }

    [Fact]
    public void A_program_type_is_missing_with_its_only_attach_type() =>
        AttachTypeSupport
            .Probe("5.1", (type, _) => type == ProgramType.CgroupSysctl ? Errno.EINVAL : Errno.None)
            .Refuses(new ProgLoad("p", ProgramType.CgroupSysctl, AttachType.CgroupInetIngress, [], []))!
            .Message.Should()
            .Be("Linux 5.1 has no attach type cgroup_sysctl (since 5.2)");

    [Theory]
    [InlineData(Errno.EINVAL, "Linux 6.18 was built without the attach type cgroup_sysctl (in mainline since 5.2)")]
    [InlineData(Errno.EPERM, "Linux 6.18 refuses every program for the attach type cgroup_sysctl (EPERM)")]
    public void A_kernel_that_should_have_it_is_not_called_old(Errno errno, string sentence) =>
        AttachTypeSupport
            .Probe("6.18", (_, _) => errno)
            .Refuses(new Fire(AttachType.CgroupSysctl, "a"))!
            .Message.Should()
            .Be(sentence);

    [Fact]
    public void Cases_of_a_missing_attach_type_are_not_applicable_and_all_others_run()
    {
        using var machine = new OlderKernel();
        var (missing, others) = Outcomes(machine);

        missing.Should().NotBeEmpty();
        missing
            .Should()
            .OnlyContain(result =>
                result.Outcome == CaseOutcome.NotApplicable
                && result.Reason!.StartsWith("Linux 5.4.290 has no attach type ", StringComparison.Ordinal)
            );
        others.Should().NotBeEmpty();
        others.Should().OnlyContain(result => result.Outcome == CaseOutcome.Passed);
    }

    [LiveKernelFact]
    public void The_live_kernel_reports_it_too()
    {
        LinuxVirtualMachine.TryOpen(() => OfLinux54, out var machine).Should().BeNull();
        using (machine)
        {
            var (missing, others) = Outcomes(machine!);
            missing.Should().OnlyContain(result => result.Outcome == CaseOutcome.NotApplicable);
            others.Should().OnlyContain(result => result.Outcome == CaseOutcome.Passed);
        }
    }

    [LiveKernelFact]
    public void The_kernel_of_this_machine_lacks_only_what_is_newer() =>
        Enum.GetValues<AttachType>()
            .Select(type => AttachTypeSupport.OfThisKernel.Refuses(new Fire(type, "a"))?.Message)
            .OfType<string>()
            .Where(reason => !reason.Contains(" has no attach type ", StringComparison.Ordinal))
            .Should()
            .BeEmpty();

    private static (IReadOnlyList<CaseResult> Missing, IReadOnlyList<CaseResult> Others) Outcomes(
        IVirtualMachine machine
    )
    {
        var set = VectorSet.Load(VectorLocation.Find()!).Set!;
        var runner = new Runner(set.Rules);
        var results = set
            .Cases.Where(@case => @case.Id.StartsWith("zeroing.", StringComparison.Ordinal))
            .Select(@case => runner.Run(machine, @case))
            .ToLookup(result => IsNewer(result.Case.Id));
        return ([.. results[true]], [.. results[false]]);
    }

    private static bool IsNewer(string text) =>
        text.Contains("_unix_", StringComparison.Ordinal)
        || text.Contains("sock_release", StringComparison.Ordinal)
        || text.Contains("getpeername", StringComparison.Ordinal)
        || text.Contains("getsockname", StringComparison.Ordinal);

    private static Errno LoadOnLinux54(ProgramType type, AttachType attachType) =>
        IsNewer(Names.Of(attachType)) ? Errno.EINVAL : Errno.None;

    /// <summary>The reference VM behind an older kernel's list of attach types.</summary>
    private sealed class OlderKernel : IVirtualMachine
    {
        private readonly ReferenceVirtualMachine _machine = new();

        public MachineIdentity Identity => _machine.Identity;

        public Answer Perform(Operation operation) => OfLinux54.Refuses(operation) ?? _machine.Perform(operation);

        public void Reset() => _machine.Reset();

        public void Dispose() => _machine.Dispose();
    }
}
