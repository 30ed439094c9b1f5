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
    private const int AtRemoveDirectory = 0x200;
    private static readonly Lock Gate = new();
    private static CgroupTree? _shared;
    private static int _users;

    private readonly CgroupRoot _root;
    private readonly string _name;
    private readonly int _descriptor;
    private int _named;

    private CgroupTree(CgroupRoot root, string name, int descriptor)
    {
        _root = root;
        _name = name;
        _descriptor = descriptor;
    }

    /// <summary>
    /// The tree of this process, made at its first use: a process can be in one cgroup only, so all machines of one process
    /// share it. Throws an <see cref="IOException"/> that says what failed.
    /// </summary>
    public static CgroupTree Acquire()
    {
        lock (Gate)
        {
            _shared ??= Create();
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
                _shared = null;
                Remove();
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

        var added = OpenDirectory(directory, name);
        WriteFile(added, "cgroup.type", "threaded");
        var threads = Libc.OpenAt(added, "cgroup.threads", Libc.O_WRONLY | Libc.O_CLOEXEC);
        cgroup = new OpenCgroup(directory, name, added, threads, Id(added));
        return Errno.None;
    }

    /// <summary>Opens the tree's own list of threads: where threads wait that are in no cgroup of a case.</summary>
    public int OpenThreads() => Libc.OpenAt(_descriptor, "cgroup.threads", Libc.O_WRONLY | Libc.O_CLOEXEC);

    /// <summary>Moves every thread that is in a cgroup to the tree's own.</summary>
    public unsafe void Evacuate(in OpenCgroup cgroup)
    {
        const int Room = 4096;
        using var here = new Descriptor(
            Libc.OpenAt(cgroup.Descriptor, "cgroup.threads", Libc.O_RDONLY | Libc.O_CLOEXEC)
        );
        using var there = new Descriptor(OpenThreads());
        var text = stackalloc byte[Room];
        var length = here.IsOpen ? (int)Libc.Read(here.Number, text, Room) : 0;
        foreach (var line in Encoding.ASCII.GetString(text, Math.Max(length, 0)).Split('\n'))
        {
            var thread = Encoding.ASCII.GetBytes(line);
            fixed (byte* id = thread)
            {
                // One that has ended meanwhile needs no moving.
                _ = thread.Length == 0 ? 0 : Libc.Write(there.Number, id, thread.Length);
            }
        }
    }

    /// <summary>Removes a cgroup's directory. Its descriptors stay open.</summary>
    public static Errno Remove(in OpenCgroup cgroup) =>
        Libc.UnlinkAt(cgroup.ParentDescriptor, cgroup.Name, AtRemoveDirectory) < 0 ? Libc.LastErrno : Errno.None;

    private static CgroupTree Create()
    {
        var root = CgroupRoot.Open();
        var (name, descriptor) = ("", -1);
        try
        {
            Leftovers.Sweep(root);
            Leftovers.SweepNodes();
            (name, descriptor) = Claim(root);
            MoveProcess(descriptor, "");
            return new CgroupTree(root, name, descriptor);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (descriptor >= 0)
            {
                Leftovers.Remove($"{root.Path}/{name}");
                _ = Libc.Close(descriptor);
            }

            root.Dispose();
            throw new IOException($"this process cannot have a cgroup of its own below {root.Name}: {e.Message}", e);
        }
    }

    /// <summary>
    /// Makes and locks the cgroup. A sweep of another run may lock and remove it before this one locks it; one that a process of
    /// another process namespace made may have its name. Then another name is taken.
    /// </summary>
    private static (string Name, int Descriptor) Claim(CgroupRoot root)
    {
        const int Attempts = 100;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var name = $"{Leftovers.Prefix}{Environment.ProcessId}{(attempt == 1 ? "" : $".{attempt}")}";
            if (Libc.MkdirAt(root.Descriptor, name, 0x1ed) < 0)
            {
                if (Libc.LastErrno == Errno.EEXIST)
                {
                    continue;
                }

                throw new IOException($"mkdir: {HostErrno.Name(Libc.LastErrno)}");
            }

            var directory = OpenDirectory(root.Descriptor, name);
            if (directory >= 0 && Leftovers.TryLock(directory) && Libc.AccessAt(directory, "cgroup.procs", 0, 0) == 0)
            {
                return (name, directory);
            }

            _ = Libc.Close(directory);
        }

        throw new IOException($"{Attempts} cgroups with the name of this process are in use");
    }

    private void Remove()
    {
        try
        {
            MoveBack();
        }
        finally
        {
            Leftovers.Remove($"{_root.Path}/{_name}");
            _ = Libc.Close(_descriptor);
            _root.Dispose();
        }
    }

    /// <summary>Moves the process to the cgroup it came from; where that has been removed, to the nearest one above it.</summary>
    private void MoveBack()
    {
        IOException? first = null;
        for (var home = _root.Home; ; home = home[..Math.Max(home.LastIndexOf('/'), 0)])
        {
            try
            {
                MoveProcess(_root.Descriptor, home);
                return;
            }
            catch (IOException e)
            {
                first ??= e;
            }

            if (home.Length == 0)
            {
                throw new IOException(
                    $"this process cannot be moved back to its cgroup /{_root.Home} and stays in {_name}, "
                        + $"which the next run removes: {first.Message}",
                    first
                );
            }
        }
    }

    private static void MoveProcess(int directory, string path) =>
        WriteFile(directory, path.Length == 0 ? "cgroup.procs" : $"{path}/cgroup.procs", $"{Environment.ProcessId}");

    private static int OpenDirectory(int parent, string name) =>
        Libc.OpenAt(parent, name, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);

    private static unsafe void WriteFile(int directory, string name, string text)
    {
        using var file = new Descriptor(Libc.OpenAt(directory, name, Libc.O_WRONLY | Libc.O_CLOEXEC));
        var bytes = Encoding.ASCII.GetBytes(text);
        fixed (byte* pointer = bytes)
        {
            if (!file.IsOpen || Libc.Write(file.Number, pointer, bytes.Length) < 0)
            {
                throw new IOException($"cannot write '{text}' to {name}: {HostErrno.Name(Libc.LastErrno)}");
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
