using System.Runtime.CompilerServices;
using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Maps;

/// <summary>
/// Copies of whole values between guest memory and the machine: 8 bytes at a time, each a single access, because programs may be
/// working on the value. The value's lock, where it has one, is not part of its data.
/// </summary>
internal static unsafe class ValueCopy
{
    /// <summary>Copies a value out; where the lock is, zeros.</summary>
    public static void Out(Arena arena, ulong address, Span<byte> destination, int? lockOffset)
    {
        var source = arena.Host + (address - arena.Start);
        var done = 0;
        for (; done + sizeof(ulong) <= destination.Length; done += sizeof(ulong))
        {
            Unsafe.WriteUnaligned(ref destination[done], GuestAccess.Load64(source + done));
        }

        for (; done < destination.Length; done++)
        {
            destination[done] = Volatile.Read(ref source[done]);
        }

        if (lockOffset is { } offset)
        {
            destination.Slice(offset, LockWord.Size).Clear();
        }
    }

    /// <summary>Copies a value in, around the lock.</summary>
    public static void In(Arena arena, ulong address, ReadOnlySpan<byte> source, int? lockOffset)
    {
        if (lockOffset is { } offset)
        {
            Copy(arena, address, source[..offset]);
            var rest = offset + LockWord.Size;
            Copy(arena, address + (ulong)rest, source[rest..]);
        }
        else
        {
            Copy(arena, address, source);
        }
    }

    /// <summary>Takes the value's lock, copies out, gives it back.</summary>
    public static void OutLocked(Arena arena, ulong address, Span<byte> destination, int lockOffset)
    {
        var word = (uint*)(arena.Host + (address - arena.Start) + lockOffset);
        LockWord.Take(word);
        Out(arena, address, destination, lockOffset);
        LockWord.Release(word);
    }

    /// <summary>Takes the value's lock, copies in, gives it back.</summary>
    public static void InLocked(Arena arena, ulong address, ReadOnlySpan<byte> source, int lockOffset)
    {
        var word = (uint*)(arena.Host + (address - arena.Start) + lockOffset);
        LockWord.Take(word);
        In(arena, address, source, lockOffset);
        LockWord.Release(word);
    }

    private static void Copy(Arena arena, ulong address, ReadOnlySpan<byte> source)
    {
        var destination = arena.Host + (address - arena.Start);
        var done = 0;
        for (; done + sizeof(ulong) <= source.Length; done += sizeof(ulong))
        {
            GuestAccess.Store64(destination + done, Unsafe.ReadUnaligned<ulong>(in source[done]));
        }

        for (; done < source.Length; done++)
        {
            Volatile.Write(ref destination[done], source[done]);
        }
    }
}
