using Conformance.ReferenceVm.Programs.Contexts;

namespace Conformance.ReferenceVm.Programs.Events;

/// <summary>Lays an event out in guest memory.</summary>
internal static class EventContexts
{
    private const uint CharacterDevice = 2;
    private const uint MemMajor = 1;
    private const uint NullMinor = 3;
    private const uint TcpListenCallback = 11;
    private const uint ListeningState = 10;
    private const uint InitialWindow = 10;

    /// <summary>Builds the context; returns what the event returns before any program has run.</summary>
    public static int Write(Workspace workspace, EventDescription e)
    {
        var info = ProgramTypes.Of(e.ProgramType);
        switch (e.ProgramType)
        {
            case ProgramType.CgroupSkb:
                SkBuffEvent.Write(workspace, info, e);
                return 0;
            case ProgramType.CgroupSock:
                SocketImage.Write(workspace.BeginBlock(info), e, workspace.Open);
                return 0;
            case ProgramType.SockOps:
                WriteSockOps(workspace, info, e);
                return 0;
            case ProgramType.CgroupDevice:
                workspace.BeginBlock(info);
                workspace.Set(DeviceContext.AccessType, (uint)e.DeviceAccess << 16 | CharacterDevice);
                workspace.Set(DeviceContext.Major, MemMajor);
                workspace.Set(DeviceContext.Minor, NullMinor);
                return 0;
            case ProgramType.CgroupSockAddr:
                AddressEvent.Write(workspace, info, e);
                return 0;
            case ProgramType.CgroupSysctl:
                workspace.BeginBlock(info);
                workspace.Set(SysctlContext.Write, e.SysctlWrite ? 1u : 0);
                return 0;
            case ProgramType.CgroupSockopt:
                return SockoptEvent.Write(workspace, info, e);
            default:
                throw new InvalidOperationException($"{e.ProgramType} has no events.");
        }
    }

    private static void WriteSockOps(Workspace workspace, ProgramTypeInfo info, EventDescription e)
    {
        var block = workspace.BeginBlock(info);
        workspace.Set(SockOpsContext.Op, TcpListenCallback);
        workspace.Set(SockOpsContext.Family, (uint)e.Family);
        workspace.Set(SockOpsContext.LocalPort, e.LocalPort);
        SocketImage.WriteLoopback(block, e.Family, SockOpsContext.LocalIp4, SockOpsContext.LocalIp6);
        workspace.Set(SockOpsContext.IsFullsock, 1);
        workspace.Set(SockOpsContext.SndCwnd, InitialWindow);
        workspace.Set(SockOpsContext.State, ListeningState);
        workspace.Set(SockOpsContext.RttMin, workspace.Open.ContextWord);
        workspace.Set(SockOpsContext.SndSsthresh, workspace.Open.ContextWord);
        workspace.Set(SockOpsContext.MssCache, workspace.Open.ContextWord);
        SocketImage.Write(workspace.Socket, e, workspace.Open);
        workspace.SetPointer(SockOpsContext.SkSlot, workspace.SocketAddress);
    }
}
