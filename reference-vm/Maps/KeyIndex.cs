namespace Conformance.ReferenceVm.Maps;

/// <summary>
/// Keys of one size and the number of each: a hash table with chains in flat arrays, so that looking up allocates nothing and
/// adding only where it grows.
/// </summary>
internal sealed class KeyIndex
{
    public const int None = -1;

    private const int InitialCapacity = 8;

    private readonly int _keySize;
    private byte[] _keys;
    private int[] _next;
    private bool[] _used;
    private int[] _buckets;
    private int _free = None;
    private int _top;

    public KeyIndex(int keySize)
    {
        _keySize = keySize;
        _keys = new byte[keySize * InitialCapacity];
        _next = new int[InitialCapacity];
        _used = new bool[InitialCapacity];
        _buckets = NewBuckets(InitialCapacity);
    }

    /// <summary>Keys held.</summary>
    public int Count { get; private set; }

    /// <summary>The number of a key, or <see cref="None"/>.</summary>
    public int Find(ReadOnlySpan<byte> key)
    {
        for (var entry = _buckets[BucketOf(key)]; entry != None; entry = _next[entry])
        {
            if (KeyAt(entry).SequenceEqual(key))
            {
                return entry;
            }
        }

        return None;
    }

    /// <summary>Adds a key that is not there; returns its number: a small one, free numbers first.</summary>
    public int Add(ReadOnlySpan<byte> key)
    {
        int entry;
        if (_free != None)
        {
            entry = _free;
            _free = _next[entry];
        }
        else
        {
            if (_top == _next.Length)
            {
                Grow();
            }

            entry = _top++;
        }

        key.CopyTo(_keys.AsSpan(entry * _keySize, _keySize));
        _used[entry] = true;
        Chain(entry);
        Count++;
        return entry;
    }

    /// <summary>Removes a key; its number may be given to another.</summary>
    public void Remove(int entry)
    {
        ref var link = ref _buckets[BucketOf(KeyAt(entry))];
        while (link != entry)
        {
            link = ref _next[link];
        }

        link = _next[entry];
        _next[entry] = _free;
        _free = entry;
        _used[entry] = false;
        Count--;
    }

    /// <summary>The next number in use after this one (<see cref="None"/>: the first), or <see cref="None"/>.</summary>
    public int After(int entry)
    {
        for (entry++; entry < _top; entry++)
        {
            if (_used[entry])
            {
                return entry;
            }
        }

        return None;
    }

    /// <summary>The key with this number.</summary>
    public ReadOnlySpan<byte> KeyAt(int entry) => _keys.AsSpan(entry * _keySize, _keySize);

    private static int[] NewBuckets(int count)
    {
        var buckets = new int[count];
        Array.Fill(buckets, None);
        return buckets;
    }

    private uint BucketOf(ReadOnlySpan<byte> key)
    {
        var hash = new HashCode();
        hash.AddBytes(key);
        return (uint)hash.ToHashCode() & (uint)(_buckets.Length - 1);
    }

    private void Chain(int entry)
    {
        ref var bucket = ref _buckets[BucketOf(KeyAt(entry))];
        _next[entry] = bucket;
        bucket = entry;
    }

    private void Grow()
    {
        var capacity = _next.Length * 2;
        Array.Resize(ref _keys, checked(capacity * _keySize));
        Array.Resize(ref _next, capacity);
        Array.Resize(ref _used, capacity);
        _buckets = NewBuckets(capacity);
        for (var entry = 0; entry < _top; entry++)
        {
            Chain(entry);
        }
    }
}
