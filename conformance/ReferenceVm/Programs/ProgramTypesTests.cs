using Conformance.ReferenceVm.Helpers;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.ReferenceVm.Programs;

public sealed class ProgramTypesTests
{
    private static readonly AttachType[] ReportsOnly =
    [
        AttachType.CgroupUdp4Recvmsg,
        AttachType.CgroupUdp6Recvmsg,
        AttachType.CgroupUnixRecvmsg,
        AttachType.CgroupInet4Getpeername,
        AttachType.CgroupInet6Getpeername,
        AttachType.CgroupUnixGetpeername,
        AttachType.CgroupInet4Getsockname,
        AttachType.CgroupInet6Getsockname,
        AttachType.CgroupUnixGetsockname,
    ];

    [Fact]
    public void Seven_types_share_all_28_attach_types()
    {
        var cgroupTypes = ProgramTypes.All.Where(info => info.IsCgroupType).ToList();

        cgroupTypes.Should().HaveCount(7);
        cgroupTypes.SelectMany(info => info.AttachTypes).Should().BeEquivalentTo(Enum.GetValues<AttachType>());
    }

    [Fact]
    public void Every_attach_type_leads_back_to_its_program_type()
    {
        foreach (var info in ProgramTypes.All)
        {
            foreach (var attachType in info.AttachTypes)
            {
                ProgramTypes.Of(attachType).Should().Be(info.Type);
            }
        }
    }

    [Fact]
    public void The_helper_is_offered_to_every_cgroup_type_and_to_no_other()
    {
        foreach (var info in ProgramTypes.All)
        {
            info.Offers(HelperId.GetLocalStorage, info.AttachTypes.FirstOrDefault()).Should().Be(info.IsCgroupType);
        }
    }

    [Theory]
    [InlineData(ProgramType.CgroupSkb, 0, 0)]
    [InlineData(ProgramType.CgroupSkb, 1, 1)]
    [InlineData(ProgramType.CgroupSkb, 2, null)]
    [InlineData(ProgramType.CgroupSock, 0, 2)]
    [InlineData(ProgramType.CgroupSock, 34, 34)]
    [InlineData(ProgramType.CgroupSock, 3, null)]
    [InlineData(ProgramType.CgroupSockAddr, 0, null)]
    [InlineData(ProgramType.CgroupSockAddr, 53, 53)]
    [InlineData(ProgramType.CgroupSockopt, 0, null)]
    [InlineData(ProgramType.CgroupSockopt, 22, 22)]
    [InlineData(ProgramType.SockOps, 77, 77)]
    [InlineData(ProgramType.CgroupDevice, 0, 0)]
    [InlineData(ProgramType.CgroupSysctl, 18, 18)]
    public void The_expected_attach_type_is_normalised_or_refused(ProgramType type, int given, int? recorded) =>
        ((int?)ProgramTypes.Of(type).NormalizeExpected(given)).Should().Be(recorded);

    [Fact]
    public void Return_ranges_are_those_of_the_attach_type()
    {
        foreach (var info in ProgramTypes.All.Where(info => info.IsCgroupType))
        {
            foreach (var attachType in info.AttachTypes)
            {
                var expected =
                    ReportsOnly.Contains(attachType) ? new ReturnRange(1, 1)
                    : attachType
                        is AttachType.CgroupInetEgress
                            or AttachType.CgroupInet4Bind
                            or AttachType.CgroupInet6Bind
                        ? new ReturnRange(0, 3)
                    : new ReturnRange(0, 1);
                info.ReturnRange(attachType).Should().Be(expected, "of {0}", attachType);
            }
        }
    }

    [Fact]
    public void Where_an_event_cannot_fail_its_programs_have_no_return_value_to_get_or_set()
    {
        AttachType[] without =
        [
            AttachType.CgroupInetIngress,
            AttachType.CgroupInetEgress,
            AttachType.CgroupSockOps,
            .. ReportsOnly,
        ];
        foreach (var attachType in Enum.GetValues<AttachType>())
        {
            var info = ProgramTypes.Of(ProgramTypes.Of(attachType)!.Value);
            info.Offers(HelperId.GetRetval, attachType).Should().Be(!without.Contains(attachType));
            info.Offers(HelperId.SetRetval, attachType).Should().Be(!without.Contains(attachType));
        }
    }

    [Fact]
    public void A_sysctl_program_loaded_with_0_may_not_get_the_return_value()
    {
        var sysctl = ProgramTypes.Of(ProgramType.CgroupSysctl);

        sysctl.Offers(HelperId.GetRetval, default).Should().BeFalse();
        sysctl.Offers(HelperId.GetRetval, AttachType.CgroupSysctl).Should().BeTrue();
    }

    [Fact]
    public void Only_packets_can_be_test_run() =>
        ProgramTypes.All.Where(info => info.HasTestRun).Select(info => info.Type).Should().Equal(ProgramType.CgroupSkb);

    [Fact]
    public void Fields_lie_within_their_structure_and_pointer_slots_behind_it()
    {
        foreach (var context in ProgramTypes.All.Select(info => info.Context))
        {
            foreach (var field in context.Fields)
            {
                (field.Offset + field.Size).Should().BeLessThanOrEqualTo(context.Size, field.Name);
                if (field.PointerSlot >= 0)
                {
                    field.PointerSlot.Should().BeGreaterThanOrEqualTo(context.Size, field.Name);
                    (field.PointerSlot + 8).Should().BeLessThanOrEqualTo(context.BlockSize, field.Name);
                }
            }
        }
    }

