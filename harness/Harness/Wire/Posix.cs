using System.Runtime.InteropServices;

namespace Conformance.Harness.Wire;

/// <summary>The calls of POSIX that a child process and its pipes need. A negative result leaves the error in the last P/Invoke error.</summary>
internal static unsafe partial class Posix
{
    public const int SIGTERM = 15;
    public const int SIGKILL = 9;
    public const int SIGPIPE = 13;
    public const short POLLIN = 1;
    public const short POLLOUT = 4;
    public const short POLLERR = 8;
    public const int EINTR = 4;
    public const int WNOHANG = 1;
    public const int WEXITED = 4;
    public const int P_PID = 1;
    public const int F_SETFD = 2;
    public const int F_SETFL = 4;
    public const int FD_CLOEXEC = 1;
    public const short POSIX_SPAWN_SETPGROUP = 2;
    public const short POSIX_SPAWN_SETSIGDEF = 4;
    public const short POSIX_SPAWN_SETSIGMASK = 8;

    /// <summary>More than any C library's posix_spawnattr_t, posix_spawn_file_actions_t or sigset_t takes.</summary>
    public const int OpaqueSize = 1024;

    private const int MacWouldBlock = 35;
    private const int LinuxWouldBlock = 11;
    private const string C = "libc";

    public static int O_NONBLOCK => OperatingSystem.IsMacOS() ? 4 : 0x800;

    public static int WNOWAIT => OperatingSystem.IsMacOS() ? 0x20 : 0x0100_0000;

    /// <summary>EAGAIN: nothing to read, or no room to write.</summary>
    public static int WouldBlock => OperatingSystem.IsMacOS() ? MacWouldBlock : LinuxWouldBlock;

    public static int LastError => Marshal.GetLastPInvokeError();

    [LibraryImport(C, EntryPoint = "pipe", SetLastError = true)]
    public static partial int Pipe(int* ends);

    [LibraryImport(C, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Fcntl(int fd, int command, int argument);

    [LibraryImport(C, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int fd);

    [LibraryImport(C, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int fd, byte* buffer, nint count);

    [LibraryImport(C, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int fd, byte* buffer, nint count);

    [LibraryImport(C, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(Polled* files, nuint count, int milliseconds);

    [LibraryImport(C, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport(C, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int process, int* status, int options);

    /// <param name="information">siginfo_t, whose first member is the signal's number.</param>
    [LibraryImport(C, EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int kind, int process, int* information, int options);

    [LibraryImport(C, EntryPoint = "sigemptyset")]
    public static partial int EmptySet(byte* signals);

    [LibraryImport(C, EntryPoint = "sigaddset")]
    public static partial int AddToSet(byte* signals, int signal);

    [LibraryImport(C, EntryPoint = "posix_spawnp")]
    public static partial int Spawn(int* process, byte* file, byte* actions, byte* attributes, byte** args, byte** env);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitActions(byte* actions);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyActions(byte* actions);

    [LibraryImport(C, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate(byte* actions, int fd, int target);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_init")]
    public static partial int InitAttributes(byte* attributes);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_destroy")]
    public static partial int DestroyAttributes(byte* attributes);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags(byte* attributes, short flags);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setpgroup")]
    public static partial int SetProcessGroup(byte* attributes, int group);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetDefaultSignals(byte* attributes, byte* signals);

    [LibraryImport(C, EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetSignalMask(byte* attributes, byte* signals);

    /// <summary>The text of an error.</summary>
    public static string TextOf(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Polled
    {
        public int File;
        public short Wanted;
        public short Seen;
    }
}
