namespace Conformance.ReferenceVm.Programs.Events;

/// <summary>What differs from an attach type's default event (vectors/README.md). An option that the attach type does not know is EINVAL.</summary>
public sealed record EventOptions
{
    /// <summary>AF_INET (2) or AF_INET6 (10): packets, socket creation and release, sock_ops, socket options.</summary>
    public int? Family { get; init; }

    /// <summary>SOCK_STREAM (1) or SOCK_DGRAM (2): socket creation and release, addresses other than those of messages, socket options.</summary>
    public int? SocketType { get; init; }

    /// <summary>The bytes sent: packets.</summary>
    public byte[]? Payload { get; init; }

    /// <summary>What is done to the device: bit 0 mknod, bit 1 read, bit 2 write.</summary>
    public int? DeviceAccess { get; init; }

    /// <summary>Whether the sysctl is written.</summary>
    public bool? SysctlWrite { get; init; }

    /// <summary>Socket option level.</summary>
    public int? Level { get; init; }

    /// <summary>Socket option number.</summary>
    public int? OptionName { get; init; }

    /// <summary>The value set; for getsockopt a buffer of the length asked for.</summary>
    public byte[]? OptionValue { get; init; }

    /// <summary>Whether the datagram is sent over a connected socket, without an address: sendmsg of UDP. Linux runs no program then.</summary>
    public bool? Connected { get; init; }

    /// <summary>Whether the receiver asks for the address: recvmsg of UDP. Linux runs no program where it does not.</summary>
    public bool? Address { get; init; }
}
