using System.Text.Json;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Wire;

/// <summary>Every member that a request may have, in whatever order they came. Members that no version knows are passed over.</summary>
internal sealed class RequestFields
{
    private const int LongestName = 32;

    public long? Seq { get; private set; }
    public string? Op { get; private set; }
    public int? Protocol { get; private set; }
    public string? Cgroup { get; private set; }
    public string? Parent { get; private set; }
    public string? Map { get; private set; }
    public string? Of { get; private set; }
    public string? Program { get; private set; }
    public string? Link { get; private set; }
    public string? Old { get; private set; }
    public string? Replace { get; private set; }
    public string? Relative { get; private set; }
    public string? Socket { get; private set; }
    public string? Listener { get; private set; }
    public string? Name { get; private set; }
    public string? InnerMap { get; private set; }
    public string? Command { get; private set; }
    public string? Call { get; private set; }
    public string? Null { get; private set; }
    public AttachType? AttachType { get; private set; }
    public AttachType? ExpectedAttachType { get; private set; }
    public TypeNumber? Type { get; private set; }
    public int? KeySize { get; private set; }
    public int? ValueSize { get; private set; }
    public int MaxEntries { get; private set; }
    public int? SpinLockOffset { get; private set; }
    public int? NumaNode { get; private set; }
    public int? Index { get; private set; }
    public int? Offset { get; private set; }
    public int? Capacity { get; private set; }
    public int LogLevel { get; private set; }
    public int Cpu { get; private set; }
    public int Times { get; private set; } = 1;
    public int Repeat { get; private set; } = 1;
    public bool Effective { get; private set; }
    public bool Listening { get; private set; }
    public ulong Flags { get; private set; }
    public ulong MapExtra { get; private set; }
    public ulong ExpectedRevision { get; private set; }
    public ulong? AtLeast { get; private set; }
    public byte[]? Value { get; private set; }
    public byte[]? Instructions { get; private set; }
    public byte[]? Data { get; private set; }
    public byte[]? ExclusiveProgramHash { get; private set; }
    public MapKey? Key { get; private set; }
    public TypeDescription? KeyType { get; private set; }
    public TypeDescription? ValueType { get; private set; }
    public EventParameters? Event { get; private set; }

    public Interruption? InterruptedBy { get; private set; }
    public IReadOnlyList<MapReference>? Maps { get; private set; }
    public IReadOnlyList<string> AlsoRefersTo { get; private set; } = [];
    public IReadOnlyList<GlobalFunction> GlobalFunctions { get; private set; } = [];
    public IReadOnlyList<Capability> Without { get; private set; } = [];
    public IReadOnlyList<TrackFields>? Tracks { get; private set; }

    /// <summary>Flags of operations that have 32 of them.</summary>
    public uint Flags32 =>
        Flags <= uint.MaxValue
            ? (uint)Flags
            : throw new WireFormatException($"\"flags\": {Op} has 32 flags, found 0x{Flags:x}");

    /// <summary>A member that the operation cannot do without.</summary>
    public T Need<T>(T? value, string member)
        where T : class => value ?? throw new WireFormatException($"{Op} needs \"{member}\"");

    /// <inheritdoc cref="Need{T}(T?, string)"/>
    public T Need<T>(T? value, string member)
        where T : struct => value ?? throw new WireFormatException($"{Op} needs \"{member}\"");

    /// <summary>A member that is one of an enumeration's words.</summary>
    public T NeedWord<T>(string? word, string member)
        where T : struct, Enum =>
        WireValues.Words<T>.Find(Need(word, member), out var value)
            ? value
            : throw new WireFormatException(
                $"\"{member}\": expected one of {WireValues.Words<T>.All}, found \"{word}\""
            );

