using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Programs.Events;
using static Conformance.ReferenceVm.Programs.AttachType;

namespace Conformance.Tests.ReferenceVm.Programs;

/// <summary>How events end, by what their programs return (kernel-facts (g)).</summary>
public sealed class EventVerdictTests : IDisposable
{
    private const int ENOPROTOOPT = 92;

    private readonly MachineKit _kit = new();
    private readonly int _cgroup;

    public EventVerdictTests() => _cgroup = _kit.Cgroup();

    public void Dispose() => _kit.Dispose();

    [Fact]
    public void An_event_without_programs_completes()
    {
        foreach (var attachType in Enum.GetValues<AttachType>())
        {
            _kit.Fire(_cgroup, attachType).End.Should().Be(EventEnd.Completed);
        }
    }

    [Fact]
    public void An_event_whose_programs_return_1_completes()
    {
        foreach (var attachType in Enum.GetValues<AttachType>())
        {
            Attach(attachType, MachineKit.Returns(1));
            _kit.Fire(_cgroup, attachType).End.Should().Be(EventEnd.Completed, "of {0}", attachType);
        }
    }

    [Theory]
    [InlineData(CgroupInetIngress, EventEnd.Dropped)]
    [InlineData(CgroupInetEgress, EventEnd.Denied)]
    [InlineData(CgroupInetSockCreate, EventEnd.Denied)]
    [InlineData(CgroupInetSockRelease, EventEnd.Completed)]
    [InlineData(CgroupInet4PostBind, EventEnd.Denied)]
    [InlineData(CgroupInet6PostBind, EventEnd.Denied)]
    [InlineData(CgroupSockOps, EventEnd.Completed)]
    [InlineData(CgroupDevice, EventEnd.Denied)]
    [InlineData(CgroupInet4Bind, EventEnd.Denied)]
    [InlineData(CgroupInet6Bind, EventEnd.Denied)]
    [InlineData(CgroupInet4Connect, EventEnd.Denied)]
    [InlineData(CgroupInet6Connect, EventEnd.Denied)]
    [InlineData(CgroupUnixConnect, EventEnd.Denied)]
    [InlineData(CgroupUdp4Sendmsg, EventEnd.Denied)]
    [InlineData(CgroupUdp6Sendmsg, EventEnd.Denied)]
    [InlineData(CgroupUnixSendmsg, EventEnd.Denied)]
    [InlineData(CgroupSysctl, EventEnd.Denied)]
    [InlineData(CgroupGetsockopt, EventEnd.Denied)]
    [InlineData(CgroupSetsockopt, EventEnd.Denied)]
    public void Returning_0_has_the_attach_types_effect(AttachType attachType, EventEnd end)
    {
        Attach(attachType, MachineKit.Returns(0));

        var result = _kit.Fire(_cgroup, attachType);

        result.End.Should().Be(end);
        result.Denial.Should().Be(end == EventEnd.Denied ? Errno.EPERM : Errno.None);
    }

    [Theory]
    [InlineData(0, EventEnd.Denied)]
    [InlineData(1, EventEnd.Completed)]
    [InlineData(2, EventEnd.Dropped)]
    [InlineData(3, EventEnd.Completed)]
    public void Egress_knows_four_verdicts(int value, EventEnd end)
    {
        Attach(CgroupInetEgress, MachineKit.Returns(value));

        _kit.Fire(_cgroup, CgroupInetEgress).End.Should().Be(end);
    }

    [Theory]
    [InlineData(0, EventEnd.Denied)]
    [InlineData(1, EventEnd.Completed)]
    [InlineData(2, EventEnd.Denied)]
    [InlineData(3, EventEnd.Completed)]
    public void Of_what_bind_returns_only_bit_0_denies(int value, EventEnd end)
    {
        Attach(CgroupInet4Bind, MachineKit.Returns(value));

        _kit.Fire(_cgroup, CgroupInet4Bind).End.Should().Be(end);
    }

    [Fact]
    public void Congestion_reported_by_one_program_turns_the_denial_of_another_into_a_drop()
    {
        Attach(CgroupInetEgress, MachineKit.Returns(3));
        Attach(CgroupInetEgress, MachineKit.Returns(0));

        _kit.Fire(_cgroup, CgroupInetEgress).End.Should().Be(EventEnd.Dropped);
    }

    [Fact]
    public void Sock_ops_replies_minus_1_where_a_program_returned_0()
    {
        Attach(CgroupSockOps, "r2 = 7\n*(u32 *)(r1 + 4) = r2\nr0 = 1\nexit");
        _kit.Fire(_cgroup, CgroupSockOps).Reply.Should().Be(7);

        Attach(CgroupSockOps, MachineKit.Returns(0));
        _kit.Fire(_cgroup, CgroupSockOps).Reply.Should().Be(-1);
    }

