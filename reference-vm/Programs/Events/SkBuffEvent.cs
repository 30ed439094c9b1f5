using System.Buffers.Binary;
using Conformance.ReferenceVm.Programs.Contexts;

namespace Conformance.ReferenceVm.Programs.Events;

/// <summary>A UDP packet on the loopback device, as CGROUP_SKB programs see it: the data begins at the IP header.</summary>
internal static class SkBuffEvent
{
    /// <summary>More than fits into an IPv4 packet is no packet.</summary>
    public const int LargestPayload = 65535 - Ip4Header - UdpHeader;

    private const int Ip4Header = 20;
    private const int Ip6Header = 40;
    private const int UdpHeader = 8;
    private const int CbSize = 20;
    private const byte Udp = 17;
    private const byte TimeToLive = 64;
    private const ushort DoNotFragment = 0x4000;
    private const ushort EtherTypeIp4 = 0x0800;
    private const ushort EtherTypeIp6 = 0x86dd;
    private const int EthernetHeader = 14;
    private const uint LoopbackIfindex = 1;

    public static void Write(Workspace workspace, ProgramTypeInfo info, EventDescription e)
    {
        var isIp4 = e.Family == EventDescription.AfInet;
        var header = isIp4 ? Ip4Header : Ip6Header;
        var packet = workspace.BeginData(header + UdpHeader + e.Payload.Length);
        if (isIp4)
        {
            WriteIp4(packet, workspace.Open.PacketId);
        }
        else
        {
            WriteIp6(packet);
        }

        WriteUdp(packet, header, e);
        WriteFields(workspace, info, (uint)packet.Length, isIp4 ? EtherTypeIp4 : EtherTypeIp6);
        SocketImage.Write(workspace.Socket, e, workspace.Open);
        workspace.Set(SkBuffContext.IngressIfindex, e.AttachType == AttachType.CgroupInetIngress ? LoopbackIfindex : 0);
        workspace.Set(SkBuffContext.Family, (uint)e.Family);
        workspace.Set(SkBuffContext.LocalPort, e.LocalPort);
        SocketImage.WriteLoopback(workspace.Block, e.Family, SkBuffContext.LocalIp4, SkBuffContext.LocalIp6);
    }

    /// <summary>The frame of a test run: an Ethernet header, which decides the protocol and is not part of the data, then the packet.</summary>
    public static void WriteFrame(Workspace workspace, ProgramTypeInfo info, ReadOnlySpan<byte> frame)
    {
        var packet = workspace.BeginData(frame.Length - EthernetHeader);
        frame[EthernetHeader..].CopyTo(packet);
        var protocol = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        WriteFields(workspace, info, (uint)packet.Length, protocol);
        workspace.Set(SkBuffContext.PktType, PacketType(frame));
        workspace.Socket.Clear();
        if (protocol == EtherTypeIp4 && packet.Length >= Ip4Header)
        {
            workspace.Set(SkBuffContext.Family, EventDescription.AfInet);
            packet.Slice(12, 4).CopyTo(workspace.Block[SkBuffContext.LocalIp4..]);
            packet.Slice(16, 4).CopyTo(workspace.Block[SkBuffContext.RemoteIp4..]);
        }
        else if (protocol == EtherTypeIp6 && packet.Length >= Ip6Header)
        {
            workspace.Set(SkBuffContext.Family, EventDescription.AfInet6);
            packet.Slice(8, 16).CopyTo(workspace.Block[SkBuffContext.LocalIp6..]);
            packet.Slice(24, 16).CopyTo(workspace.Block[SkBuffContext.RemoteIp6..]);
        }
    }

    /// <summary>The control buffer is each program's own: zero when it starts, gone when it ends.</summary>
    public static void ClearControlBuffer(Workspace workspace) =>
        workspace.Block.Slice(SkBuffContext.Cb, CbSize).Clear();

    private static void WriteFields(Workspace workspace, ProgramTypeInfo info, uint length, ushort protocol)
    {
        workspace.BeginBlock(info);
        workspace.Set(SkBuffContext.Len, length);
        workspace.Set(SkBuffContext.Protocol, Network.Order(protocol));
        workspace.Set(SkBuffContext.Ifindex, LoopbackIfindex);
        workspace.SetPointer(SkBuffContext.DataSlot, workspace.DataAddress);
        workspace.SetPointer(SkBuffContext.DataEndSlot, workspace.DataEnd);
        workspace.SetPointer(SkBuffContext.SkSlot, workspace.SocketAddress);
    }

    private static void WriteIp4(Span<byte> packet, ushort id)
    {
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], id);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], DoNotFragment);
        packet[8] = TimeToLive;
        packet[9] = Udp;
        BinaryPrimitives.WriteUInt32LittleEndian(packet[12..], Network.Loopback4);
        BinaryPrimitives.WriteUInt32LittleEndian(packet[16..], Network.Loopback4);
        var sum = (ushort)~Network.Sum(packet[..Ip4Header]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], sum);
    }

    private static void WriteIp6(Span<byte> packet)
    {
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - Ip6Header));
        packet[6] = Udp;
        packet[7] = TimeToLive;
        Network.WriteLoopback6(packet[8..]);
        Network.WriteLoopback6(packet[24..]);
    }

    // On the loopback device the checksum stays partial: the sum of the pseudo-header, which nobody completes.
    private static void WriteUdp(Span<byte> packet, int header, EventDescription e)
    {
        var udp = packet[header..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, e.PacketSource);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], e.PacketDestination);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        var addresses = header == Ip4Header ? packet.Slice(12, 8) : packet.Slice(8, 32);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], Network.Sum(addresses, Udp + (uint)udp.Length));
        e.Payload.CopyTo(udp[UdpHeader..]);
    }

    // By the destination address, against the loopback device's own, which is zero.
    private static uint PacketType(ReadOnlySpan<byte> frame)
    {
        const uint host = 0;
        const uint broadcast = 1;
        const uint multicast = 2;
        const uint otherHost = 3;
        var destination = frame[..6];
        return (destination[0] & 1) != 0 ? (destination.IndexOfAnyExcept((byte)0xff) < 0 ? broadcast : multicast)
            : destination.IndexOfAnyExcept((byte)0) < 0 ? host
            : otherHost;
    }
}
