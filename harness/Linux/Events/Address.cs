using System.Buffers.Binary;
using System.Text;
using Conformance.Linux.Calls;

namespace Conformance.Linux.Events;

/// <summary>The fixed addresses of the default events (vectors/README.md, "Events").</summary>
internal static class Address
{
    public const int MaxLength = 128;
    private const ushort OwnPort = 41001;
    private const ushort PeerPort = 41002;

    public static byte[] Own(int family) => Of(family, OwnPort, "own");

    public static byte[] Peer(int family) => Of(family, PeerPort, "peer");

    private static byte[] Of(int family, ushort port, string name)
    {
        switch (family)
        {
            case Libc.AF_INET:
                var four = new byte[16];
                BitConverter.TryWriteBytes(four, (ushort)family);
                BinaryPrimitives.WriteUInt16BigEndian(four.AsSpan(2), port);
                four[4] = 127;
                four[7] = 1;
                return four;
            case Libc.AF_INET6:
                var six = new byte[28];
                BitConverter.TryWriteBytes(six, (ushort)family);
                BinaryPrimitives.WriteUInt16BigEndian(six.AsSpan(2), port);
                six[23] = 1;
                return six;
            default:
                // An abstract name: nothing in any file system, and private to the network namespace.
                var unix = new byte[3 + name.Length];
                BitConverter.TryWriteBytes(unix, (ushort)family);
                Encoding.ASCII.GetBytes(name).CopyTo(unix, 3);
                return unix;
        }
    }
}
