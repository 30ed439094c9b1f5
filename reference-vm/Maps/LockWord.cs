using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Maps;

/// <summary>The 4 bytes of a <c>bpf_spin_lock</c> in a map value: 0 is free, 1 is taken. Programs and user space take it the same way.</summary>
internal static unsafe class LockWord
{
    /// <summary>Size and alignment in bytes.</summary>
    public const int Size = sizeof(uint);

    private const uint Unlocked = 0;
    private const uint Locked = 1;

    /// <summary>The lock at a guest address; false where there can be none.</summary>
    public static bool TryAt(Arena arena, ulong address, out uint* word)
    {
        var offset = address - arena.Start;
        var valid = offset % Size == 0 && arena.Admits(offset, Size);
        word = valid ? (uint*)(arena.Host + offset) : null;
        return valid;
    }

    public static bool TryTake(uint* word) => Interlocked.CompareExchange(ref *word, Locked, Unlocked) == Unlocked;

    public static void Take(uint* word)
    {
        var wait = new SpinWait();
        while (!TryTake(word))
        {
            wait.SpinOnce();
        }
    }

    public static void Release(uint* word) => Volatile.Write(ref *word, Unlocked);
}