    /// <summary>Reads the members of the object that begins here.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        Span<char> buffer = stackalloc char[LongestName];
        while (reader.NextMember(buffer) is >= 0 and var length)
        {
            ReadOnlySpan<char> name = buffer[..length];
            if (!ReadText(ref reader, name) && !ReadNumber(ref reader, name))
                ReadPart(ref reader, name);
        }
    }

    private bool ReadText(ref Utf8JsonReader reader, scoped ReadOnlySpan<char> name)
    {
        switch (name)
        {
            case "op":
                Op = reader.Text("op");
                return true;
            case "cgroup":
                Cgroup = reader.Text("cgroup");
                return true;
            case "parent":
                Parent = reader.Text("parent");
                return true;
            case "map":
                Map = reader.Text("map");
                return true;
            case "of":
                Of = reader.Text("of");
                return true;
            case "program":
                Program = reader.Text("program");
                return true;
            case "link":
                Link = reader.Text("link");
                return true;
            case "old":
                Old = reader.Text("old");
                return true;
            case "replace":
                Replace = reader.Text("replace");
                return true;
            case "relative":
                Relative = reader.Text("relative");
                return true;
            case "socket":
                Socket = reader.Text("socket");
                return true;
            case "listener":
                Listener = reader.Text("listener");
                return true;
            case "name":
                Name = reader.Text("name");
                return true;
            case "inner_map":
                InnerMap = reader.Text("inner_map");
                return true;
            case "command":
                Command = reader.Text("command");
                return true;
            case "call":
                Call = reader.Text("call");
                return true;
            case "null":
                Null = reader.Text("null");
                return true;
            default:
                return false;
        }
    }

    private bool ReadNumber(ref Utf8JsonReader reader, scoped ReadOnlySpan<char> name)
    {
        switch (name)
        {
            case "seq":
                Seq = reader.Seq();
                return true;
            case "protocol":
                Protocol = reader.Int("protocol");
                return true;
            case "flags":
                Flags = reader.Number64("flags");
                return true;
            case "map_extra":
                MapExtra = reader.Number64("map_extra");
                return true;
            case "expected_revision":
                ExpectedRevision = reader.Number64("expected_revision");
                return true;
            case "at_least":
                AtLeast = reader.Number64("at_least");
                return true;
            case "key_size":
                KeySize = reader.Int("key_size");
                return true;
            case "value_size":
                ValueSize = reader.Int("value_size");
                return true;
            case "max_entries":
                MaxEntries = reader.Int("max_entries");
                return true;
            case "spin_lock_offset":
                SpinLockOffset = reader.Int("spin_lock_offset");
                return true;
            case "numa_node":
                NumaNode = reader.Int("numa_node");
                return true;
            case "index":
                Index = reader.Int("index");
                return true;
            case "offset":
                Offset = reader.Int("offset", 0);
                return true;
            case "capacity":
                Capacity = reader.Int("capacity", 0);
                return true;
            case "log_level":
                LogLevel = reader.Int("log_level");
                return true;
            case "cpu":
                Cpu = reader.Int("cpu", 0);
                return true;
            case "times":
                Times = reader.Int("times", 1);
                return true;
            case "repeat":
                Repeat = reader.Int("repeat");
                return true;
            case "effective":
                Effective = reader.Flag("effective");
                return true;
            case "listening":
                Listening = reader.Flag("listening");
                return true;
            default:
                return false;
        }
    }

    private void ReadPart(ref Utf8JsonReader reader, scoped ReadOnlySpan<char> name)
    {
        switch (name)
        {
            case "attach_type":
                AttachType = reader.AttachType("attach_type");
                break;
            case "expected_attach_type":
                ExpectedAttachType = reader.AttachType("expected_attach_type");
                break;
            case "type":
                Type = RequestParts.Type(ref reader);
                break;
            case "value":
                Value = reader.Bytes("value");
                break;
            case "instructions":
                Instructions = reader.Bytes("instructions");
                break;
            case "excl_prog_hash":
                ExclusiveProgramHash = reader.Bytes("excl_prog_hash");
                break;
            case "data":
                Data = reader.Bytes("data");
                break;
            case "key":
                Key = RequestParts.Key(ref reader);
                break;
            case "key_type":
                KeyType = RequestParts.Description(ref reader, "key_type");
                break;
            case "value_type":
                ValueType = RequestParts.Description(ref reader, "value_type");
                break;
            case "event":
                Event = RequestParts.Event(ref reader);
                break;
            case "interrupted_by":
                InterruptedBy = RequestParts.Interruption(ref reader);
                break;
            case "maps":
                Maps = RequestParts.References(ref reader);
                break;
            case "also_refers_to":
                AlsoRefersTo = reader.TextList("also_refers_to");
                break;
            case "global_functions":
                GlobalFunctions = RequestParts.GlobalFunctions(ref reader);
                break;
            case "without":
                Without = RequestParts.Capabilities(ref reader);
                break;
            case "tracks":
                Tracks = RequestParts.Tracks(ref reader);
                break;
            default:
                reader.Skip();
                break;
        }
    }
}

/// <summary>A track, its operations not yet made.</summary>
internal sealed record TrackFields(string Name, IReadOnlyList<RequestFields> Operations);

/// <summary>A type that is a word or a number; what of is decided by the operation.</summary>
/// <param name="Word">The word, or null.</param>
/// <param name="Number">The number, where there is no word.</param>
internal readonly record struct TypeNumber(string? Word, int Number);
