using Conformance.Harness.Machines;
using Conformance.Linux.Calls;
using Conformance.Linux.Events;
using Conformance.ReferenceVm;

namespace Conformance.Linux;

/// <summary>Sockets that outlive an event. They live in the network of the first thread, where all of this happens.</summary>
internal sealed class SocketLifetimes(KernelObjects objects, EventOperations events)
{
    public Answer Create(SocketCreate op) =>
        events.In(
            op.Cgroup,
            _ =>
            {
                var type = op.Listening ? Libc.SOCK_STREAM : Libc.SOCK_DGRAM;
                var socket = Libc.Socket(Libc.AF_INET, type | Libc.SOCK_CLOEXEC, 0);
                if (socket < 0)
                {
                    return Answers.Of(Libc.LastErrno);
                }

                objects.Sockets[op.Socket] = socket;
                return op.Listening ? Listen(socket) : Answer.Ok;
            }
        );

    public Answer Accept(SocketAccept op)
    {
        var listener = objects.Socket(op.Listener);
        return events.In(
            op.Cgroup,
            site =>
            {
                using var client = site.Outside(() => Sockets.Require(Libc.AF_INET, Libc.SOCK_STREAM));
                if (Sockets.Connect(client, Address.Own(Libc.AF_INET)) != Errno.None)
                {
                    throw Sockets.Failed("connect");
                }

                int accepted;
                unsafe
                {
                    accepted = Libc.Accept(listener, null, null, Libc.SOCK_CLOEXEC);
                }

                if (accepted < 0)
                {
                    return Answers.Of(Libc.LastErrno);
                }

                objects.Sockets[op.Socket] = accepted;
                return Answer.Ok;
            }
        );
    }

    public Answer Close(SocketClose op)
    {
        var answer = Answer.Ok;
        events.Outside(() =>
            answer = Answers.Of(KernelObjects.Close(objects.Sockets, "socket", op.Socket, socket => socket))
        );
        return answer;
    }

    // The descriptor is closed under its name.
    private static Answer Listen(int socket) =>
        Sockets.Bind(new Descriptor(socket), Address.Own(Libc.AF_INET)) != Errno.None ? throw Sockets.Failed("bind")
        : Libc.Listen(socket, 1) < 0 ? throw Sockets.Failed("listen")
        : Answer.Ok;
}
