using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Maps;

/// <summary><c>array</c>: a fixed number of values, all there from the start; keys are 32-bit indices.</summary>
public sealed class ArrayMap : Map
{
    private readonly ArrayBlock _block;

    private ArrayMap(MapDefinition definition, Arena arena, int id, ArrayBlock block)
        : base(definition, arena, id) => _block = block;

    internal static ArrayMap? Create(MapDefinition definition, Arena arena, int id) =>
        ArrayBlock.Allocate(arena, definition) is { } block ? new ArrayMap(definition, arena, id, block) : null;

    /// <inheritdoc/>
    public override ulong LookupAddress(ReadOnlySpan<byte> key, int cpu) => _block.AddressOf(ArrayKeys.Index(key));

    /// <summary>Only arrays of one element have a direct address: ENOTSUPP for others, EINVAL behind the value.</summary>
    public override Errno DirectValueAddress(uint offset, out ulong address)
    {
        address = 0;
        if (Definition.MaxEntries != 1)
        {
            return Errno.ENOTSUPP;
        }

        if (offset >= (uint)Definition.ValueSize)
        {
            return Errno.EINVAL;
        }

        address = _block.AddressOf(0) + offset;
        return Errno.None;
    }

    internal override int ElementAfter(int element, Span<byte> key, int cpu, out ulong value)
    {
        var next = ArrayKeys.ElementAfter(Definition, element, key);
        value = next < 0 ? 0 : LookupAddress(key, cpu);
        return next;
    }

    /// <inheritdoc/>
    public override Errno Lookup(ReadOnlySpan<byte> key, Span<byte> value, ulong flags)
    {
        if (UpdateFlags.CheckLookup(Definition, flags) is var error and not Errno.None)
        {
            return error;
        }

        var address = _block.AddressOf(ArrayKeys.Index(key));
        if (address == 0)
        {
            return Errno.ENOENT;
        }

        if ((flags & UpdateFlags.Lock) != 0)
        {
            ValueCopy.OutLocked(Arena, address, value[..Definition.ValueSize], Definition.SpinLockOffset!.Value);
        }
        else
        {
            ValueCopy.Out(Arena, address, value[..Definition.ValueSize], Definition.SpinLockOffset);
        }

        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        if (ArrayKeys.CheckUpdate(Definition, ArrayKeys.Index(key), flags) is var error and not Errno.None)
        {
            return error;
        }

        var address = _block.AddressOf(ArrayKeys.Index(key));
        if ((flags & UpdateFlags.Lock) != 0)
        {
            ValueCopy.InLocked(Arena, address, value[..Definition.ValueSize], Definition.SpinLockOffset!.Value);
        }
        else
        {
            ValueCopy.In(Arena, address, value[..Definition.ValueSize], Definition.SpinLockOffset);
        }

        return Errno.None;
    }

    /// <summary>Always EINVAL: elements of an array stay.</summary>
    public override Errno Delete(ReadOnlySpan<byte> key) => Errno.EINVAL;

    /// <inheritdoc/>
    public override Errno GetNextKey(ReadOnlySpan<byte> key, Span<byte> next) => ArrayKeys.Next(Definition, key, next);

    /// <inheritdoc/>
    public override void Free() => _block.Retire();
}
