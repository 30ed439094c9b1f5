using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Maps;

/// <summary>
/// A map. User space reaches it through spans (the shape of bpf(2)), programs through guest addresses in the arena.
/// Checks that belong to a file descriptor (read-only, frozen) are the machine's, not the map's.
/// </summary>
public abstract class Map
{
    /// <summary>Creates the common part.</summary>
    protected Map(MapDefinition definition, Arena arena, int id)
    {
        Definition = definition;
        Arena = arena;
        Id = id;
    }

    /// <summary>What user space asked for.</summary>
    public MapDefinition Definition { get; }

    /// <summary>The machine-wide id, from 1.</summary>
    public int Id { get; }

    /// <summary>The memory values lie in.</summary>
    protected Arena Arena { get; }

    /// <summary>Bytes that a user-space lookup writes and an update reads: value_size, or 8-rounded times possible CPUs for per-CPU types.</summary>
    public virtual int UserValueSize => Definition.ValueSize;

    /// <summary>BPF_MAP_LOOKUP_ELEM.</summary>
    public abstract Errno Lookup(ReadOnlySpan<byte> key, Span<byte> value, ulong flags);

    /// <summary>BPF_MAP_UPDATE_ELEM.</summary>
    public abstract Errno Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags);

    /// <summary>BPF_MAP_DELETE_ELEM.</summary>
    public abstract Errno Delete(ReadOnlySpan<byte> key);

    /// <summary>BPF_MAP_GET_NEXT_KEY; an empty key asks for the first.</summary>
    public abstract Errno GetNextKey(ReadOnlySpan<byte> key, Span<byte> next);

    /// <summary>bpf_map_lookup_elem: the guest address of the value, or 0.</summary>
    public virtual ulong LookupAddress(ReadOnlySpan<byte> key, int cpu) => 0;

    /// <summary>Gives the map's memory back. Called once, when nothing refers to the map any more.</summary>
    public abstract void Free();
}
