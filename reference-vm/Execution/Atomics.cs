using Conformance.ReferenceVm.Isa;

namespace Conformance.ReferenceVm.Execution;

/// <summary>
/// Atomics as host atomics on naturally aligned guest memory (RFC 9669 section 5.3), so that instances on real threads see each
/// other's. All are sequentially consistent, which is more than the ones without fetch promise.
/// </summary>
internal static unsafe class Atomics
{
    /// <summary>A 64-bit read-modify-write. The slot's immediate is the operation.</summary>
    public static void Execute64(Slot* at, ulong* registers, byte* address)
    {
        ref var target = ref *(ulong*)address;
        ref var source = ref registers[at->Source];
        switch ((AtomicOperation)at->Immediate)
        {
            case AtomicOperation.Add:
                Interlocked.Add(ref target, source);
                break;
            case AtomicOperation.FetchAdd:
                source = Interlocked.Add(ref target, source) - source;
                break;
            case AtomicOperation.Or:
                Interlocked.Or(ref target, source);
                break;
            case AtomicOperation.FetchOr:
                source = Interlocked.Or(ref target, source);
                break;
            case AtomicOperation.And:
                Interlocked.And(ref target, source);
                break;
            case AtomicOperation.FetchAnd:
                source = Interlocked.And(ref target, source);
                break;
            case AtomicOperation.Xor:
                Xor(ref target, source);
                break;
            case AtomicOperation.FetchXor:
                source = Xor(ref target, source);
                break;
            case AtomicOperation.Exchange:
                source = Interlocked.Exchange(ref target, source);
                break;
            case AtomicOperation.CompareExchange:
                ref var result = ref registers[Register.Result];
                result = Interlocked.CompareExchange(ref target, source, result);
                break;
            default:
                throw new InvalidOperationException("The decoder lets no other atomic pass.");
        }
    }

    /// <summary>A 32-bit read-modify-write on the lower halves; old values are zero-extended.</summary>
    public static void Execute32(Slot* at, ulong* registers, byte* address)
    {
        ref var target = ref *(uint*)address;
        ref var source = ref registers[at->Source];
        var operand = (uint)source;
        switch ((AtomicOperation)at->Immediate)
        {
            case AtomicOperation.Add:
                Interlocked.Add(ref target, operand);
                break;
            case AtomicOperation.FetchAdd:
                source = Interlocked.Add(ref target, operand) - operand;
                break;
            case AtomicOperation.Or:
                Interlocked.Or(ref target, operand);
                break;
            case AtomicOperation.FetchOr:
                source = Interlocked.Or(ref target, operand);
                break;
            case AtomicOperation.And:
                Interlocked.And(ref target, operand);
                break;
            case AtomicOperation.FetchAnd:
                source = Interlocked.And(ref target, operand);
                break;
            case AtomicOperation.Xor:
                Xor(ref target, operand);
                break;
            case AtomicOperation.FetchXor:
                source = Xor(ref target, operand);
                break;
            case AtomicOperation.Exchange:
                source = Interlocked.Exchange(ref target, operand);
                break;
            case AtomicOperation.CompareExchange:
                ref var result = ref registers[Register.Result];
                result = Interlocked.CompareExchange(ref target, operand, (uint)result);
                break;
            default:
                throw new InvalidOperationException("The decoder lets no other atomic pass.");
        }
    }

    /// <summary>Load with acquire ordering, zero-extended.</summary>
    public static ulong LoadAcquire(byte* address, int size) =>
        size switch
        {
            sizeof(byte) => Volatile.Read(ref *address),
            sizeof(ushort) => Volatile.Read(ref *(ushort*)address),
            sizeof(uint) => Volatile.Read(ref *(uint*)address),
            _ => Volatile.Read(ref *(ulong*)address),
        };

    /// <summary>Store with release ordering of the lower bytes.</summary>
    public static void StoreRelease(byte* address, int size, ulong value)
    {
        switch (size)
        {
            case sizeof(byte):
                Volatile.Write(ref *address, (byte)value);
                break;
            case sizeof(ushort):
                Volatile.Write(ref *(ushort*)address, (ushort)value);
                break;
            case sizeof(uint):
                Volatile.Write(ref *(uint*)address, (uint)value);
                break;
            default:
                Volatile.Write(ref *(ulong*)address, value);
                break;
        }
    }

    // The host has no atomic exclusive or.
    private static ulong Xor(ref ulong target, ulong operand)
    {
        var old = Volatile.Read(ref target);
        while (true)
        {
            var seen = Interlocked.CompareExchange(ref target, old ^ operand, old);
            if (seen == old)
            {
                return old;
            }

            old = seen;
        }
    }

    private static uint Xor(ref uint target, uint operand)
    {
        var old = Volatile.Read(ref target);
        while (true)
        {
            var seen = Interlocked.CompareExchange(ref target, old ^ operand, old);
            if (seen == old)
            {
                return old;
            }

            old = seen;
        }
    }
}
