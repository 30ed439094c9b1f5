using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Machines;

/// <summary>
/// One request to a virtual machine. Names and shapes mirror bpf(2); the wire protocol has the same operations under the same
/// names in snake case (<c>map_lookup_elem</c>). Objects are named by the client, so that requests can be sent without waiting
/// for answers. All of them live until the machine is reset.
/// </summary>
public abstract record Operation;

/// <summary>Creates a cgroup below <paramref name="Parent"/>, or at the top of the test's own hierarchy.</summary>
public sealed record CgroupCreate(string Cgroup, string? Parent = null) : Operation;

/// <summary>Removes a cgroup (rmdir): EBUSY while it has children.</summary>
public sealed record CgroupRemove(string Cgroup) : Operation;

/// <summary>BPF_MAP_CREATE. <paramref name="Type"/> is a number so that unknown types can be asked for.</summary>
public sealed record MapCreate(string Map, MapType Type, int KeySize, int ValueSize, int MaxEntries, uint Flags = 0)
    : Operation
{
    /// <summary>Byte offset of a <c>bpf_spin_lock</c> in the value, where it has one.</summary>
    public int? SpinLockOffset { get; init; }

    /// <summary>numa_node; null passes 0.</summary>
    public int? NumaNode { get; init; }

    /// <summary>map_extra.</summary>
    public ulong Extra { get; init; }

    /// <summary>For maps of maps: the map that says what the inner ones are like.</summary>
    public string? InnerMap { get; init; }

    /// <summary>Type information for the key, where there is any.</summary>
    public TypeDescription? KeyType { get; init; }

    /// <summary>Type information for the value, where there is any.</summary>
    public TypeDescription? ValueType { get; init; }

    /// <summary>excl_prog_hash, with its length as excl_prog_hash_size: the SHA-256 of the only program that may refer to the map; null: any may.</summary>
    public byte[]? ExclusiveProgramHash { get; init; }

    /// <summary>Capabilities that the creator does without; see <see cref="Capability"/>.</summary>
    public IReadOnlyList<Capability> Without { get; init; } = [];
}

/// <summary>Closes the client's descriptor of a map; the map lives on while programs refer to it.</summary>
public sealed record MapClose(string Map) : Operation;

/// <summary>BPF_MAP_LOOKUP_ELEM. The answer's <see cref="Answer.Value"/> is what user space receives, per-CPU areas in order.</summary>
public sealed record MapLookupElem(string Map, MapKey Key, ulong Flags = 0) : Operation;

/// <summary>BPF_MAP_UPDATE_ELEM. <paramref name="Value"/> is the whole user buffer, per-CPU areas in order.</summary>
public sealed record MapUpdateElem(string Map, MapKey Key, byte[] Value, ulong Flags = 0) : Operation;

/// <summary>BPF_MAP_UPDATE_ELEM of a <c>prog_array</c>: the value is a program.</summary>
public sealed record ProgArrayUpdate(string Map, int Index, string Program) : Operation;

/// <summary>BPF_MAP_DELETE_ELEM.</summary>
public sealed record MapDeleteElem(string Map, MapKey Key) : Operation;

/// <summary>BPF_MAP_LOOKUP_AND_DELETE_ELEM.</summary>
public sealed record MapLookupAndDeleteElem(string Map, MapKey Key, ulong Flags = 0) : Operation;

/// <summary>BPF_MAP_GET_NEXT_KEY; no key asks for the first.</summary>
public sealed record MapGetNextKey(string Map, MapKey? Key = null) : Operation;

/// <summary>BPF_MAP_FREEZE.</summary>
public sealed record MapFreeze(string Map) : Operation;

/// <summary>
/// BPF_PROG_LOAD. <paramref name="Instructions"/> is little-endian bytecode, 8 bytes a slot; the 64-bit immediate loads named in
/// <paramref name="Maps"/> carry map references (the machine fills in whatever a reference is to it).
/// </summary>
public sealed record ProgLoad(
    string Program,
    ProgramType Type,
    AttachType ExpectedAttachType,
    byte[] Instructions,
    IReadOnlyList<MapReference> Maps
) : Operation
{
    /// <summary>BPF_F_* load flags: 1 strict alignment, 2 any alignment, 8 test state frequency, 16 sleepable.</summary>
    public uint Flags { get; init; }

    /// <summary>Verifier log level as in bpf(2); a refusal's reason is answered at any level.</summary>
    public int LogLevel { get; init; }

    /// <summary>Maps that the program refers to without naming them in an instruction (fd_array with fd_array_cnt).</summary>
    public IReadOnlyList<string> AlsoRefersTo { get; init; } = [];

    /// <summary>Functions of global linkage; all others are static.</summary>
    public IReadOnlyList<GlobalFunction> GlobalFunctions { get; init; } = [];

    /// <summary>Capabilities that the loader does without; see <see cref="Capability"/>.</summary>
    public IReadOnlyList<Capability> Without { get; init; } = [];
}

/// <summary>What the caller of bpf(2) may be permitted. Without one of them it is without CAP_SYS_ADMIN too, which would include them.</summary>
public enum Capability
{
    /// <summary>CAP_BPF: to create maps and load programs.</summary>
    Bpf,

    /// <summary>CAP_PERFMON: for programs that treat pointers as numbers.</summary>
    Perfmon,

