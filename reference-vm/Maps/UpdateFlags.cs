namespace Conformance.ReferenceVm.Maps;

/// <summary>Flags of element operations (uapi BPF_ANY, BPF_NOEXIST, BPF_EXIST, BPF_F_LOCK).</summary>
internal static class UpdateFlags
{
    public const ulong Any = 0;
    public const ulong NoExist = 1;
    public const ulong Exist = 2;
    public const ulong Lock = 4;

    /// <summary>A lookup knows no flag but LOCK, and that only where the value has a lock; errors here win over ENOENT.</summary>
    public static Errno CheckLookup(MapDefinition definition, ulong flags) =>
        (flags & ~Lock) != 0 || ((flags & Lock) != 0 && definition.SpinLockOffset is null) ? Errno.EINVAL : Errno.None;

    /// <summary>What every map that can be updated in general accepts: at most EXIST, and LOCK with a lock.</summary>
    public static Errno CheckUpdate(MapDefinition definition, ulong flags) =>
        (flags & ~Lock) > Exist || ((flags & Lock) != 0 && definition.SpinLockOffset is null)
            ? Errno.EINVAL
            : Errno.None;
}
