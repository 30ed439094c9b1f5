using Conformance.Linux.Calls;
using Conformance.ReferenceVm;

namespace Conformance.Linux.Events;

/// <summary>Raw sockets: the framework's own make extra system calls, which extra hooks would see.</summary>
internal static unsafe class Sockets
{
    /// <summary>The payload of the default events: "conform!".</summary>
    public static ReadOnlySpan<byte> Payload => "conform!"u8;

    /// <summary>A new socket; not open where the call failed.</summary>
    public static Descriptor Open(int family, int type) => new(Libc.Socket(family, type | Libc.SOCK_CLOEXEC, 0));

    /// <summary>A socket that a case needs but is not about: failing to get it is an error of the test's own.</summary>
    public static Descriptor Require(int family, int type)
    {
        var socket = Open(family, type);
        return socket.IsOpen ? socket : throw Failed("socket");
    }

    /// <summary>A socket bound to an address. No option is set on it: that would be an event of its own.</summary>
    public static Descriptor Bound(int family, int type, byte[] address)
    {
        var socket = Require(family, type);
        return Bind(socket, address) == Errno.None ? socket : throw Failed("bind");
    }

    public static Errno Bind(Descriptor socket, byte[] address)
    {
        fixed (byte* pointer = address)
        {
            return Libc.ErrnoOf(Libc.Bind(socket.Number, pointer, address.Length));
        }
    }

    public static Errno Connect(Descriptor socket, byte[] address)
    {
        fixed (byte* pointer = address)
        {
            return Libc.ErrnoOf(Libc.Connect(socket.Number, pointer, address.Length));
        }
    }

    /// <summary>Sends a datagram to an address, or without one to where the socket is connected.</summary>
    public static Errno Send(Descriptor socket, ReadOnlySpan<byte> payload, byte[]? address)
    {
        fixed (
            byte* data = payload,
                pointer = address
        )
        {
            return Libc.ErrnoOf(Libc.SendTo(socket.Number, data, payload.Length, 0, pointer, address?.Length ?? 0));
        }
    }

    /// <summary>Takes a datagram if there is one, with or without asking for the sender's address.</summary>
    public static Errno Receive(Descriptor socket, bool withAddress)
    {
        var buffer = stackalloc byte[2048];
        var address = stackalloc byte[Address.MaxLength];
        var length = Address.MaxLength;
        return Libc.ErrnoOf(
            Libc.ReceiveFrom(
                socket.Number,
                buffer,
                2048,
                Libc.MSG_DONTWAIT,
                withAddress ? address : null,
                withAddress ? &length : null
            )
        );
    }

    /// <summary>Waits until there is something to receive, or not.</summary>
    public static bool HasInput(Descriptor socket, int milliseconds)
    {
        const short PollIn = 1;
        var entry = stackalloc byte[8];
        *(int*)entry = socket.Number;
        *(short*)(entry + 4) = PollIn;
        *(short*)(entry + 6) = 0;
        return Libc.Poll(entry, 1, milliseconds) > 0;
    }

    public static Errno OwnName(Descriptor socket)
    {
        var address = stackalloc byte[Address.MaxLength];
        var length = Address.MaxLength;
        return Libc.ErrnoOf(Libc.GetSockName(socket.Number, address, &length));
    }

    public static Errno PeerName(Descriptor socket)
    {
        var address = stackalloc byte[Address.MaxLength];
        var length = Address.MaxLength;
        return Libc.ErrnoOf(Libc.GetPeerName(socket.Number, address, &length));
    }

    public static IOException Failed(string call) =>
        new($"{call} failed while an event was prepared: {Libc.LastErrno}");
}
