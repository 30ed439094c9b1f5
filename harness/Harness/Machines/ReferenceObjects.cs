using System.Buffers.Binary;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Machines;

/// <summary>A name that the client never gave, or has closed.</summary>
internal sealed class UnknownNameException(string message) : Exception(message);

/// <summary>
/// The client's names and what they stand for. Tracks run at the same time, so every access takes the lock; the machine has its own.
/// </summary>
internal sealed class ReferenceObjects(Machine machine)
{
    private const int StorageKeyPadding = 12;
    private const byte PseudoMapDescriptor = 1;
    private const byte PseudoMapValue = 2;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _cgroups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _maps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _programs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _links = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _sockets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _mapIds = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _programNames = [];
    private readonly Dictionary<ulong, string> _cgroupNames = [];

    public void Clear()
    {
        lock (_lock)
        {
            _cgroups.Clear();
            _maps.Clear();
            _programs.Clear();
            _links.Clear();
            _sockets.Clear();
            _mapIds.Clear();
            _programNames.Clear();
            _cgroupNames.Clear();
        }
    }

    public int Cgroup(string name) => Find(_cgroups, "cgroup", name);

    public int Map(string name) => Find(_maps, "map", name);

    public int Program(string name) => Find(_programs, "program", name);

    public int Link(string name) => Find(_links, "link", name);

    public int Socket(string name) => Find(_sockets, "socket", name);

    public void AddCgroup(string name, int descriptor)
    {
        lock (_lock)
        {
            _cgroups[name] = descriptor;
            _cgroupNames[machine.CgroupId(descriptor)] = name;
        }
    }

    public void AddSocket(string name, int descriptor)
    {
        lock (_lock)
        {
            _sockets[name] = descriptor;
        }
    }

    public void AddLink(string name, int descriptor)
    {
        lock (_lock)
        {
            _links[name] = descriptor;
        }
    }

    public int ForgetMap(string name) => Forget(_maps, "map", name);

    public int ForgetProgram(string name) => Forget(_programs, "program", name);

    public int ForgetSocket(string name) => Forget(_sockets, "socket", name);

    public int ForgetLink(string name) => Forget(_links, "link", name);

    public Answer Create(MapCreate op)
    {
        var definition = new MapDefinition(op.Type, op.KeySize, op.ValueSize, op.MaxEntries, op.Flags)
        {
            SpinLockOffset = op.SpinLockOffset,
            NumaNode = op.NumaNode ?? 0,
            Extra = op.Extra,
            KeyType = op.KeyType,
            MayCreate = !op.Without.Contains(Capability.Bpf),
            ValueType = op.ValueType,
            // Not a conversion, which would make of no array an empty one.
            ExclusiveProgramHash = op.ExclusiveProgramHash is { } hash
                ? new ReadOnlyMemory<byte>(hash)
                : (ReadOnlyMemory<byte>?)null,
        };
        var errno = machine.MapCreate(definition, out var descriptor);
        if (errno != Errno.None)
        {
            return Answer.Fail(errno);
        }

        lock (_lock)
        {
            _maps[op.Map] = descriptor;
            _mapIds[op.Map] = machine.MapOf(descriptor)!.Id;
        }

        return Answer.Ok;
    }

    public Answer Reopen(MapReopen op)
    {
        lock (_lock)
        {
            // A descriptor that the name still stands for would keep the map alive while this step is repeated.
            if (_maps.Remove(op.Map, out var before))
            {
                _ = machine.Close(before);
            }
        }

        var errno = machine.MapGetById(Find(_mapIds, "map", op.Of), out var descriptor);
        if (errno != Errno.None)
        {
            return Answer.Fail(errno);
        }

        lock (_lock)
        {
            _maps[op.Map] = descriptor;
        }

        return Answer.Ok;
    }

