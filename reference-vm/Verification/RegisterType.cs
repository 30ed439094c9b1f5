namespace Conformance.ReferenceVm.Verification;

/// <summary>What a register holds, as the verifier knows it.</summary>
internal enum RegisterType : byte
{
    /// <summary>Nothing was written yet, or a call has clobbered it.</summary>
    Uninitialised,

    /// <summary>A number.</summary>
    Scalar,

    /// <summary>The context.</summary>
    Context,

    /// <summary>A map, from a 64-bit immediate load.</summary>
    MapPointer,

    /// <summary>A key of a map, which may only be read.</summary>
    MapKey,

    /// <summary>A value of a map.</summary>
    MapValue,

    /// <summary>A value of a map, or null.</summary>
    MapValueOrNull,

    /// <summary>The stack of a frame of the call chain.</summary>
    Stack,

    /// <summary>The packet, or a socket option's value.</summary>
    Packet,

    /// <summary>The end of the packet.</summary>
    PacketEnd,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A socket, or null.</summary>
    SocketOrNull,

    /// <summary>The part all sockets share.</summary>
    SocketCommon,

    /// <summary>The part all sockets share, or null.</summary>
    SocketCommonOrNull,

    /// <summary>A subprogram, as a callback.</summary>
    Function,
}

internal static class RegisterTypes
{
    /// <summary>Linux's word for it.</summary>
    public static string Word(this RegisterType type) =>
        type switch
        {
            RegisterType.Uninitialised => "?",
            RegisterType.Scalar => "scalar",
            RegisterType.Context => "ctx",
            RegisterType.MapPointer => "map_ptr",
            RegisterType.MapKey => "map_key",
            RegisterType.MapValue => "map_value",
            RegisterType.MapValueOrNull => "map_value_or_null",
            RegisterType.Stack => "fp",
            RegisterType.Packet => "pkt",
            RegisterType.PacketEnd => "pkt_end",
            RegisterType.Socket => "sock",
            RegisterType.SocketOrNull => "sock_or_null",
            RegisterType.SocketCommon => "sock_common",
            RegisterType.SocketCommonOrNull => "sock_common_or_null",
            _ => "func",
        };

    public static bool MayBeNull(this RegisterType type) =>
        type is RegisterType.MapValueOrNull or RegisterType.SocketOrNull or RegisterType.SocketCommonOrNull;

    public static RegisterType WithoutNull(this RegisterType type) =>
        type switch
        {
            RegisterType.MapValueOrNull => RegisterType.MapValue,
            RegisterType.SocketOrNull => RegisterType.Socket,
            RegisterType.SocketCommonOrNull => RegisterType.SocketCommon,
            _ => type,
        };

    public static bool IsSocket(this RegisterType type) => type is RegisterType.Socket or RegisterType.SocketCommon;

    /// <summary>Whether one instruction may not meet this type on one path and another on a second: its load is rewritten or typed.</summary>
    public static bool MustBeAlone(this RegisterType type) => type == RegisterType.Context || type.IsSocket();
}
