using System.Text;
using Conformance.Linux.Calls;

namespace Conformance.Linux.Cgroups;

/// <summary>
/// A mount that nobody else sees and that has no place in any directory: it is gone with its last descriptor, so that a killed
/// process leaves none behind.
/// </summary>
internal static unsafe class PrivateMount
{
    // Numbers of the mount calls that came with Linux 5.2: the same on every architecture.
    private const nint FsOpen = 430;
    private const nint FsConfig = 431;
    private const nint FsMount = 432;

    /// <summary>The mount's top, open; a negated errno where it cannot be made.</summary>
    /// <param name="fileSystem">Its type: <c>cgroup2</c> for the unified hierarchy, <c>bpf</c> for an empty BPF file system.</param>
    public static int Open(string fileSystem)
    {
        var detached = Detached(fileSystem);
        return detached == -(int)HostErrno.ENOSYS ? InPassing(fileSystem) : detached;
    }

    private static int Detached(string fileSystem)
    {
        const nint CloseOnExec = 1;
        const nint Create = 6;
        fixed (byte* type = Encoding.ASCII.GetBytes(fileSystem + "\0"))
        {
            using var context = new Descriptor((int)Libc.Syscall(FsOpen, (nint)type, CloseOnExec, 0));
            if (!context.IsOpen || Libc.Syscall(FsConfig, context.Number, Create, 0, 0, 0) < 0)
            {
                return -(int)Libc.LastErrno;
            }

            using var mount = new Descriptor((int)Libc.Syscall(FsMount, context.Number, CloseOnExec, 0));
            return mount.IsOpen ? OpenTop(mount.Number, ".") : -(int)Libc.LastErrno;
        }
    }

    /// <summary>
    /// Before Linux 5.2: a thread takes a mount namespace of its own, mounts there, opens the top and ends. The namespace ends with
    /// it; what is open stays. No other thread's view changes.
    /// </summary>
    private static int InPassing(string fileSystem)
    {
        var top = 0;
        var passing = new Thread(() => top = InOwnNamespace(fileSystem)) { Name = "private mount" };
        passing.Start();
        passing.Join();
        return top;
    }

    private static int InOwnNamespace(string fileSystem)
    {
        const nuint Recursive = 0x4000;
        const nuint Private = 0x40000;
        // Any directory will do: only this thread ever sees what covers it.
        const string Place = "/proc";
        return
            Libc.Unshare(Libc.CLONE_NEWNS) < 0
            || Libc.Mount("none", "/", null, Recursive | Private, 0) < 0
            || Libc.Mount("none", Place, fileSystem, 0, 0) < 0
            ? -(int)Libc.LastErrno
            : OpenTop(-1, Place);
    }

    private static int OpenTop(int directory, string path)
    {
        var top = Libc.OpenAt(directory, path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC);
        return top < 0 ? -(int)Libc.LastErrno : top;
    }
}
