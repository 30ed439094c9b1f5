using Conformance.Linux.Calls;
using Conformance.ReferenceVm;

namespace Conformance.Linux.Cgroups;

/// <summary>The top of the unified hierarchy as this process reaches it: by a mount that is there, else by a private one.</summary>
internal sealed class CgroupRoot : IDisposable
{
    private CgroupRoot(int descriptor, string name, string home)
    {
        Descriptor = descriptor;
        Name = name;
        Home = home;
    }

    /// <summary>The directory, open.</summary>
    public int Descriptor { get; }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>The way from here to the cgroup this process was in, without a slash in front; empty for the top itself.</summary>
    public string Home { get; }

    /// <summary>A path of the directory for this process, whether or not it is mounted anywhere.</summary>
    public string Path => $"/proc/self/fd/{Descriptor}";

    /// <summary>
    /// Opens the first mount that can be written and has this process's cgroup below it, else a private mount. Throws an
    /// <see cref="IOException"/> that says why neither was possible.
    /// </summary>
    public static CgroupRoot Open() => Open(CgroupMount.All());

    internal static CgroupRoot Open(IEnumerable<CgroupMount> mounts)
    {
        List<string> obstacles = [];
        foreach (var mount in mounts)
        {
            if (mount.WayTo(OwnCgroup()) is not { } home)
            {
                obstacles.Add($"the one at {mount.Point} does not show this process's cgroup, {OwnCgroup()}");
                continue;
            }

            var directory = Libc.Open(mount.Point, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
            if (directory >= 0 && Obstacle(directory) == Errno.None)
            {
                return new CgroupRoot(directory, mount.Point, home);
            }

            var errno = directory < 0 ? Libc.LastErrno : Obstacle(directory);
            obstacles.Add($"the one at {mount.Point} cannot be used ({HostErrno.Name(errno)})");
            _ = Libc.Close(directory);
        }

        return OpenPrivate(
            obstacles.Count == 0
                ? "cgroup2 is not mounted"
                : $"there is no cgroup2 mount to work in: {string.Join(", ", obstacles)}"
        );
    }

    public void Dispose() => _ = Libc.Close(Descriptor);

    private static CgroupRoot OpenPrivate(string why)
    {
        var directory = PrivateMount.Open("cgroup2");
        if (directory < 0)
        {
            throw new IOException(
                (Errno)(-directory) == HostErrno.ENODEV
                    ? $"{why}, and this kernel does not have it: CONFIG_CGROUPS is needed"
                    : $"{why}, and a private mount cannot be made ({HostErrno.Name((Errno)(-directory))})"
            );
        }

        // A private mount's top is the top of the cgroup namespace. Only now is the process's place certain to be shown.
        var cgroup = OwnCgroup();
        if (new CgroupMount("", "/").WayTo(cgroup) is { } home && Obstacle(directory) == Errno.None)
        {
            return new CgroupRoot(directory, "a private cgroup2 mount", home);
        }

        var errno = Obstacle(directory);
        _ = Libc.Close(directory);
        throw new IOException(
            errno == Errno.None
                ? $"this process is in the cgroup {cgroup}, outside of its cgroup namespace: it could not be moved back"
                : $"{why}, and a private mount cannot be written ({HostErrno.Name(errno)})"
        );
    }

    /// <summary>The cgroup this process is in, as its cgroup namespace names it; <c>/</c> where version 2 was never mounted.</summary>
    private static string OwnCgroup()
    {
        const string Unified = "0::";
        const string Removed = " (deleted)";
        var path = File.ReadLines("/proc/self/cgroup")
            .Where(line => line.StartsWith(Unified, StringComparison.Ordinal))
            .Select(line => line[Unified.Length..])
            .FirstOrDefault("/");
        return path.EndsWith(Removed, StringComparison.Ordinal) ? path[..^Removed.Length] : path;
    }

    // A mount may be covered by another file system: every directory of this one has cgroup.procs and cgroup.controllers.
    private static Errno Obstacle(int directory)
    {
        foreach (var (path, mode) in (ReadOnlySpan<(string, int)>)[("cgroup.controllers", 0), (".", Libc.W_OK)])
        {
            if (Libc.AccessAt(directory, path, mode, 0) < 0)
            {
                return Libc.LastErrno;
            }
        }

        return Errno.None;
    }
}
