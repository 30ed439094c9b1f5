using System.Globalization;
using Conformance.Linux.Calls;

namespace Conformance.Linux.Cgroups;

/// <summary>What runs that were killed left: cgroups, with the programs attached to them, and device nodes.</summary>
internal static class Leftovers
{
    /// <summary>How the names of all that is made outside of a cgroup of our own begin; the process's id follows.</summary>
    public const string Prefix = "helper-conformance-";

    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;

    /// <summary>Takes the lock that tells a live run's cgroup from a dead one's: it ends with its process, however that ends.</summary>
    public static bool TryLock(int directory) => Libc.Flock(directory, LockExclusive | LockNonBlocking) == 0;

    /// <summary>Removes the trees whose lock nobody holds and in which nobody lives.</summary>
    public static void Sweep(CgroupRoot root)
    {
        foreach (var leftover in Directory.EnumerateDirectories(root.Path, Prefix + "*").ToList())
        {
            using var directory = new Descriptor(
                Libc.Open(leftover, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC)
            );
            if (directory.IsOpen && TryLock(directory.Number) && !IsPopulated(leftover))
            {
                Remove(leftover);
            }
        }
    }

    // Seen through another cgroup namespace's mount, the directory is another file with locks of its own.
    private static bool IsPopulated(string cgroup)
    {
        var events = Path.Combine(cgroup, "cgroup.events");
        return File.Exists(events) && File.ReadLines(events).Contains("populated 1", StringComparer.Ordinal);
    }

    /// <summary>Where a device event makes its node: there only during the event.</summary>
    public static string Node() => Path.Combine(Path.GetTempPath(), $"{Prefix}{Environment.ProcessId}-{Libc.GetTid()}");

    /// <summary>Removes the device nodes of processes that are gone.</summary>
    public static void SweepNodes()
    {
        foreach (var node in Directory.EnumerateFiles(Path.GetTempPath(), Prefix + "*-*").ToList())
        {
            var process = Path.GetFileName(node)[Prefix.Length..].Split('-')[0];
            if (
                int.TryParse(process, CultureInfo.InvariantCulture, out _)
                && !Directory.Exists($"/proc/{process}")
                && IsCharacterDevice(node)
            )
            {
                File.Delete(node);
            }
        }
    }

    /// <summary>Removes a cgroup with all below it.</summary>
    public static void Remove(string directory)
    {
        try
        {
            foreach (var child in Directory.EnumerateDirectories(directory))
            {
                Remove(child);
            }

            Directory.Delete(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody is still in it: the next sweep takes it.
        }
    }

    private static unsafe bool IsCharacterDevice(string path)
    {
        const int WorkingDirectory = -100;
        const int NoFollow = 0x100;
        const uint MaskType = 1;
        const int ModeOffset = 28;
        const int TypeMask = 0xf000;
        const int CharacterDevice = 0x2000;
        var result = stackalloc byte[256];
        return Libc.Statx(WorkingDirectory, path, NoFollow, MaskType, result) == 0
            && (*(ushort*)(result + ModeOffset) & TypeMask) == CharacterDevice;
    }
}
