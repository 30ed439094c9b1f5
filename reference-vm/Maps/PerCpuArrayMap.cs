using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Maps;

/// <summary><c>percpu_array</c>: an array of which every CPU has its own. User space sees the values of all CPUs, 8-byte aligned, in order.</summary>
public sealed class PerCpuArrayMap : Map
{
    private readonly ArrayBlock[] _blocks;
    private readonly PerCpuValues _values;

    private PerCpuArrayMap(MapDefinition definition, Arena arena, int id, ArrayBlock[] blocks, Behaviour behaviour)
        : base(definition, arena, id)
    {
        _blocks = blocks;
        _values = new PerCpuValues(arena, definition.ValueSize, blocks.Length, behaviour);
    }

    internal static PerCpuArrayMap? Create(MapDefinition definition, Arena arena, int id, int cpus, Behaviour behaviour)
    {
        var blocks = new ArrayBlock[cpus];
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            if (ArrayBlock.Allocate(arena, definition) is not { } block)
            {
                foreach (var taken in blocks.AsSpan(0, cpu))
                {
                    taken.Retire();
                }

                return null;
            }

            blocks[cpu] = block;
        }

        return new PerCpuArrayMap(definition, arena, id, blocks, behaviour);
    }

    /// <inheritdoc/>
    public override int UserSize(ulong flags) => _values.UserSize(flags);

    /// <inheritdoc/>
    public override ulong LookupAddress(ReadOnlySpan<byte> key, int cpu) =>
        _blocks[cpu].AddressOf(ArrayKeys.Index(key));

    internal override int ElementAfter(int element, Span<byte> key, int cpu, out ulong value)
    {
        var next = ArrayKeys.ElementAfter(Definition, element, key);
        value = next < 0 ? 0 : LookupAddress(key, cpu);
        return next;
    }

    /// <inheritdoc/>
    public override Errno Lookup(ReadOnlySpan<byte> key, Span<byte> value, ulong flags)
    {
        if (_values.CheckLookup(flags) is var error and not Errno.None)
        {
            return error;
        }

        var index = ArrayKeys.Index(key);
        if (index >= (uint)Definition.MaxEntries)
        {
            return Errno.ENOENT;
        }

        _values.Out(AddressesOf(index), value, flags);

        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        var index = ArrayKeys.Index(key);
        var error = _values.CheckUpdate(flags, UpdateFlags.NoExist | UpdateFlags.Exist);
        if (error == Errno.None)
        {
            error = ArrayKeys.CheckUpdate(Definition, index, flags & (UpdateFlags.NoExist | UpdateFlags.Exist));
        }

        if (error != Errno.None)
        {
            return error;
        }

        _values.In(AddressesOf(index), value, flags);

        return Errno.None;
    }

    /// <inheritdoc/>
    public override Errno UpdateFromProgram(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags, int cpu)
    {
        var index = ArrayKeys.Index(key);
        if (ArrayKeys.CheckUpdate(Definition, index, flags) is var error and not Errno.None)
        {
            return error;
        }

        ValueCopy.In(Arena, _blocks[cpu].AddressOf(index), value[..Definition.ValueSize], null);
        return Errno.None;
    }

    /// <summary>Always EINVAL: elements of an array stay.</summary>
    public override Errno Delete(ReadOnlySpan<byte> key) => Errno.EINVAL;

    /// <inheritdoc/>
    public override Errno GetNextKey(ReadOnlySpan<byte> key, Span<byte> next) => ArrayKeys.Next(Definition, key, next);

    /// <inheritdoc/>
    public override void Free()
    {
        foreach (var block in _blocks)
        {
            block.Retire();
        }
    }

    private ulong[] AddressesOf(uint index) => Array.ConvertAll(_blocks, block => block.AddressOf(index));
}
