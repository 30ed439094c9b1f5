using Conformance.Linux.Calls;

namespace Conformance.Linux.Cgroups;

/// <summary>Where the unified (version 2) hierarchy is mounted.</summary>
internal static class CgroupMount
{
    /// <summary>The first mount point of type cgroup2 in this mount namespace, or null.</summary>
    public static string? Find()
    {
        foreach (var line in File.ReadLines("/proc/self/mounts"))
        {
            var fields = line.Split(' ');
            if (fields.Length > 2 && fields[2] == "cgroup2")
            {
                return Unescape(fields[1]);
            }
        }

        return null;
    }

    /// <summary>The path, below the mount point, of the cgroup this process is in.</summary>
    public static string OwnPath() =>
        File.ReadLines("/proc/self/cgroup")
            .Where(line => line.StartsWith("0::", StringComparison.Ordinal))
            .Select(line => line[3..])
            .FirstOrDefault("/");

    // The kernel writes blanks and tabs in mount points as octal escapes.
    private static string Unescape(string path) =>
        path.Replace("\\040", " ").Replace("\\011", "\t").Replace("\\134", "\\");
}
