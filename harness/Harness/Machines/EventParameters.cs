namespace Conformance.Harness.Machines;

/// <summary>What may differ from an attach type's default event. A parameter that the attach type does not know is an error.</summary>
public sealed record EventParameters
{
    /// <summary>"inet" or "inet6", for attach types that are not bound to a family (packets, socket creation and release, sock_ops).</summary>
    public string? Family { get; init; }

    /// <summary>"dgram" or "stream".</summary>
    public string? SocketType { get; init; }

    /// <summary>The bytes sent, for packets and sendmsg.</summary>
    public byte[]? Payload { get; init; }

    /// <summary>"read", "write" or "mknod" for devices; "read" or "write" for sysctls.</summary>
    public string? Access { get; init; }

    /// <summary>Socket option level and number.</summary>
    public int? Level { get; init; }

    /// <summary>Socket option number.</summary>
    public int? OptionName { get; init; }

    /// <summary>Socket option value passed to setsockopt, or buffer length for getsockopt.</summary>
    public byte[]? OptionValue { get; init; }

    /// <summary>Whether the socket is connected and the datagram is sent without an address: udp4 and udp6 sendmsg.</summary>
    public bool? Connected { get; init; }

    /// <summary>Whether the receiver asks for the sender's address; true by default: udp4 and udp6 recvmsg.</summary>
    public bool? Address { get; init; }
}
