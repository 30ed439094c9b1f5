using System.Buffers.Binary;
using Conformance.Harness.Machines;
using Conformance.Linux.Calls;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Linux.Events;

/// <summary>
/// A TCP segment that leaves a few milliseconds after it was sent, out of the timer interrupt of the CPU that sent it: the socket's rate is limited
/// (SO_MAX_PACING_RATE), and the timer of the pacing is bound to its CPU (net/ipv4/tcp_output.c tcp_pacing_check). It goes over loopback,
/// so that it arrives within the same interrupt.
/// </summary>
internal sealed unsafe class LatePacket : IDisposable
{
    // The first ten segments of a connection are not paced.
    private const int SegmentsAtOnce = 12;

    // The last segment waits for as long as this one takes at the limited rate: 10 ms.
    private const int SlowSegment = 1000;
    private const int BytesPerSecond = 100_000;
    private const int Patience = 2000;

    private readonly Descriptor _client;
    private readonly Descriptor _server;

    private LatePacket(Descriptor client, Descriptor server)
    {
        _client = client;
        _server = server;
    }

    /// <summary>Whether timers interrupt the programs of an attach type: those that run in a system call, with softirqs enabled.</summary>
    public static bool Interrupts(AttachType type) =>
        type is not (AttachType.CgroupInetIngress or AttachType.CgroupInetEgress or AttachType.CgroupSockOps);

    /// <summary>Sends it from the calling thread, which is the worker's and pinned.</summary>
    /// <param name="worker">The thread.</param>
    /// <param name="threads">The cgroup of the socket that sends it (egress) or receives it (ingress).</param>
    /// <param name="type">Which of the two.</param>
    public static LatePacket Send(Worker worker, int threads, AttachType type)
    {
        var sends = type == AttachType.CgroupInetEgress;
        Enter(receiver: true);
        using var listener = Sockets.Bound(Libc.AF_INET, Libc.SOCK_STREAM, AnyPort());
        if (Libc.Listen(listener.Number, 1) < 0)
        {
            throw Sockets.Failed("listen");
        }

        var address = NameOf(listener);
        Enter(receiver: false);
        var client = Sockets.Require(Libc.AF_INET, Libc.SOCK_STREAM);
        if (Sockets.Connect(client, address) != Errno.None)
        {
            throw Sockets.Failed("connect");
        }

        SetOption(client, Tcp, NoDelay, 1);
        SetOption(client, Socket, MaxPacingRate, BytesPerSecond);
        Enter(receiver: true);
        var server = new Descriptor(Libc.Accept(listener.Number, null, null, Libc.SOCK_CLOEXEC));
        Enter(receiver: false);
        for (var segment = 0; segment < SegmentsAtOnce; segment++)
        {
            Write(client, 1);
        }

        Write(client, SlowSegment);
        Write(client, 1);
        return new LatePacket(client, server);

        void Enter(bool receiver)
        {
            if (receiver != sends)
            {
                worker.Enter(threads);
            }
            else
            {
                worker.Leave();
            }
        }
    }

    /// <summary>Waits until all of it has arrived.</summary>
    public void Await()
    {
        var left = (nint)(SegmentsAtOnce + SlowSegment + 1);
        var buffer = stackalloc byte[SlowSegment];
        while (left > 0)
        {
            if (!Sockets.HasInput(_server, Patience))
            {
                throw new IOException("a paced segment did not arrive on loopback");
            }

            left -= Math.Max(1, Libc.ReceiveFrom(_server.Number, buffer, SlowSegment, 0, null, null));
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private const int Tcp = 6;
    private const int NoDelay = 1;
    private const int Socket = 1;
    private const int MaxPacingRate = 47;

    private static void SetOption(Descriptor socket, int level, int name, int value)
    {
        if (Libc.SetSockOpt(socket.Number, level, name, (byte*)&value, sizeof(int)) < 0)
        {
            throw Sockets.Failed("setsockopt");
        }
    }

    private static void Write(Descriptor socket, int bytes)
    {
        Span<byte> data = stackalloc byte[bytes];
        data.Clear();
        if (Sockets.Send(socket, data, address: null) != Errno.None)
        {
            throw Sockets.Failed("send");
        }
    }

    private static byte[] AnyPort()
    {
        var address = Address.Own(Libc.AF_INET);
        BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2), 0);
        return address;
    }

    private static byte[] NameOf(Descriptor socket)
    {
        var address = new byte[16];
        var length = address.Length;
        fixed (byte* pointer = address)
        {
            if (Libc.GetSockName(socket.Number, pointer, &length) < 0)
            {
                throw Sockets.Failed("getsockname");
            }
        }

        return address;
    }
}
