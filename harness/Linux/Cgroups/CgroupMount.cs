using System.Text;

namespace Conformance.Linux.Cgroups;

/// <summary>A mount of the unified (version 2) hierarchy.</summary>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Root">The cgroup that is its top, as this process's cgroup namespace names it: <c>/</c>, <c>/a</c>, <c>/..</c>.</param>
internal readonly record struct CgroupMount(string Point, string Root)
{
    /// <summary>The mounts of this mount namespace.</summary>
    public static IEnumerable<CgroupMount> All() => In(File.ReadLines("/proc/self/mountinfo"));

    /// <summary>The mounts in the lines of a <c>mountinfo</c> file, wherever they are and whatever else is mounted.</summary>
    public static IEnumerable<CgroupMount> In(IEnumerable<string> lines)
    {
        const int RootField = 3;
        const int PointField = 4;
        foreach (var line in lines)
        {
            // A variable number of fields ends with a dash; the type follows it.
            var fields = line.Split(' ');
            var dash = Array.IndexOf(fields, "-");
            if (dash > PointField && dash + 1 < fields.Length && fields[dash + 1] == "cgroup2")
            {
                yield return new CgroupMount(Unescape(fields[PointField]), Unescape(fields[RootField]));
            }
        }
    }

    /// <summary>
    /// The way from the mount's top to a cgroup, without a slash in front; null where it does not lie below the top, or
    /// where names cannot tell (the top or the cgroup is outside of the cgroup namespace).
    /// </summary>
    public string? WayTo(string cgroup)
    {
        var top = Root.TrimEnd('/') + "/";
        return
            (cgroup + "/").StartsWith(top, StringComparison.Ordinal)
            && !cgroup.Split('/').Contains("..", StringComparer.Ordinal)
            ? (cgroup + "/")[top.Length..].TrimEnd('/')
            : null;
    }

    // The kernel writes blanks, tabs, line ends and backslashes of a path as three octal digits behind a backslash.
    private static string Unescape(string path)
    {
        var text = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '\\' && i + 3 < path.Length)
            {
                text.Append((char)((path[i + 1] - '0') << 6 | (path[i + 2] - '0') << 3 | path[i + 3] - '0'));
                i += 3;
            }
            else
            {
                text.Append(path[i]);
            }
        }

        return text.ToString();
    }
}
