using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.ReferenceVm.Verification;

/// <summary>
/// Finds the maps a program refers to. This comes before any analysis and looks at every slot, reachable or not, which is why
/// a second storage map of a kind is refused whatever else is wrong with the program.
/// </summary>
internal sealed class MapReferences
{
    // MAX_USED_MAPS.
    private const int MaxCount = 64;

    // BPF_F_SLEEPABLE.
    private const uint Sleepable = 16;

    // BPF_MAX_VAR_OFF.
    private const uint MaxOffset = 1 << 29;

    // What a program is taken for before it is hashed.
    private static readonly byte[] NoDigest = new byte[MapDefinition.ProgramHashSize];

    private readonly LoadRequest _request;
    private readonly List<Map> _maps = [];
    private readonly Dictionary<int, Map> _bySlot = [];
    private byte[] _digest = NoDigest;

    private MapReferences(LoadRequest request) => _request = request;

    /// <summary>Every map, in order of first reference, those of the map array first.</summary>
    public IReadOnlyList<Map> Maps => _maps;

    /// <summary>The map that the 64-bit immediate load at a slot refers to.</summary>
    public Map At(int slot) => _bySlot[slot];

    public static Refusal? Resolve(LoadRequest request, out MapReferences references)
    {
        references = new MapReferences(request);
        foreach (var map in request.Behaviour.UnnamedMapsCount ? request.MapArray ?? [] : [])
            if (references.Add(map, NoDigest) is { } refusal)
                return refusal;
        references._digest = ProgramDigest.Of(request.Instructions);
        return references.ResolveSlots(request.Instructions);
    }

    private Refusal? ResolveSlots(Instruction[] code)
    {
        for (var slot = 0; slot < code.Length; slot++)
        {
            var instruction = code[slot];
            if (Opcode.ClassOf(instruction.Opcode) == InstructionClass.LoadRegister && !IsPlainLoad(instruction))
                return Refusal.Invalid("BPF_LDX uses reserved fields", slot);
            if (instruction.Opcode != Opcode.LoadImmediate64)
            {
                if (!EncodingRules.IsKnown(instruction.Opcode))
                    return Refusal.Invalid($"unknown opcode {instruction.Opcode:x2}", slot);
                continue;
            }
            if (slot + 1 == code.Length || code[slot + 1] is not { Opcode: 0, Dst: 0, Src: 0, Offset: 0 })
                return Refusal.Invalid("invalid bpf_ld_imm64 insn", slot);
            if (ResolveLoad(instruction, code[slot + 1].Imm, slot) is { } refusal)
                return refusal with { Slot = slot };
            slot++;
        }
        return null;
    }

    private static bool IsPlainLoad(Instruction instruction) =>
        Opcode.ModeOf(instruction.Opcode) is AddressMode.Memory or AddressMode.MemorySigned && instruction.Imm == 0;

    private Refusal? ResolveLoad(Instruction instruction, int high, int slot)
    {
        var kind = (ImmediateKind)instruction.Src;
        switch (kind)
        {
            case ImmediateKind.Constant:
            case ImmediateKind.Function:
                return null;
            case ImmediateKind.MapDescriptor or ImmediateKind.MapIndex when high == 0:
            case ImmediateKind.MapDescriptorValue or ImmediateKind.MapIndexValue:
                break;
            default:
                return Refusal.Invalid("unrecognized bpf_ld_imm64 insn");
        }
        Map? map;
        if (kind is ImmediateKind.MapIndex or ImmediateKind.MapIndexValue)
        {
            if (_request.MapArray is not { } array)
                return new Refusal(Errno.EPROTO, "fd_idx without fd_array is invalid");
            map = instruction.Imm >= 0 && instruction.Imm < array.Count ? array[instruction.Imm] : null;
        }
        else
        {
            map = _request.ResolveMap(instruction.Imm);
        }
        if (map is null)
            return new Refusal(Errno.EBADF, $"fd {instruction.Imm} is not pointing to valid bpf_map");
        if (Add(map, _digest) is { } refusal)
            return refusal;
        _bySlot[slot] = map;
        return kind is ImmediateKind.MapDescriptorValue or ImmediateKind.MapIndexValue
            ? CheckDirectValue(map, (uint)high)
            : null;
    }

    private Refusal? Add(Map map, ReadOnlySpan<byte> digest)
    {
        if (_maps.Contains(map))
            return null;
        if (_maps.Count >= MaxCount)
            return Refusal.TooBig($"The total number of maps per program has reached the limit of {MaxCount}");
        // Linux hashes a program after it has looked at the maps of the array, which therefore fit no program but by a hash of zeroes.
        if (map.Definition.ExclusiveProgramHash is { } hash && !hash.Span.SequenceEqual(digest))
            return Refusal.Access("program's hash doesn't match map's excl_prog_hash");
        if (CheckMap(map) is { } refusal)
            return refusal;
        _maps.Add(map);
        return null;
    }

    private Refusal? CheckMap(Map map)
    {
        if (map.Definition.SpinLockOffset is not null)
        {
            if (_request.Program.Type == ProgramType.SocketFilter)
                return Refusal.Invalid("socket filter progs cannot use bpf_spin_lock yet");
            if (_request.Program.Type is ProgramType.Kprobe or ProgramType.Tracepoint)
                return Refusal.Invalid("tracing progs cannot use bpf_spin_lock yet");
        }
        if (
            (_request.Flags & Sleepable) != 0
            && map.Definition.Type is not (MapType.Hash or MapType.Array or MapType.PercpuArray)
        )
            return Refusal.Invalid("Sleepable programs can only use array, hash, ringbuf and local storage maps");
        return map.Definition.StorageKind is { } kind ? CheckStorage(map, kind) : null;
    }

    private Refusal? CheckStorage(Map map, StorageKind kind)
    {
        var behaviour = _request.Behaviour;
        var isTaken = behaviour.OneStorageMapOfEachKind
            ? _maps.Exists(other => other.Definition.StorageKind == kind)
            : _maps.Exists(other => other.Definition.StorageKind is not null);
        if (!isTaken && (behaviour.StorageMapServesManyPrograms || !_request.IsOwned(map)))
            return null;
        var each = behaviour.OneStorageMapOfEachKind ? " of each type" : "";
        return new Refusal(Errno.EBUSY, $"only one cgroup storage{each} is allowed");
    }

    // An array with one entry has values whose address is known at load.
    private static Refusal? CheckDirectValue(Map map, uint offset)
    {
        if (offset >= MaxOffset)
            return Refusal.Invalid($"direct value offset of {offset} is not allowed");
        if (map.Definition.Type != MapType.Array)
            return Refusal.Invalid("no direct value access support for this map type");
        var invalid = $"invalid access to map value pointer, value_size={map.Definition.ValueSize} off={offset}";
        if (map.Definition.MaxEntries != 1)
            return new Refusal(Errno.ENOTSUPP, invalid);
        return offset >= map.Definition.ValueSize ? Refusal.Invalid(invalid) : null;
    }
}