    public Answer Load(ProgLoad op)
    {
        var bytecode = (byte[])op.Instructions.Clone();
        foreach (var (slot, name) in op.Maps)
        {
            if (slot < 0 || (slot + 1) * Instruction.Size > bytecode.Length)
            {
                throw new UnknownNameException($"'{op.Program}' has no instruction {slot} to refer to a map");
            }

            var bytes = bytecode.AsSpan(slot * Instruction.Size);
            if (bytes[1] >> 4 != PseudoMapValue)
            {
                bytes[1] = (byte)(bytes[1] & 0x0f | PseudoMapDescriptor << 4);
            }

            BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], Map(name));
        }

        var outcome = machine.ProgLoad(
            new ProgramLoad(op.Type, (int)op.ExpectedAttachType, bytecode)
            {
                Flags = op.Flags,
                LogLevel = op.LogLevel,
                MapDescriptors = op.AlsoRefersTo.Count == 0 ? null : [.. op.AlsoRefersTo.Select(Map)],
                GlobalFunctions = op.GlobalFunctions.ToDictionary(one => one.Instruction, one => one.Parameters),
                CanLeakPointers = !op.Without.Contains(Capability.Perfmon),
                MayLoad = !op.Without.Contains(Capability.Bpf),
                MayChangeNetwork = !op.Without.Contains(Capability.NetAdmin),
            }
        );
        if (outcome.Errno != Errno.None)
        {
            return new Answer(AnswerKind.Refused) { Errno = outcome.Errno, Message = outcome.Log };
        }

        lock (_lock)
        {
            _programs[op.Program] = outcome.Descriptor;
            _programNames[machine.ProgramOf(outcome.Descriptor)!.Id] = op.Program;
        }

        return outcome.Log.Length == 0 ? Answer.Ok : Answer.Ok with { Message = outcome.Log };
    }

    public string ProgramName(int id)
    {
        lock (_lock)
        {
            return _programNames[id];
        }
    }

    /// <summary>The number that stands for the neighbour: a descriptor, or with <see cref="AttachFlags.Id"/> an id.</summary>
    public int Relative(string? name, AttachFlags flags)
    {
        if (name is null)
        {
            return 0;
        }

        var isLink = flags.Has(AttachFlags.Link);
        var descriptor = isLink ? Link(name) : Program(name);
        return !flags.Has(AttachFlags.Id) ? descriptor
            : isLink ? machine.LinkId(descriptor)
            : machine.ProgramOf(descriptor)!.Id;
    }

    public int ValueSize(string map, ulong flags) => machine.MapOf(Map(map))!.UserSize(flags);

    public byte[] ValueBuffer(string map, ulong flags = 0) => new byte[ValueSize(map, flags)];

    public byte[] KeyBuffer(string map) => new byte[machine.MapOf(Map(map))!.Definition.KeySize];

    public byte[] KeyBytes(string map, MapKey key)
    {
        var bytes = KeyBuffer(map);
        switch (key)
        {
            case RawKey raw when raw.Bytes.Length == bytes.Length:
                return raw.Bytes;
            case StorageKey storage
                when bytes.Length is CgroupStorageMap.SharedKeySize or CgroupStorageMap.IsolatedKeySize:
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, machine.CgroupId(Cgroup(storage.Cgroup)));
                if (bytes.Length == CgroupStorageMap.IsolatedKeySize)
                {
                    var attachType = (int)storage.AttachType.GetValueOrDefault();
                    BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(CgroupStorageMap.SharedKeySize), attachType);
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(StorageKeyPadding), storage.Padding);
                }

                return bytes;
            default:
                throw new UnknownNameException($"a key of '{map}' has {bytes.Length} bytes: {key} is none");
        }
    }

    public MapKey Symbolic(string map, byte[] key)
    {
        lock (_lock)
        {
            if (
                machine.MapOf(Map(map)) is not CgroupStorageMap storages
                || !_cgroupNames.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(key), out var cgroup)
            )
            {
                return new RawKey(key);
            }

            return storages.IsolatesAttachTypes
                ? new StorageKey(
                    cgroup,
                    (AttachType)BinaryPrimitives.ReadInt32LittleEndian(key.AsSpan(CgroupStorageMap.SharedKeySize)),
                    BinaryPrimitives.ReadUInt32LittleEndian(key.AsSpan(StorageKeyPadding))
                )
                : new StorageKey(cgroup);
        }
    }

    private int Find(Dictionary<string, int> names, string kind, string name)
    {
        lock (_lock)
        {
            return names.TryGetValue(name, out var descriptor)
                ? descriptor
                : throw new UnknownNameException($"no {kind} is named '{name}'");
        }
    }

    private int Forget(Dictionary<string, int> names, string kind, string name)
    {
        lock (_lock)
        {
            return names.Remove(name, out var descriptor)
                ? descriptor
                : throw new UnknownNameException($"no {kind} is named '{name}'");
        }
    }
}