    [Theory]
    [InlineData("r1 = 0", 1, Errno.None)]
    [InlineData("r1 = -13", 1, Errno.EACCES)]
    [InlineData("r1 = -13", 0, Errno.EACCES)]
    public void Set_retval_decides_against_an_earlier_denial(string value, int returned, Errno denial)
    {
        Attach(CgroupInetSockCreate, MachineKit.Returns(0));
        Attach(CgroupInetSockCreate, $"{value}\ncall bpf_set_retval#187\nr0 = {returned}\nexit");

        _kit.Fire(_cgroup).Denial.Should().Be(denial);
    }

    [Theory]
    [InlineData(CgroupInetSockCreate, 1)]
    [InlineData(CgroupInet4Connect, 7)]
    [InlineData(CgroupDevice, 1)]
    [InlineData(CgroupDevice, -4096)]
    [InlineData(CgroupSysctl, int.MinValue)]
    public void A_result_that_is_neither_zero_nor_an_error_number_is_undefined(AttachType attachType, int result)
    {
        // Callers take it for a descriptor, a length or a pointer.
        Attach(attachType, $"r1 = {result}\ncall bpf_set_retval#187\nr0 = 1\nexit");

        _kit.Fire(_cgroup, attachType).End.Should().Be(EventEnd.Undefined);
    }

    [Fact]
    public void The_last_error_number_denies()
    {
        Attach(CgroupDevice, "r1 = -4095\ncall bpf_set_retval#187\nr0 = 1\nexit");

        ((int)_kit.Fire(_cgroup, CgroupDevice).Denial).Should().Be(4095);
    }

    [Theory]
    [InlineData(-4095, 4095)]
    [InlineData(-4096, (int)Errno.EPERM)]
    [InlineData(-1_198_561_654, (int)Errno.EPERM)]
    [InlineData(7, (int)Errno.EPERM)]
    public void A_result_that_is_no_error_number_does_not_survive_a_denial(int result, int denial)
    {
        Attach(CgroupGetsockopt, $"r2 = {result}\n*(u32 *)(r1 + 36) = r2\nr0 = 0\nexit");

        ((int)_kit.Fire(_cgroup, CgroupGetsockopt).Denial).Should().Be(denial);
    }

    [Fact]
    public void Get_retval_shows_the_denial_of_an_earlier_program()
    {
        var seen = _kit.Map(Conformance.ReferenceVm.Maps.MapType.CgroupStorage, 16, 8);
        Attach(CgroupInetSockCreate, MachineKit.Returns(0));
        var program = _kit.LoadFor(
            CgroupInetSockCreate,
            """
            call bpf_get_retval#186
            r6 = r0
            r1 = map[seen] ll
            r2 = 0
            call bpf_get_local_storage#81
            *(u64 *)(r0 + 0) = r6
            r0 = 1
            exit
            """,
            ("seen", seen)
        );
        _kit.Attach(program, _cgroup);

        _kit.Fire(_cgroup).Denial.Should().Be(Errno.EPERM);

        _kit.Read(seen, _cgroup).Should().Be(unchecked((ulong)-1L));
    }

    [Fact]
    public void Getsockopt_keeps_the_kernels_error_against_a_denial()
    {
        Attach(CgroupGetsockopt, MachineKit.Returns(0));

        var result = _kit.Machine.Fire(_cgroup, CgroupGetsockopt, options: new EventOptions { OptionName = 999 });

        result.Denial.Should().Be((Errno)ENOPROTOOPT);
    }

    [Fact]
    public void Setsockopt_of_an_unknown_option_is_denied_before_the_kernel_sees_it()
    {
        var options = new EventOptions { OptionName = 999 };
        _kit.Machine.Fire(_cgroup, CgroupSetsockopt, options: options).Denial.Should().Be((Errno)ENOPROTOOPT);

        Attach(CgroupSetsockopt, MachineKit.Returns(0));

        _kit.Machine.Fire(_cgroup, CgroupSetsockopt, options: options).Denial.Should().Be(Errno.EPERM);
    }

    [Theory]
    [InlineData(-1, Errno.None)]
    [InlineData(0, Errno.None)]
    [InlineData(16, Errno.None)]
    [InlineData(2, Errno.EINVAL)]
    [InlineData(17, Errno.EFAULT)]
    [InlineData(-2, Errno.EFAULT)]
    public void What_a_program_makes_of_setsockopts_length_is_checked(int length, Errno denial)
    {
        Attach(CgroupSetsockopt, $"r2 = {length}\n*(u32 *)(r1 + 32) = r2\nr0 = 1\nexit");

        _kit.Fire(_cgroup, CgroupSetsockopt).Denial.Should().Be(denial);
    }

    [Theory]
    [InlineData(4, Errno.None)]
    [InlineData(0, Errno.None)]
    [InlineData(5, Errno.EFAULT)]
    [InlineData(-1, Errno.EFAULT)]
    public void What_a_program_makes_of_getsockopts_length_is_checked(int length, Errno denial)
    {
        Attach(CgroupGetsockopt, $"r2 = {length}\n*(u32 *)(r1 + 32) = r2\nr0 = 1\nexit");

        _kit.Fire(_cgroup, CgroupGetsockopt).Denial.Should().Be(denial);
    }

