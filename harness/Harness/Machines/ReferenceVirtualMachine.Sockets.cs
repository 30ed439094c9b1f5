using Conformance.ReferenceVm;

namespace Conformance.Harness.Machines;

/// <content>Sockets that a step makes, and how an event on one ended.</content>
public sealed partial class ReferenceVirtualMachine
{
    private Answer Create(SocketCreate op)
    {
        var result = _machine.SocketCreate(_objects.Cgroup(op.Cgroup), op.Listening, out var descriptor);
        if (descriptor >= 0)
        {
            _objects.AddSocket(op.Socket, descriptor);
        }

        return Ended(result);
    }

    private Answer Accept(SocketAccept op)
    {
        // The accepting task decides nothing; that it exists is all that matters.
        _ = _objects.Cgroup(op.Cgroup);
        var errno = _machine.SocketAccept(_objects.Socket(op.Listener), out var descriptor);
        if (errno == Errno.None)
        {
            _objects.AddSocket(op.Socket, descriptor);
        }

        return Done(errno);
    }

    private static Answer Ended(EventResult result) =>
        Stopped(result.Run) ?? Done(result.Error != Errno.None ? result.Error : result.Denial);
}
