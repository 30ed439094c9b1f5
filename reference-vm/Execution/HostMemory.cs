using System.Runtime.InteropServices;

namespace Conformance.ReferenceVm.Execution;

/// <summary>A reserved stretch of host memory that costs only what was touched of it. It starts zeroed.</summary>
internal sealed unsafe partial class HostMemory : SafeHandle
{
    // Below this many touched bytes clearing is cheaper than giving the pages back and faulting them in again.
    private const long ClearInsteadOfReleasing = 1 << 20;

    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymousLinux = 0x02 | 0x20;
    private const int PrivateAnonymousMac = 0x02 | 0x1000;
    private const int NoReserveLinux = 0x4000;
    private const int NoReserveMac = 0x40;
    private const int DontNeed = 4;
    private const nint MapFailed = -1;
    private const uint WindowsReserve = 0x2000;
    private const uint WindowsCommit = 0x1000;
    private const uint WindowsRelease = 0x8000;
    private const uint WindowsReadWrite = 4;

    private readonly long _size;
    private long _committed;

    /// <summary>Reserves <paramref name="size"/> bytes.</summary>
    /// <exception cref="InvalidOperationException">The host refuses even the reservation.</exception>
    public HostMemory(long size)
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
        _size = size;
        if (OperatingSystem.IsWindows())
        {
            SetHandle(VirtualAlloc(0, (nuint)size, WindowsReserve, WindowsReadWrite));
        }
        else
        {
            var flags = OperatingSystem.IsMacOS()
                ? PrivateAnonymousMac | NoReserveMac
                : PrivateAnonymousLinux | NoReserveLinux;
            var address = MemoryMap(0, (nuint)size, ReadWrite, flags, -1, 0);
            SetHandle(address == MapFailed ? 0 : address);
            _committed = size;
        }

        if (IsInvalid)
        {
            throw new InvalidOperationException($"The host does not reserve {size} bytes of guest memory.");
        }
    }

    /// <summary>The first byte; page-aligned.</summary>
    public byte* Start => (byte*)handle;

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Makes the first <paramref name="bytes"/> bytes usable; false where the host has no more memory.</summary>
    public bool Commit(long bytes)
    {
        if (bytes <= _committed)
        {
            return true;
        }

        if (VirtualAlloc((nint)Start, (nuint)bytes, WindowsCommit, WindowsReadWrite) == 0)
        {
            return false;
        }

        _committed = bytes;
        return true;
    }

    /// <summary>Zeroes the first <paramref name="bytes"/> bytes.</summary>
    public void Clear(long bytes)
    {
        // Only Linux promises that pages given back with MADV_DONTNEED come back zeroed.
        if (bytes > ClearInsteadOfReleasing && OperatingSystem.IsLinux())
        {
            if (MemoryAdvise((nint)Start, (nuint)bytes, DontNeed) == 0)
            {
                return;
            }
        }

        NativeMemory.Clear(Start, (nuint)bytes);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() =>
        OperatingSystem.IsWindows()
            ? VirtualFree(handle, 0, WindowsRelease) != 0
            : MemoryUnmap(handle, (nuint)_size) == 0;

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MemoryMap(nint address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MemoryUnmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(nint address, nuint length, int advice);

    [LibraryImport("kernel32")]
    private static partial nint VirtualAlloc(nint address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32")]
    private static partial int VirtualFree(nint address, nuint size, uint type);
}
