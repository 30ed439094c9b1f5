using System.Buffers.Binary;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Programs;
using Conformance.ReferenceVm.Programs.Events;
using static Conformance.ReferenceVm.Programs.AttachType;

namespace Conformance.Tests.ReferenceVm.Programs;

/// <summary>What the programs of the default events see, field by field (vectors/README.md, measured on a live kernel).</summary>
public sealed class EventContextTests : IDisposable
{
    private const uint OwnPort = 41001;
    private const uint OwnPortOnWire = 0x29a0;
    private const uint PeerPortOnWire = 0x2aa0;
    private const uint Loopback4 = 0x100007f;
    private const uint Loopback6 = 0x1000000;

    private readonly Arena _arena = new(new Limits());
    private readonly Workspace _workspace;

    public EventContextTests() => _workspace = new(_arena, new OpenChoices());

    public void Dispose() => _arena.Dispose();

    [Theory]
    [InlineData(CgroupInetIngress, 1u)]
    [InlineData(CgroupInetEgress, 0u)]
    public void A_packet_is_36_bytes_of_IPv4_UDP_from_the_IP_header(AttachType attachType, uint ingressIfindex) =>
        Shows(
            attachType,
            ("len", 36),
            ("protocol", 8),
            ("ingress_ifindex", ingressIfindex),
            ("ifindex", 1),
            ("family", 2),
            ("local_ip4", Loopback4),
            ("local_port", OwnPort)
        );

