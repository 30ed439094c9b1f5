namespace Conformance.Harness.Machines;

/// <summary>
/// BPF_MAP_GET_FD_BY_ID: opens one more descriptor of a map, under a name of its own. <paramref name="Of"/> is the name that the map was created
/// under, whether or not that descriptor is still open; the new one permits reading and writing. Fails with ENOENT where the map is gone.
/// A descriptor that the name stood for is closed first.
/// </summary>
public sealed record MapReopen(string Map, string Of) : Operation;

/// <summary>One of the four batch commands of bpf(2) on a storage map, for one element.</summary>
public sealed record MapBatch(string Map, MapBatchCommand Command) : Operation;

/// <summary>The batch commands.</summary>
public enum MapBatchCommand
{
    /// <summary>BPF_MAP_LOOKUP_BATCH.</summary>
    Lookup,

    /// <summary>BPF_MAP_LOOKUP_AND_DELETE_BATCH.</summary>
    LookupAndDelete,

    /// <summary>BPF_MAP_UPDATE_BATCH.</summary>
    Update,

    /// <summary>BPF_MAP_DELETE_BATCH.</summary>
    Delete,
}

/// <summary>
/// A command of bpf(2) on an element with one pointer null and zero flags. <paramref name="Key"/> is the key where it is not what is null; without
/// one, BPF_MAP_GET_NEXT_KEY asks for the first.
/// </summary>
public sealed record MapNullPointer(string Map, MapElementCommand Command, MapPointer Null, MapKey? Key = null)
    : Operation;

/// <summary>The commands on elements.</summary>
public enum MapElementCommand
{
    /// <summary>BPF_MAP_LOOKUP_ELEM.</summary>
    LookupElem,

    /// <summary>BPF_MAP_LOOKUP_AND_DELETE_ELEM.</summary>
    LookupAndDeleteElem,

    /// <summary>BPF_MAP_UPDATE_ELEM.</summary>
    UpdateElem,

    /// <summary>BPF_MAP_DELETE_ELEM.</summary>
    DeleteElem,

    /// <summary>BPF_MAP_GET_NEXT_KEY.</summary>
    GetNextKey,
}

/// <summary>What a command on an element points to.</summary>
public enum MapPointer
{
    /// <summary>The key.</summary>
    Key,

    /// <summary>The value or, of BPF_MAP_GET_NEXT_KEY, the next key.</summary>
    Value,
}

/// <summary>
/// Treats a storage map as a file: mmap(2) of a page, read(2) or write(2) of eight bytes on its descriptor, or open(2) for reading of its name in a BPF file
/// system.
/// </summary>
public sealed record MapFile(string Map, MapFileCall Call) : Operation;

/// <summary>System calls on files.</summary>
public enum MapFileCall
{
    /// <summary>mmap(2) for reading, shared.</summary>
    Mmap,

    /// <summary>read(2).</summary>
    Read,

    /// <summary>write(2).</summary>
    Write,

    /// <summary>BPF_OBJ_PIN in a BPF file system, and open(2) of the pin for reading.</summary>
    OpenPinned,
}

/// <summary>BPF_PROG_BIND_MAP: the program keeps the map alive.</summary>
public sealed record ProgBindMap(string Program, string Map) : Operation;