    /// <summary>CAP_NET_ADMIN: for programs of the cgroup types other than cgroup_skb.</summary>
    NetAdmin,
}

/// <summary>A map reference of a program.</summary>
/// <param name="Instruction">Slot of the 64-bit immediate load.</param>
/// <param name="Map">Name of the map.</param>
public readonly record struct MapReference(int Instruction, string Map);

/// <summary>A function of global linkage, which takes 64-bit numbers and returns one.</summary>
/// <param name="Instruction">Its first slot.</param>
/// <param name="Parameters">How many numbers it takes.</param>
public readonly record struct GlobalFunction(int Instruction, int Parameters);

/// <summary>Closes the client's descriptor of a program; an attached program lives on.</summary>
public sealed record ProgClose(string Program) : Operation;

/// <summary>BPF_PROG_ATTACH. <paramref name="Flags"/> are the BPF_F_* attach bits.</summary>
public sealed record ProgAttach(string Program, string Cgroup, AttachType AttachType, uint Flags = 0) : Operation
{
    /// <summary>replace_bpf_fd: the program to replace (with BPF_F_REPLACE). Without one, a descriptor that is not open is passed.</summary>
    public string? Replace { get; init; }

    /// <summary>relative_fd: the program or, with BPF_F_LINK, the link that BPF_F_BEFORE or BPF_F_AFTER refers to.</summary>
    public string? Relative { get; init; }

    /// <summary>expected_revision; 0 is none.</summary>
    public ulong ExpectedRevision { get; init; }
}

/// <summary>BPF_PROG_DETACH. Without a program, descriptor 0 is passed.</summary>
public sealed record ProgDetach(string? Program, string Cgroup, AttachType AttachType, uint Flags = 0) : Operation;

/// <summary>BPF_LINK_CREATE.</summary>
public sealed record LinkCreate(string Link, string Program, string Cgroup, AttachType AttachType, uint Flags = 0)
    : Operation
{
    /// <summary>relative_fd: see <see cref="ProgAttach.Relative"/>.</summary>
    public string? Relative { get; init; }

    /// <summary>expected_revision; 0 is none.</summary>
    public ulong ExpectedRevision { get; init; }
}

/// <summary>BPF_LINK_UPDATE. With <paramref name="Old"/>, BPF_F_REPLACE is set and the link must hold that program.</summary>
public sealed record LinkUpdate(string Link, string Program, string? Old = null) : Operation;

/// <summary>BPF_LINK_DETACH.</summary>
public sealed record LinkDetach(string Link) : Operation;

/// <summary>Closes the client's descriptor of a link; an unpinned link goes with its last descriptor.</summary>
public sealed record LinkClose(string Link) : Operation;

/// <summary>BPF_PROG_QUERY. The answer names programs in order.</summary>
public sealed record ProgQuery(string Cgroup, AttachType AttachType, bool Effective = false) : Operation
{
    /// <summary>Programs that the caller has room for; null: more than there can be.</summary>
    public int? Capacity { get; init; }
}

/// <summary>BPF_PROG_TEST_RUN with <paramref name="Data"/> as the frame.</summary>
public sealed record ProgTestRun(string Program, byte[] Data, int Repeat = 1) : Operation;

/// <summary>
/// Makes the event of an attach type happen in a cgroup, <paramref name="Times"/> times, on one CPU: whatever programs are
/// effective there run once each per event. vectors/README.md says exactly what happens for each attach type.
/// </summary>
public sealed record Fire(AttachType AttachType, string Cgroup, int Cpu = 0, int Times = 1) : Operation
{
    /// <summary>What differs from the attach type's default event.</summary>
    public EventParameters? Event { get; init; }

    /// <summary>The socket that the event happens on, for cgroup_getsockopt and cgroup_setsockopt; null: one of its own, made for it.</summary>
    public string? Socket { get; init; }

    /// <summary>An event that happens on the same CPU while the programs of this one run; see <see cref="Interruption"/>.</summary>
    public Interruption? InterruptedBy { get; init; }
}

/// <summary>
/// A packet of a cgroup, coming in or going out, that interrupts an event on its CPU. When it does so is the machine's choice: the programs of the event that is
/// interrupted wait for it. The packet's programs may run more than once, and before and after the other event too. A machine
/// whose events are not interrupted may let both happen at the same time, for the same CPU.
/// </summary>
/// <param name="AttachType">cgroup_inet_ingress or cgroup_inet_egress.</param>
/// <param name="Cgroup">The cgroup of the socket that sends or receives it.</param>
public sealed record Interruption(AttachType AttachType, string Cgroup);

/// <summary>Runs tracks at the same time, each on its own thread of control, and answers when all have ended.</summary>
public sealed record Parallel(IReadOnlyList<Track> Tracks) : Operation;

/// <summary>One thread of a parallel operation.</summary>
public sealed record Track(string Name, IReadOnlyList<Operation> Operations);

/// <summary>Waits, within a parallel operation, until all tracks that name this rendezvous have reached it.</summary>
public sealed record Rendezvous(string Name) : Operation;

/// <summary>Waits until the 8-byte little-endian field of an array map's value is at least <paramref name="AtLeast"/>.</summary>
public sealed record Await(string Map, MapKey Key, int Offset, ulong AtLeast) : Operation;
