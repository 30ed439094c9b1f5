using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Maps;

/// <summary>The values of an array in one block of guest memory, 8-byte aligned, with dead bytes between them.</summary>
internal sealed class ArrayBlock
{
    private const int Gap = 8;

    private readonly Arena _arena;
    private readonly ulong _start;
    private readonly long _stride;
    private readonly int _count;

    private ArrayBlock(Arena arena, ulong start, long stride, int count)
    {
        _arena = arena;
        _start = start;
        _stride = stride;
        _count = count;
    }

    /// <summary>A block of zeroed values, or null where memory has run out.</summary>
    public static ArrayBlock? Allocate(Arena arena, MapDefinition definition)
    {
        var stride = ((long)definition.ValueSize + 7 & ~7L) + Gap;
        var start = arena.AllocateDead(stride * definition.MaxEntries);
        if (start == 0)
        {
            return null;
        }

        if (arena.IsChecked)
        {
            for (var index = 0; index < definition.MaxEntries; index++)
            {
                arena.Enliven(start + (ulong)(index * stride), definition.ValueSize);
            }
        }

        return new ArrayBlock(arena, start, stride, definition.MaxEntries);
    }

    /// <summary>The guest address of a value, or 0 where the index is out of range.</summary>
    public ulong AddressOf(uint index) => index < (uint)_count ? _start + index * (ulong)_stride : 0;

    public void Retire() => _arena.Retire(_start);
}
