using Conformance.ReferenceVm.Execution;

namespace Conformance.ReferenceVm.Maps;

/// <summary>
/// A map. User space reaches it through spans (the shape of bpf(2)), programs through guest addresses in the arena.
/// Checks that belong to a file descriptor (read-only, frozen) are the machine's, not the map's. All members may be called from
/// any thread.
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
    public int UserValueSize => UserSize(0);

    /// <summary><see cref="UserValueSize"/> where flags may ask for the value of one CPU (BPF_F_CPU, BPF_F_ALL_CPUS).</summary>
    public virtual int UserSize(ulong flags) => Definition.ValueSize;

    /// <summary>Whether the helpers that look up, update and delete elements may be given this map.</summary>
    public virtual bool HasElementsForPrograms => true;

    /// <summary>BPF_MAP_LOOKUP_ELEM: copies <see cref="UserSize"/> bytes.</summary>
    public abstract Errno Lookup(ReadOnlySpan<byte> key, Span<byte> value, ulong flags);

    /// <summary>BPF_MAP_UPDATE_ELEM: reads <see cref="UserSize"/> bytes.</summary>
    public abstract Errno Update(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags);

    /// <summary>BPF_MAP_DELETE_ELEM, and bpf_map_delete_elem.</summary>
    public abstract Errno Delete(ReadOnlySpan<byte> key);

    /// <summary>BPF_MAP_GET_NEXT_KEY; an empty key asks for the first.</summary>
    public abstract Errno GetNextKey(ReadOnlySpan<byte> key, Span<byte> next);

    /// <summary>BPF_MAP_LOOKUP_AND_DELETE_ELEM. Flags are checked before anything else.</summary>
    public virtual Errno LookupAndDelete(ReadOnlySpan<byte> key, Span<byte> value, ulong flags) =>
        UpdateFlags.CheckLookup(Definition, flags) is var error and not Errno.None ? error : Errno.ENOTSUPP;

    /// <summary>BPF_MAP_{LOOKUP,LOOKUP_AND_DELETE,UPDATE,DELETE}_BATCH.</summary>
    public virtual Errno Batch() => Errno.ENOTSUPP;

    /// <summary>bpf_map_lookup_elem: the guest address of the value, or 0.</summary>
    public virtual ulong LookupAddress(ReadOnlySpan<byte> key, int cpu) => 0;

    /// <summary>
    /// The guest address of a byte in the map's one value, for instructions that refer to it directly. EINVAL for types that
    /// do not support it and for an offset behind the value.
    /// </summary>
    public virtual Errno DirectValueAddress(uint offset, out ulong address)
    {
        address = 0;
        return Errno.EINVAL;
    }

    /// <summary>bpf_map_update_elem: reads value_size bytes; per-CPU types write this CPU's area only.</summary>
    public virtual Errno UpdateFromProgram(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags, int cpu) =>
        Update(key, value, flags);

    /// <summary>
    /// bpf_for_each_map_elem: the number of the element after one (-1: the first), with its key, and the guest address of its value for a
    /// CPU. -1 where there is none; not for types without elements for programs.
    /// </summary>
    internal virtual int ElementAfter(int element, Span<byte> key, int cpu, out ulong value)
    {
        value = 0;
        return -1;
    }

    /// <summary>Gives the map's memory back. Called once, when nothing refers to the map any more.</summary>
    public abstract void Free();
}
