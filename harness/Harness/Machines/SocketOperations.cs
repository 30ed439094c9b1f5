namespace Conformance.Harness.Machines;

/// <summary>
/// A task of a cgroup makes a socket that lives until it is closed: an IPv4 datagram socket, or, listening, a TCP socket bound to
/// 127.0.0.1:41001. Making it is the event of cgroup_inet_sock_create; fails with what the programs answer. It belongs to that cgroup for life.
/// </summary>
public sealed record SocketCreate(string Socket, string Cgroup, bool Listening = false) : Operation;

/// <summary>A task of a cgroup accepts a connection, made by nobody's socket, on a listening socket.</summary>
public sealed record SocketAccept(string Socket, string Listener, string Cgroup) : Operation;

/// <summary>Closes a socket: the event of cgroup_inet_sock_release in the socket's cgroup.</summary>
public sealed record SocketClose(string Socket) : Operation;
