using Conformance.ReferenceVm;

namespace Conformance.Linux.Calls;

/// <summary>Errors of this machine that no rule is about, and the names of all of them.</summary>
internal static class HostErrno
{
    public const Errno ENODEV = (Errno)19;
    public const Errno EROFS = (Errno)30;
    public const Errno ENOSYS = (Errno)38;
    public const Errno EAFNOSUPPORT = (Errno)97;
    public const Errno EADDRINUSE = (Errno)98;
    public const Errno EADDRNOTAVAIL = (Errno)99;

    /// <summary>The error as messages show it.</summary>
    public static string Name(Errno errno) =>
        errno switch
        {
            ENODEV => nameof(ENODEV),
            EROFS => nameof(EROFS),
            ENOSYS => nameof(ENOSYS),
            EAFNOSUPPORT => nameof(EAFNOSUPPORT),
            EADDRINUSE => nameof(EADDRINUSE),
            EADDRNOTAVAIL => nameof(EADDRNOTAVAIL),
            _ when Enum.IsDefined(errno) => errno.ToString(),
            _ => $"errno {(int)errno}",
        };
}