    [Theory]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 0, 1, false, "len")]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 2, 2, false, "len")]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 0, 8, false, null)]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 0, 4, true, null)]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 8, 4, true, "mark")]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 8, 1, true, null)]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 48, 8, true, "cb")]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 64, 8, true, null)]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 72, 4, false, null)]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 76, 4, false, "data")]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 76, 8, false, null)]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 140, 4, false, null)]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 144, 8, false, null)]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 152, 8, true, "tstamp")]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress, 180, 1, false, null)]
    [InlineData(ProgramType.CgroupSock, AttachType.CgroupInetSockCreate, 16, 4, true, "mark")]
    [InlineData(ProgramType.CgroupSock, AttachType.CgroupInet4PostBind, 16, 4, false, null)]
    [InlineData(ProgramType.CgroupSock, AttachType.CgroupInet4PostBind, 24, 4, false, "src_ip4")]
    [InlineData(ProgramType.CgroupSock, AttachType.CgroupInet6PostBind, 24, 4, false, null)]
    [InlineData(ProgramType.CgroupSock, AttachType.CgroupInet6PostBind, 40, 1, false, "src_ip6")]
    [InlineData(ProgramType.CgroupSock, AttachType.CgroupInetSockCreate, 44, 4, false, null)]
    [InlineData(ProgramType.CgroupSock, AttachType.CgroupInet4PostBind, 48, 4, false, "dst_port")]
    [InlineData(ProgramType.CgroupSock, AttachType.CgroupInet4PostBind, 50, 2, false, null)]
    [InlineData(ProgramType.CgroupSock, AttachType.CgroupInetSockCreate, 5, 1, false, null)]
    [InlineData(ProgramType.SockOps, AttachType.CgroupSockOps, 4, 4, true, "reply")]
    [InlineData(ProgramType.SockOps, AttachType.CgroupSockOps, 8, 4, true, null)]
    [InlineData(ProgramType.SockOps, AttachType.CgroupSockOps, 88, 4, false, "state")]
    [InlineData(ProgramType.SockOps, AttachType.CgroupSockOps, 168, 8, false, "bytes_received")]
    [InlineData(ProgramType.SockOps, AttachType.CgroupSockOps, 168, 4, false, null)]
    [InlineData(ProgramType.CgroupDevice, AttachType.CgroupDevice, 2, 2, false, "access_type")]
    [InlineData(ProgramType.CgroupDevice, AttachType.CgroupDevice, 4, 2, false, null)]
    [InlineData(ProgramType.CgroupDevice, AttachType.CgroupDevice, 4, 4, true, null)]
    [InlineData(ProgramType.CgroupSockAddr, AttachType.CgroupInet4Connect, 4, 4, true, "user_ip4")]
    [InlineData(ProgramType.CgroupSockAddr, AttachType.CgroupInet6Connect, 4, 4, false, null)]
    [InlineData(ProgramType.CgroupSockAddr, AttachType.CgroupInet6Connect, 16, 8, true, "user_ip6")]
    [InlineData(ProgramType.CgroupSockAddr, AttachType.CgroupInet6Connect, 12, 8, false, null)]
    [InlineData(ProgramType.CgroupSockAddr, AttachType.CgroupInet4Connect, 40, 4, false, null)]
    [InlineData(ProgramType.CgroupSockAddr, AttachType.CgroupUdp4Sendmsg, 40, 4, true, "msg_src_ip4")]
    [InlineData(ProgramType.CgroupSockAddr, AttachType.CgroupUdp6Sendmsg, 44, 8, false, null)]
    [InlineData(ProgramType.CgroupSockAddr, AttachType.CgroupUnixConnect, 24, 4, true, "user_port")]
    [InlineData(ProgramType.CgroupSockAddr, AttachType.CgroupInet4Connect, 28, 2, false, null)]
    [InlineData(ProgramType.CgroupSysctl, AttachType.CgroupSysctl, 0, 4, true, null)]
    [InlineData(ProgramType.CgroupSysctl, AttachType.CgroupSysctl, 4, 4, true, "file_pos")]
    [InlineData(ProgramType.CgroupSysctl, AttachType.CgroupSysctl, 6, 2, false, "file_pos")]
    [InlineData(ProgramType.CgroupSockopt, AttachType.CgroupSetsockopt, 24, 4, true, "level")]
    [InlineData(ProgramType.CgroupSockopt, AttachType.CgroupGetsockopt, 24, 4, true, null)]
    [InlineData(ProgramType.CgroupSockopt, AttachType.CgroupGetsockopt, 36, 4, true, "retval")]
    [InlineData(ProgramType.CgroupSockopt, AttachType.CgroupSetsockopt, 36, 4, false, null)]
    [InlineData(ProgramType.CgroupSockopt, AttachType.CgroupGetsockopt, 32, 4, true, "optlen")]
    [InlineData(ProgramType.CgroupSockopt, AttachType.CgroupGetsockopt, 8, 8, false, "optval")]
    public void An_access_finds_its_field_or_is_refused(
        ProgramType type,
        AttachType expected,
        int offset,
        int size,
        bool write,
        string? field
    ) => ProgramTypes.Of(type).Context.Find(offset, size, write, expected)?.Name.Should().Be(field);

    [Fact]
    public void No_access_before_or_behind_a_context_finds_a_field()
    {
        foreach (var info in ProgramTypes.All)
        {
            foreach (var size in new[] { 1, 2, 4, 8 })
            {
                info.Context.Find(-size, size, false, default).Should().BeNull();
                info.Context.Find(info.Context.Size, size, false, default).Should().BeNull();
                info.Context.Find(int.MaxValue - 7, size, false, default).Should().BeNull();
            }
        }
    }
}
