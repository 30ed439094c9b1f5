using System.Buffers.Binary;

namespace Conformance.ReferenceVm.Programs.Events;

/// <summary>Numbers as they lie on the wire.</summary>
internal static class Network
{
    /// <summary>127.0.0.1 as a 32-bit load of network-order bytes shows it on a little-endian machine.</summary>
    public const uint Loopback4 = 0x0100_007f;

    /// <summary>The last 32-bit part of ::1, likewise; the other three are 0.</summary>
    public const uint Loopback6 = 0x0100_0000;

    /// <summary>A port in network order, as a number.</summary>
    public static ushort Order(ushort port) => BinaryPrimitives.ReverseEndianness(port);

    /// <summary>Writes ::1.</summary>
    public static void WriteLoopback6(Span<byte> address)
    {
        address[..16].Clear();
        address[15] = 1;
    }

    /// <summary>The ones' complement sum of 16-bit words (RFC 1071), folded, not inverted.</summary>
    public static ushort Sum(ReadOnlySpan<byte> bytes, uint start = 0)
    {
        var sum = start;
        for (var index = 0; index + 1 < bytes.Length; index += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[index..]);
        }

        if ((bytes.Length & 1) != 0)
        {
            sum += (uint)bytes[^1] << 8;
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)sum;
    }
}
