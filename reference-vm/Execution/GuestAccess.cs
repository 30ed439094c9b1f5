using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// Single accesses to guest memory: never cached, hoisted, merged or split by the host's compiler. Any alignment; a misaligned
/// access is one host access on x86 and may be several elsewhere, as on the machines eBPF runs on.
/// </summary>
internal static unsafe class GuestAccess
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Load16(byte* address) =>
        X86Base.IsSupported || ((nuint)address & 1) == 0
            ? Volatile.Read(ref *(ushort*)address)
            : Unsafe.ReadUnaligned<ushort>(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Load32(byte* address) =>
        X86Base.IsSupported || ((nuint)address & 3) == 0
            ? Volatile.Read(ref *(uint*)address)
            : Unsafe.ReadUnaligned<uint>(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load64(byte* address) =>
        X86Base.IsSupported || ((nuint)address & 7) == 0
            ? Volatile.Read(ref *(ulong*)address)
            : Unsafe.ReadUnaligned<ulong>(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store16(byte* address, ushort value)
    {
        if (X86Base.IsSupported || ((nuint)address & 1) == 0)
        {
            Volatile.Write(ref *(ushort*)address, value);
        }
        else
        {
            Unsafe.WriteUnaligned(address, value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store32(byte* address, uint value)
    {
        if (X86Base.IsSupported || ((nuint)address & 3) == 0)
        {
            Volatile.Write(ref *(uint*)address, value);
        }
        else
        {
            Unsafe.WriteUnaligned(address, value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store64(byte* address, ulong value)
    {
        if (X86Base.IsSupported || ((nuint)address & 7) == 0)
        {
            Volatile.Write(ref *(ulong*)address, value);
        }
        else
        {
            Unsafe.WriteUnaligned(address, value);
        }
    }
}
