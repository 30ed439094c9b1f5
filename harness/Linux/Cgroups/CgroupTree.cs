using System.Text;
using Conformance.Linux.Calls;
using Conformance.ReferenceVm;

namespace Conformance.Linux.Cgroups;

/// <summary>
/// The one cgroup this process owns, <c>helper-conformance-PID</c>, and everything below it. The process moves into it so that
/// its threads can move on into threaded children; a lock on the directory tells a live run's tree from a dead one's.
/// </summary>
internal sealed class CgroupTree
{
    private const string Prefix = "helper-conformance-";
    private const int AtRemoveDirectory = 0x200;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private static readonly Lock Gate = new();
    private static CgroupTree? _shared;
    private static int _users;

    private readonly string _home;
    private readonly string _path;
    private readonly int _descriptor;
    private int _named;

    private CgroupTree(string home, string path, int descriptor)
    {
        _home = home;
        _path = path;
        _descriptor = descriptor;
    }

    /// <summary>
    /// The tree of this process, made at its first use: a process can be in one cgroup only, so all machines of one process
    /// share it. Throws an <see cref="IOException"/> that says what failed.
    /// </summary>
    public static CgroupTree Acquire(string mount)
    {
        lock (Gate)
        {
            _shared ??= Create(mount);
            _users++;
            return _shared;
        }
    }

    /// <summary>Gives the tree back; the last user moves the process back to where it was and removes the tree.</summary>
    public void Release()
    {
        lock (Gate)
        {
            if (--_users == 0)
            {
                Remove();
                _shared = null;
            }
        }
    }

    /// <summary>Creates a threaded cgroup and returns it open.</summary>
    /// <param name="parent">Directory to make it in; null for the top of the tree.</param>
    public Errno Add(int? parent, out OpenCgroup cgroup)
    {
        cgroup = default;
        // Names are never used twice: a case may name two cgroups alike, one after the other.
        var name = $"c{Interlocked.Increment(ref _named)}";
        var directory = parent ?? _descriptor;
        if (Libc.MkdirAt(directory, name, 0x1ed) < 0)
        {
            return Libc.LastErrno;
        }

        var added = Libc.OpenAt(directory, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        WriteFile(added, "cgroup.type", "threaded");
        var threads = Libc.OpenAt(added, "cgroup.threads", Libc.O_WRONLY | Libc.O_CLOEXEC);
        cgroup = new OpenCgroup(directory, name, added, threads, Id(added));
        return Errno.None;
    }

    /// <summary>Opens the tree's own list of threads: where threads wait that are in no cgroup of a case.</summary>
    public int OpenThreads() => Libc.OpenAt(_descriptor, "cgroup.threads", Libc.O_WRONLY | Libc.O_CLOEXEC);

    /// <summary>Removes a cgroup's directory. Its descriptors stay open.</summary>
    public static Errno Remove(in OpenCgroup cgroup) =>
        Libc.UnlinkAt(cgroup.ParentDescriptor, cgroup.Name, AtRemoveDirectory) < 0 ? Libc.LastErrno : Errno.None;

    private static CgroupTree Create(string mount)
    {
        Sweep(mount);
        var home = mount.TrimEnd('/') + CgroupMount.OwnPath();
        var path = $"{mount.TrimEnd('/')}/{Prefix}{Environment.ProcessId}";
        Directory.CreateDirectory(path);
        var descriptor = Libc.Open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        if (descriptor < 0 || Libc.Flock(descriptor, LockExclusive | LockNonBlocking) < 0)
        {
            throw new IOException($"cannot lock {path}: {Libc.LastErrno}");
        }

        WriteFile(descriptor, "cgroup.procs", Environment.ProcessId.ToString());
        return new CgroupTree(home, path, descriptor);
    }

    private void Remove()
    {
        var back = Libc.Open(_home, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        WriteFile(back, "cgroup.procs", Environment.ProcessId.ToString());
        _ = Libc.Close(back);
        RemoveBelow(_path);
        _ = Libc.Close(_descriptor);
    }

    /// <summary>
    /// Removes what dead runs left: trees whose process is gone (a tree is there a moment before it is locked) and whose lock
    /// nobody holds (a process of another process namespace cannot be seen here).
    /// </summary>
    private static void Sweep(string mount)
    {
        var leftovers = Directory
            .EnumerateDirectories(mount, Prefix + "*")
            .Where(path => !Directory.Exists($"/proc/{Path.GetFileName(path)[Prefix.Length..]}"));
        foreach (var leftover in leftovers.ToList())
        {
            using var directory = new Descriptor(
                Libc.Open(leftover, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC)
            );
            if (directory.IsOpen && Libc.Flock(directory.Number, LockExclusive | LockNonBlocking) == 0)
            {
                RemoveBelow(leftover);
            }
        }
    }

    private static void RemoveBelow(string directory)
    {
        try
        {
            foreach (var child in Directory.EnumerateDirectories(directory))
            {
                RemoveBelow(child);
            }

            Directory.Delete(directory);
        }
        catch (IOException)
        {
            // Somebody is still in it: the next sweep takes it.
        }
    }

    private static unsafe void WriteFile(int directory, string name, string text)
    {
        using var file = new Descriptor(Libc.OpenAt(directory, name, Libc.O_WRONLY | Libc.O_CLOEXEC));
        var bytes = Encoding.ASCII.GetBytes(text);
        fixed (byte* pointer = bytes)
        {
            if (!file.IsOpen || Libc.Write(file.Number, pointer, bytes.Length) < 0)
            {
                throw new IOException($"cannot write '{text}' to {name}: {Libc.LastErrno}");
            }
        }
    }

    // A cgroup's id is the inode number of its directory.
    private static unsafe ulong Id(int directory)
    {
        const int AtEmptyPath = 0x1000;
        const uint MaskInode = 0x100;
        const int InodeOffset = 32;
        var result = stackalloc byte[256];
        return Libc.Statx(directory, "", AtEmptyPath, MaskInode, result) < 0 ? 0 : *(ulong*)(result + InodeOffset);
    }
}

/// <summary>A cgroup of a case.</summary>
/// <param name="ParentDescriptor">Directory it lies in.</param>
/// <param name="Name">Its directory's name.</param>
/// <param name="Descriptor">The directory, open: what bpf(2) takes.</param>
/// <param name="Threads">Its cgroup.threads, open for writing.</param>
/// <param name="Id">Its id, which is the first part of a storage key.</param>
internal readonly record struct OpenCgroup(int ParentDescriptor, string Name, int Descriptor, int Threads, ulong Id);