    [Fact]
    public void A_setsockopt_program_may_turn_the_option_into_another()
    {
        Attach(CgroupSetsockopt, "r2 = 999\n*(u32 *)(r1 + 28) = r2\nr0 = 1\nexit");

        _kit.Fire(_cgroup, CgroupSetsockopt).Denial.Should().Be((Errno)ENOPROTOOPT);
    }

    [Fact]
    public void The_return_value_field_of_getsockopt_and_the_helpers_are_one_thing()
    {
        Attach(
            CgroupGetsockopt,
            """
            r6 = r1
            r1 = -22
            call bpf_set_retval#187
            r1 = *(u32 *)(r6 + 36)
            if w1 != -22 goto wrong
            r2 = -13
            *(u32 *)(r6 + 36) = r2
            call bpf_get_retval#186
            if w0 != -13 goto wrong
            r0 = 1
            exit
            wrong:
            r1 = 0
            call bpf_set_retval#187
            r0 = 1
            exit
            """
        );

        _kit.Fire(_cgroup, CgroupGetsockopt).Denial.Should().Be(Errno.EACCES);
    }

    [Fact]
    public void What_one_program_writes_into_the_context_the_next_one_sees()
    {
        Attach(CgroupInetSockCreate, "r2 = 5\n*(u32 *)(r1 + 16) = r2\nr0 = 1\nexit");
        Attach(CgroupInetSockCreate, ReturnsWhether("r2 = *(u32 *)(r1 + 16)", 5));

        _kit.Fire(_cgroup).End.Should().Be(EventEnd.Completed);
    }

    [Fact]
    public void The_control_buffer_of_a_packet_is_each_programs_own()
    {
        Attach(CgroupInetEgress, "r2 = 5\n*(u32 *)(r1 + 48) = r2\n*(u32 *)(r1 + 8) = r2\nr0 = 1\nexit");
        Attach(CgroupInetEgress, ReturnsWhether("r2 = *(u32 *)(r1 + 48)", 0));
        Attach(CgroupInetEgress, ReturnsWhether("r2 = *(u32 *)(r1 + 8)", 5));

        _kit.Fire(_cgroup, CgroupInetEgress).End.Should().Be(EventEnd.Completed);
    }

    [Fact]
    public void The_next_event_starts_with_a_fresh_context()
    {
        Attach(CgroupInetSockCreate, ReturnsWhether("r2 = *(u32 *)(r1 + 16)\nr3 = 5\n*(u32 *)(r1 + 16) = r3", 0));

        _kit.Fire(_cgroup).End.Should().Be(EventEnd.Completed);
        _kit.Fire(_cgroup).End.Should().Be(EventEnd.Completed);
    }

    [Fact]
    public void A_denying_program_does_not_stop_the_ones_behind_it()
    {
        var storage = _kit.StorageMap();
        Attach(CgroupInetSockCreate, MachineKit.Returns(0));
        _kit.Attach(_kit.LoadAdds(1, storage), _cgroup);

        _kit.Fire(_cgroup).Denial.Should().Be(Errno.EPERM);

        _kit.Read(storage, _cgroup).Should().Be(1);
    }

    [Fact]
    public void A_packets_bytes_can_be_read_within_what_was_compared()
    {
        Attach(
            CgroupInetEgress,
            """
            r2 = *(u32 *)(r1 + 76)
            r3 = *(u32 *)(r1 + 80)
            r4 = r2
            r4 += 36
            if r4 > r3 goto refuse
            r5 = *(u8 *)(r2 + 28)
            if r5 != 99 goto refuse
            r0 = 1
            exit
            refuse:
            r0 = 0
            exit
            """
        );

        _kit.Fire(_cgroup, CgroupInetEgress).End.Should().Be(EventEnd.Completed);
    }

    [Fact]
    public void Packets_that_arrive_do_so_in_the_senders_cgroup()
    {
        var map = _kit.StorageMap();
        const string records = """
            call bpf_get_current_cgroup_id#80
            r6 = r0
            r1 = map[storage] ll
            r2 = 0
            call bpf_get_local_storage#81
            *(u64 *)(r0 + 0) = r6
            r0 = 1
            exit
            """;
        foreach (var attachType in new[] { CgroupInetIngress, CgroupInetEgress })
        {
            _kit.Attach(_kit.LoadFor(attachType, records, ("storage", map)), _cgroup, attachType);
            _kit.Fire(_cgroup, attachType);
        }

        _kit.Read(map, _cgroup, CgroupInetEgress).Should().Be(_kit.Machine.CgroupId(_cgroup));
        _kit.Read(map, _cgroup, CgroupInetIngress).Should().Be(1, "the peer is outside, in the root");
    }

    private static string ReturnsWhether(string load, int expected) =>
        $"{load}\nr0 = 1\nif r2 == {expected} goto done\nr0 = 0\ndone:\nexit";

    private void Attach(AttachType attachType, string text) =>
        _kit.Attach(_kit.LoadFor(attachType, text), _cgroup, attachType);
}
