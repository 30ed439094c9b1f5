using System.Buffers.Binary;
using Conformance.ReferenceVm.Programs.Contexts;

namespace Conformance.ReferenceVm.Programs.Events;

/// <summary>A getsockopt or setsockopt call: what programs see, and what the kernel's own handler says.</summary>
internal static class SockoptEvent
{
    /// <summary>Programs see no more than a page of a value.</summary>
    public const int LargestValue = 4096;

    /// <summary>What setsockopt's optlen says to skip the kernel's handler.</summary>
    private const int BypassKernel = -1;

    // The buffer of setsockopt is larger than the value, so that a program may put a longer one in its place.
    private const int SmallestSetBuffer = 16;

    private const int SolSocket = 1;

    /// <summary>Lays out the call; returns what the event returns before any program has run: the kernel's answer for getsockopt, else 0.</summary>
    public static int Write(Workspace workspace, ProgramTypeInfo info, EventDescription e)
    {
        var result = 0;
        if (e.AttachType == AttachType.CgroupGetsockopt)
        {
            var data = workspace.BeginData(e.OptionValue.Length);
            result = Answer(e, data);
        }
        else
        {
            var data = workspace.BeginData(Math.Max(SmallestSetBuffer, e.OptionValue.Length));
            e.OptionValue.CopyTo(data);
        }

        workspace.BeginBlock(info);
        workspace.Set(SockoptContext.Level, (uint)e.Level);
        workspace.Set(SockoptContext.Optname, (uint)e.OptionName);
        workspace.Set(SockoptContext.Optlen, (uint)e.OptionValue.Length);
        SocketImage.Write(workspace.Socket, e, workspace.Open);
        workspace.SetPointer(SockoptContext.SkSlot, workspace.SocketAddress);
        workspace.SetPointer(SockoptContext.OptvalSlot, workspace.DataAddress);
        workspace.SetPointer(SockoptContext.OptvalEndSlot, workspace.DataEnd);
        return result;
    }

    /// <summary>How getsockopt ends when the programs have left <paramref name="retval"/>.</summary>
    public static int EndGet(Workspace workspace, EventDescription e, int retval)
    {
        var length = workspace.Get(SockoptContext.Optlen);
        return retval < 0 ? retval
            : length > e.OptionValue.Length || length < 0 ? -(int)Errno.EFAULT
            : retval;
    }

    /// <summary>How setsockopt ends: refused, skipped, or handed to the kernel as the programs left it.</summary>
    public static int EndSet(Workspace workspace, EventDescription e, int retval)
    {
        if (retval != 0)
        {
            return retval;
        }

        var length = workspace.Get(SockoptContext.Optlen);
        if (length == BypassKernel)
        {
            return 0;
        }

        if (length > Math.Max(SmallestSetBuffer, e.OptionValue.Length) || length < BypassKernel)
        {
            return -(int)Errno.EFAULT;
        }

        // A length of 0 means the caller's own value, unchanged.
        var given = length == 0 ? e.OptionValue.Length : length;
        return Accept(workspace.Get(SockoptContext.Level), workspace.Get(SockoptContext.Optname), given);
    }

    // The options of SOL_SOCKET whose answer the socket of an event determines: SO_TYPE, SO_ERROR, SO_PRIORITY, SO_PROTOCOL, SO_DOMAIN.
    private static int Answer(EventDescription e, Span<byte> value)
    {
        int? answer = (e.Level, e.OptionName) switch
        {
            (SolSocket, 3) => e.SocketType,
            (SolSocket, 4) => 0,
            (SolSocket, 12) => 0,
            (SolSocket, 38) => e.Protocol,
            (SolSocket, 39) => e.Family,
            _ => null,
        };
        if (answer is not { } number)
        {
            return -(int)Errno.ENOPROTOOPT;
        }

        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        bytes[..Math.Min(value.Length, bytes.Length)].CopyTo(value);
        return 0;
    }

    // Options of SOL_SOCKET that take any int: SO_REUSEADDR, SO_BROADCAST, SO_SNDBUF, SO_RCVBUF, SO_KEEPALIVE, SO_PRIORITY,
    // SO_REUSEPORT, SO_MARK.
    private static int Accept(int level, int optname, int length)
    {
        if (level != SolSocket || optname is not (2 or 6 or 7 or 8 or 9 or 12 or 15 or 36))
        {
            return -(int)Errno.ENOPROTOOPT;
        }

        return length < sizeof(int) ? -(int)Errno.EINVAL : 0;
    }
}
