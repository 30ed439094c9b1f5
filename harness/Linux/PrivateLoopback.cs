using Conformance.Linux.Calls;
using Conformance.Linux.Events;
using Conformance.ReferenceVm;

namespace Conformance.Linux;

/// <summary>A network of the calling thread's own: a new network namespace with nothing but loopback.</summary>
internal static unsafe class PrivateLoopback
{
    /// <summary>Moves the calling thread into one. Throws an <see cref="IOException"/> that says what is missing.</summary>
    public static void Open()
    {
        const int SetInterfaceFlags = 0x8914;
        const int UpAndRunning = 0x41;
        if (Libc.Unshare(Libc.CLONE_NEWNET) < 0)
        {
            throw new IOException(Reason(Libc.LastErrno));
        }

        using var socket = new Descriptor(Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0));
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        request[0] = (byte)'l';
        request[1] = (byte)'o';
        *(short*)(request + 16) = UpAndRunning;
        if (Libc.Ioctl(socket.Number, SetInterfaceFlags, request) < 0)
        {
            throw new IOException($"cannot bring up the loopback of a network namespace ({Error})");
        }
    }

    /// <summary>One sentence that says why IPv6 cannot be used in the calling thread's network, or null.</summary>
    public static string? MissingIpv6()
    {
        using var socket = Sockets.Open(Libc.AF_INET6, Libc.SOCK_DGRAM);
        if (!socket.IsOpen)
        {
            return $"this kernel has no IPv6 ({Error})";
        }

        return Sockets.Bind(socket, Address.Own(Libc.AF_INET6)) == Errno.None
            ? null
            : $"IPv6 is disabled in new network namespaces (binding to ::1: {Error})";
    }

    private static string Error => HostErrno.Name(Libc.LastErrno);

    private static string Reason(Errno errno) =>
        errno switch
        {
            Errno.EINVAL => "this kernel has no network namespaces: CONFIG_NET_NS is needed",
            Errno.ENOSPC => "no further network namespace is permitted (user.max_net_namespaces)",
            _ =>
                $"a network namespace cannot be opened ({HostErrno.Name(errno)}): a seccomp filter or a security module forbids it",
        };
}
