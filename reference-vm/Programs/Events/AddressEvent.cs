using System.Buffers.Binary;
using Conformance.ReferenceVm.Programs.Contexts;

namespace Conformance.ReferenceVm.Programs.Events;

/// <summary>An address given to bind, connect or sendmsg, or returned by recvmsg, getpeername or getsockname.</summary>
internal static class AddressEvent
{
    public static void Write(Workspace workspace, ProgramTypeInfo info, EventDescription e)
    {
        var block = workspace.BeginBlock(info);
        workspace.Set(SockAddrContext.UserFamily, (uint)e.Family);
        workspace.Set(SockAddrContext.Family, (uint)e.Family);
        workspace.Set(SockAddrContext.Type, (uint)e.SocketType);
        workspace.Set(SockAddrContext.Protocol, (uint)e.Protocol);
        if (e.Family == EventDescription.AfUnix)
        {
            // The port overlays the start of the name, which is an abstract one: a zero byte, then letters.
            BinaryPrimitives.WriteUInt16LittleEndian(
                block[SockAddrContext.UserPort..],
                (ushort)(('c' ^ workspace.Open.ContextWord) << 8)
            );
        }
        else
        {
            workspace.Set(SockAddrContext.UserPort, Network.Order(e.AddressPort));
            SocketImage.WriteLoopback(block, e.Family, SockAddrContext.UserIp4, SockAddrContext.UserIp6);
        }

        if (e.AttachType is AttachType.CgroupUdp4Sendmsg or AttachType.CgroupUdp6Sendmsg)
        {
            SocketImage.WriteLoopback(block, e.Family, SockAddrContext.MsgSrcIp4, SockAddrContext.MsgSrcIp6);
        }

        SocketImage.Write(workspace.Socket, e, workspace.Open);
        workspace.SetPointer(SockAddrContext.SkSlot, workspace.SocketAddress);
    }
}