    [Theory]
    [InlineData(CgroupInetIngress, 41002, 41001)]
    [InlineData(CgroupInetEgress, 41001, 41002)]
    public void A_packet_has_right_lengths_ports_checksum_and_payload(
        AttachType attachType,
        int source,
        int destination
    )
    {
        Lay(attachType);

        var packet = Data();
        packet.Should().HaveCount(36);
        packet[0].Should().Be(0x45);
        packet[9].Should().Be(17);
        BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2)).Should().Be(36);
        Network.Sum(packet.AsSpan(0, 20)).Should().Be(0xffff, "a header with its checksum sums to all ones");
        BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(20)).Should().Be((ushort)source);
        BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(22)).Should().Be((ushort)destination);
        BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(24)).Should().Be(16);
        packet[28..].Should().Equal("conform!"u8.ToArray());
    }

    [Fact]
    public void An_IPv6_packet_has_its_own_header_and_addresses()
    {
        Lay(CgroupInetEgress, new() { Family = 10, Payload = [1, 2, 3] });

        Shown("__sk_buff", CgroupInetEgress)
            .Should()
            .BeEquivalentTo(
                new Dictionary<string, uint>
                {
                    ["len"] = 51,
                    ["protocol"] = 0xdd86,
                    ["ifindex"] = 1,
                    ["family"] = 10,
                    ["local_ip6[3]"] = Loopback6,
                    ["local_port"] = OwnPort,
                }
            );
        var packet = Data();
        packet[0].Should().Be(0x60);
        BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(4)).Should().Be(11);
        packet[48..].Should().Equal(1, 2, 3);
    }

    [Theory]
    [InlineData(CgroupInetSockCreate)]
    [InlineData(CgroupInetSockRelease)]
    public void A_new_socket_has_no_addresses(AttachType attachType) =>
        Shows(
            attachType,
            ("family", 2),
            ("type", 2),
            ("protocol", 17),
            ("state", 7),
            ("rx_queue_mapping", uint.MaxValue)
        );

    [Fact]
    public void After_bind_the_socket_has_its_port_in_host_order()
    {
        Shows(
            CgroupInet4PostBind,
            ("family", 2),
            ("type", 2),
            ("protocol", 17),
            ("src_ip4", Loopback4),
            ("src_port", OwnPort),
            ("state", 7),
            ("rx_queue_mapping", uint.MaxValue)
        );
        Shows(
            CgroupInet6PostBind,
            ("family", 10),
            ("type", 2),
            ("protocol", 17),
            ("src_ip6[3]", Loopback6),
            ("src_port", OwnPort),
            ("state", 7),
            ("rx_queue_mapping", uint.MaxValue)
        );
    }

    [Fact]
    public void Sock_ops_is_a_listen_callback() =>
        Shows(
            CgroupSockOps,
            ("op", 11),
            ("family", 2),
            ("local_ip4", Loopback4),
            ("local_port", OwnPort),
            ("is_fullsock", 1),
            ("snd_cwnd", 10),
            ("state", 10)
        );

    [Fact]
    public void A_device_is_read_as_character_device_1_3() =>
        Shows(CgroupDevice, ("access_type", 0x20002), ("major", 1), ("minor", 3));

    [Theory]
    [InlineData(CgroupInet4Bind, OwnPortOnWire)]
    [InlineData(CgroupInet4Getsockname, OwnPortOnWire)]
    [InlineData(CgroupInet4Connect, PeerPortOnWire)]
    [InlineData(CgroupUdp4Recvmsg, PeerPortOnWire)]
    [InlineData(CgroupInet4Getpeername, PeerPortOnWire)]
    public void An_IPv4_address_is_in_network_order(AttachType attachType, uint port) =>
        Shows(
            attachType,
            ("user_family", 2),
            ("user_ip4", Loopback4),
            ("user_port", port),
            ("family", 2),
            ("type", 2),
            ("protocol", 17)
        );

    [Theory]
    [InlineData(CgroupInet6Bind, OwnPortOnWire)]
    [InlineData(CgroupInet6Getsockname, OwnPortOnWire)]
    [InlineData(CgroupInet6Connect, PeerPortOnWire)]
    [InlineData(CgroupUdp6Recvmsg, PeerPortOnWire)]
    [InlineData(CgroupInet6Getpeername, PeerPortOnWire)]
    public void An_IPv6_address_is_in_network_order(AttachType attachType, uint port) =>
        Shows(
            attachType,
            ("user_family", 10),
            ("user_ip6[3]", Loopback6),
            ("user_port", port),
            ("family", 10),
            ("type", 2),
            ("protocol", 17)
        );

    [Fact]
    public void Sendmsg_shows_the_source_address_too()
    {
        Shows(
            CgroupUdp4Sendmsg,
            ("user_family", 2),
            ("user_ip4", Loopback4),
            ("user_port", PeerPortOnWire),
            ("family", 2),
            ("type", 2),
            ("protocol", 17),
            ("msg_src_ip4", Loopback4)
        );
        Shows(
            CgroupUdp6Sendmsg,
            ("user_family", 10),
            ("user_ip6[3]", Loopback6),
            ("user_port", PeerPortOnWire),
            ("family", 10),
            ("type", 2),
            ("protocol", 17),
            ("msg_src_ip6[3]", Loopback6)
        );
    }

    [Theory]
    [InlineData(CgroupUnixConnect)]
    [InlineData(CgroupUnixSendmsg)]
    [InlineData(CgroupUnixRecvmsg)]
    [InlineData(CgroupUnixGetpeername)]
    [InlineData(CgroupUnixGetsockname)]
    public void A_Unix_address_has_no_protocol(AttachType attachType)
    {
        Lay(attachType);

        var shown = Shown("bpf_sock_addr", attachType);
        shown.Remove("user_port").Should().BeTrue("it shows bytes of the name");
        shown.Should().BeEquivalentTo(Fields(("user_family", 1), ("family", 1), ("type", 2)));
    }

    [Fact]
    public void A_sysctl_is_read_from_its_start() => Shows(CgroupSysctl);

    [Fact]
    public void Getsockopt_shows_the_kernels_answer()
    {
        Shows(CgroupGetsockopt, ("level", 1), ("optname", 3), ("optlen", 4));

        Data().Should().Equal(2, 0, 0, 0);
    }

    [Fact]
    public void Getsockopt_of_an_unknown_option_starts_with_the_kernels_error()
    {
        var description = EventDescription.Of(CgroupGetsockopt, new() { OptionName = 999 })!;

        EventContexts.Write(_workspace, description).Should().Be(-(int)Errno.ENOPROTOOPT);
    }

    [Fact]
    public void Setsockopt_shows_the_value_in_a_buffer_of_16_bytes()
    {
        Shows(CgroupSetsockopt, ("level", 1), ("optname", 12), ("optlen", 4));

        Data().Should().Equal(3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    [Fact]
    public void An_option_that_means_nothing_to_the_attach_type_is_refused()
    {
        EventDescription.Of(CgroupDevice, new() { Family = 10 }).Should().BeNull();
        EventDescription.Of(CgroupInet4Connect, new() { Family = 10 }).Should().BeNull();
        EventDescription.Of(CgroupSysctl, new() { DeviceAccess = 2 }).Should().BeNull();
        EventDescription.Of(CgroupInetEgress, new() { SocketType = 1 }).Should().BeNull();
        EventDescription.Of(CgroupInetSockCreate, new() { Payload = [1] }).Should().BeNull();
        EventDescription.Of(CgroupInetEgress, new() { Family = 3 }).Should().BeNull();
        EventDescription.Of((AttachType)43, null).Should().BeNull();
    }

    [Fact]
    public void Options_change_what_they_name_and_nothing_else()
    {
        Lay(CgroupInetSockCreate, new() { Family = 10, SocketType = 1 });
        Shown("bpf_sock", CgroupInetSockCreate)
            .Should()
            .BeEquivalentTo(
                Fields(("family", 10), ("type", 1), ("protocol", 6), ("state", 7), ("rx_queue_mapping", uint.MaxValue))
            );

        Lay(CgroupDevice, new() { DeviceAccess = 4 });
        Shown("bpf_cgroup_dev_ctx", CgroupDevice)["access_type"].Should().Be(0x40002);

        Lay(CgroupSysctl, new() { SysctlWrite = true });
        Shown("bpf_sysctl", CgroupSysctl).Should().BeEquivalentTo(Fields(("write", 1)));
    }

    [Fact]
    public void Every_attach_type_has_an_event()
    {
        foreach (var attachType in Enum.GetValues<AttachType>())
        {
            Lay(attachType);
            _workspace.BlockAddress.Should().NotBe(0);
        }
    }

    private static Dictionary<string, uint> Fields(params (string Name, uint Value)[] fields) =>
        fields.ToDictionary(field => field.Name, field => field.Value);

    // The fields that a program of the attach type may read and that are not zero are exactly these.
    private void Shows(AttachType attachType, params (string Name, uint Value)[] fields)
    {
        Lay(attachType);
        var layout = ProgramTypes.Of(ProgramTypes.Of(attachType)!.Value).Context;
        Shown(layout.StructName, attachType)
            .Should()
            .BeEquivalentTo(Fields(fields).Where(field => field.Value != 0).ToDictionary());
    }

    private void Lay(AttachType attachType, EventOptions? options = null) =>
        EventContexts.Write(_workspace, EventDescription.Of(attachType, options)!);

    private Dictionary<string, uint> Shown(string structure, AttachType attachType)
    {
        var layout = ProgramTypes.Of(ProgramTypes.Of(attachType)!.Value).Context;
        layout.StructName.Should().Be(structure);
        var shown = new Dictionary<string, uint>(StringComparer.Ordinal);
        foreach (var field in layout.Fields.Where(field => field.Kind == ContextFieldKind.Scalar))
        {
            for (var offset = field.Offset; offset + 4 <= field.Offset + field.Size; offset += 4)
            {
                var isReadable =
                    field.Permits(offset, 4, write: false, attachType)
                    || field.Permits(offset & ~7, 8, write: false, attachType);
                var value = BinaryPrimitives.ReadUInt32LittleEndian(_workspace.Block[offset..]);
                if (isReadable && value != 0)
                {
                    var name = field.Size > 4 ? $"{field.Name}[{(offset - field.Offset) / 4}]" : field.Name;
                    shown.Add(name, value);
                }
            }
        }

        return shown;
    }

    private byte[] Data() =>
        _arena.Bytes(_workspace.DataAddress, (int)(_workspace.DataEnd - _workspace.DataAddress)).ToArray();
}
