using System.Buffers.Binary;

namespace Conformance.ReferenceVm.Maps;

/// <summary>What the array types have in common: keys that are indices.</summary>
internal static class ArrayKeys
{
    public static uint Index(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt32LittleEndian(key);

    // An index out of range is E2BIG on update, but ENOENT on lookup.
    public static Errno CheckUpdate(MapDefinition definition, uint index, ulong flags)
    {
        if (UpdateFlags.CheckUpdate(definition, flags) is var error and not Errno.None)
        {
            return error;
        }

        if (index >= (uint)definition.MaxEntries)
        {
            return Errno.E2BIG;
        }

        return (flags & UpdateFlags.NoExist) != 0 ? Errno.EEXIST : Errno.None;
    }

    // The elements that bpf_for_each_map_elem visits: all, in order.
    public static int ElementAfter(MapDefinition definition, int element, Span<byte> key)
    {
        if (element + 1 >= definition.MaxEntries)
        {
            return -1;
        }

        BinaryPrimitives.WriteInt32LittleEndian(key, element + 1);
        return element + 1;
    }

    // From an index out of range iteration starts anew.
    public static Errno Next(MapDefinition definition, ReadOnlySpan<byte> key, Span<byte> next)
    {
        var index = key.IsEmpty ? uint.MaxValue : Index(key);
        if (index == (uint)definition.MaxEntries - 1)
        {
            return Errno.ENOENT;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(next, index >= (uint)definition.MaxEntries ? 0 : index + 1);
        return Errno.None;
    }
}
