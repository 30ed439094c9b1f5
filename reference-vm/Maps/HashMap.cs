using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Maps;

/// <summary><c>hash</c>. An update puts a new value in the old one's place; runs that hold the old one may use it to their end.</summary>
public sealed class HashMap : Map
{
    private readonly KeyIndex _keys;
    private readonly Lock _lock = new();
    private ulong[] _values = [];

    internal HashMap(MapDefinition definition, Arena arena, int id)
        : base(definition, arena, id) => _keys = new KeyIndex(definition.KeySize);

    /// <inheritdoc/>
    public override ulong LookupAddress(ReadOnlySpan<byte> key, int cpu)
    {
        lock (_lock)
        {
            return AddressOf(key);
        }
    }

    internal override int ElementAfter(int element, Span<byte> key, int cpu, out ulong value)
    {
        lock (_lock)
        {
            var next = _keys.After(element);
            value = 0;
            if (next != KeyIndex.None)
            {
                _keys.KeyAt(next).CopyTo(key);
                value = _values[next];
            }

            return next;
        }
    }

    /// <inheritdoc/>
    public override Errno Lookup(ReadOnlySpan<byte> key, Span<byte> value, ulong flags)
    {
        if (UpdateFlags.CheckLookup(Definition, flags) is var error and not Errno.None)
        {
            return error;
        }

        lock (_lock)
        {
            var address = AddressOf(key);
            if (address == 0)
            {
                return Errno.ENOENT;
            }

            CopyOut(address, value, flags);
            return Errno.None;
        }
    }

    /// <inheritdoc/>
    public override Errno LookupAndDelete(ReadOnlySpan<byte> key, Span<byte> value, ulong flags)
    {
        if (UpdateFlags.CheckLookup(Definition, flags) is var error and not Errno.None)
        {
            return error;
        }

        lock (_lock)
        {
            var address = AddressOf(key);
            if (address == 0)
            {
                return Errno.ENOENT;
            }

            CopyOut(address, value, flags);
            return Remove(_keys.Find(key));
        }
    }

    /// <inheritdoc/>
    public override Errno Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        if (UpdateFlags.CheckUpdate(Definition, flags) is var error and not Errno.None)
        {
            return error;
        }

        lock (_lock)
        {
            var entry = _keys.Find(key);
            var exists = entry != KeyIndex.None;
            if (exists && (flags & UpdateFlags.NoExist) != 0)
            {
                return Errno.EEXIST;
            }

            if (!exists && (flags & UpdateFlags.Exist) != 0)
            {
                return Errno.ENOENT;
            }

            var data = value[..Definition.ValueSize];
            if (exists && (flags & UpdateFlags.Lock) != 0)
            {
                ValueCopy.InLocked(Arena, _values[entry], data, Definition.SpinLockOffset!.Value);
                return Errno.None;
            }

            if (!exists && _keys.Count == Definition.MaxEntries)
            {
                return Errno.E2BIG;
            }

            var address = Arena.Allocate(Definition.ValueSize);
            if (address == 0)
            {
                return Errno.ENOMEM;
            }

            ValueCopy.In(Arena, address, data, Definition.SpinLockOffset);
            if (exists)
            {
                Arena.Retire(_values[entry]);
            }
            else
            {
                entry = _keys.Add(key);
                if (entry >= _values.Length)
                {
                    Array.Resize(ref _values, Math.Max(entry + 1, _values.Length * 2));
                }
            }

            _values[entry] = address;
            return Errno.None;
        }
    }

    /// <summary>ENOENT where the key is missing.</summary>
    public override Errno Delete(ReadOnlySpan<byte> key)
    {
        lock (_lock)
        {
            var entry = _keys.Find(key);
            return entry == KeyIndex.None ? Errno.ENOENT : Remove(entry);
        }
    }

    /// <summary>In no particular order; a key that is missing starts anew.</summary>
    public override Errno GetNextKey(ReadOnlySpan<byte> key, Span<byte> next)
    {
        lock (_lock)
        {
            var entry = _keys.After(key.IsEmpty ? KeyIndex.None : _keys.Find(key));
            if (entry == KeyIndex.None)
            {
                return Errno.ENOENT;
            }

            _keys.KeyAt(entry).CopyTo(next);
            return Errno.None;
        }
    }

    /// <inheritdoc/>
    public override void Free()
    {
        lock (_lock)
        {
            for (var entry = _keys.After(KeyIndex.None); entry != KeyIndex.None; entry = _keys.After(entry))
            {
                Remove(entry);
            }
        }
    }

    private ulong AddressOf(ReadOnlySpan<byte> key)
    {
        var entry = _keys.Find(key);
        return entry == KeyIndex.None ? 0 : _values[entry];
    }

    private void CopyOut(ulong address, Span<byte> value, ulong flags)
    {
        var data = value[..Definition.ValueSize];
        if ((flags & UpdateFlags.Lock) != 0)
        {
            ValueCopy.OutLocked(Arena, address, data, Definition.SpinLockOffset!.Value);
        }
        else
        {
            ValueCopy.Out(Arena, address, data, Definition.SpinLockOffset);
        }
    }

    private Errno Remove(int entry)
    {
        _keys.Remove(entry);
        Arena.Retire(_values[entry]);
        return Errno.None;
    }
}
