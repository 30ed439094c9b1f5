namespace Conformance.ReferenceVm;

/// <summary>Error numbers as Linux returns them to user space, by their names. Zero is success.</summary>
public enum Errno
{
    /// <summary>Success.</summary>
    None = 0,

    /// <summary>Operation not permitted.</summary>
    EPERM = 1,

    /// <summary>No such entry, cgroup, program or id.</summary>
    ENOENT = 2,

    /// <summary>Input or output failed.</summary>
    EIO = 5,

    /// <summary>Argument list or value too long.</summary>
    E2BIG = 7,

    /// <summary>Bad file descriptor.</summary>
    EBADF = 9,

    /// <summary>Try again.</summary>
    EAGAIN = 11,

    /// <summary>Out of memory.</summary>
    ENOMEM = 12,

    /// <summary>Permission denied: the verifier's errno for a forbidden memory access.</summary>
    EACCES = 13,

    /// <summary>Bad user address.</summary>
    EFAULT = 14,

    /// <summary>Device or resource busy.</summary>
    EBUSY = 16,

    /// <summary>Entry exists.</summary>
    EEXIST = 17,

    /// <summary>Invalid argument.</summary>
    EINVAL = 22,

    /// <summary>No space left in the caller's buffer.</summary>
    ENOSPC = 28,

    /// <summary>Number out of range.</summary>
    ERANGE = 34,

    /// <summary>Directory not empty: a cgroup with children.</summary>
    ENOTEMPTY = 39,

    /// <summary>The link's cgroup is gone.</summary>
    ENOLINK = 67,

    /// <summary>Protocol error: a map named by index where no array of descriptors was given.</summary>
    EPROTO = 71,

    /// <summary>Operation not supported (95).</summary>
    EOPNOTSUPP = 95,

    /// <summary>Unknown socket option.</summary>
    ENOPROTOOPT = 92,

    /// <summary>Stale revision.</summary>
    ESTALE = 116,

    /// <summary>524, the kernel-internal "not supported" that leaks to user space. Not <see cref="EOPNOTSUPP"/>.</summary>
    ENOTSUPP = 524,
}
