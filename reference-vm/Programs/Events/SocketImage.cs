using System.Buffers.Binary;
using Conformance.ReferenceVm.Programs.Contexts;

namespace Conformance.ReferenceVm.Programs.Events;

/// <summary>Lays out <c>struct bpf_sock</c> for the cgroup's socket.</summary>
internal static class SocketImage
{
    // Numbers of the TCP state machine, which UDP sockets use too.
    private const uint Established = 1;
    private const uint Closed = 7;
    private const uint Listening = 10;
    private const uint LoopbackOfIp6 = 0x0600_007f;
    private const uint NoQueue = 0xffff_ffff;

    public static void Write(Span<byte> socket, EventDescription e, OpenChoices open)
    {
        socket[..SockContext.Size].Clear();
        Set(socket, SockContext.Family, (uint)e.Family);
        Set(socket, SockContext.Type, (uint)e.SocketType);
        Set(socket, SockContext.Protocol, (uint)e.Protocol);
        // A Unix socket has no ports.
        var isInternet = e.Family != EventDescription.AfUnix;
        if (isInternet && e.LocalPort != 0)
        {
            Set(socket, SockContext.SrcPort, e.LocalPort);
            WriteLoopback(socket, e.Family, SockContext.SrcIp4, SockContext.SrcIp6);
            if (e.Family == EventDescription.AfInet6)
            {
                // What Linux keeps there for a socket bound to ::1 (measured).
                Set(socket, SockContext.SrcIp4, LoopbackOfIp6);
            }
        }

        if (isInternet && e.ConnectedPort != 0)
        {
            WriteLoopback(socket, e.Family, SockContext.DstIp4, SockContext.DstIp6);
            BinaryPrimitives.WriteUInt16BigEndian(socket[SockContext.DstPort..], e.ConnectedPort);
        }

        var state =
            e.AttachType == AttachType.CgroupSockOps ? Listening
            : e.ConnectedPort != 0 ? Established
            : Closed;
        Set(socket, SockContext.State, state);
        Set(socket, SockContext.RxQueueMapping, NoQueue ^ open.ContextWord);
    }

    public static void WriteLoopback(Span<byte> structure, int family, int ip4, int ip6)
    {
        if (family == EventDescription.AfInet)
        {
            Set(structure, ip4, Network.Loopback4);
        }
        else if (family == EventDescription.AfInet6)
        {
            Network.WriteLoopback6(structure[ip6..]);
        }
    }

    private static void Set(Span<byte> structure, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(structure[offset..], value);
}
