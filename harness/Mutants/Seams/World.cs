using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Mutants.Seams;

/// <summary>What the client of a wrong machine has made, and the right machine behind it.</summary>
internal sealed class World(IVirtualMachine right)
{
    public Dictionary<string, MapCreate> Maps { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ProgLoad> Programs { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string?> Parents { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Removed { get; } = new(StringComparer.Ordinal);

    public List<Attached> Attachments { get; } = [];

    public HashSet<string> Gone { get; } = new(StringComparer.Ordinal);

    /// <summary>What a mutant remembers for itself.</summary>
    public Dictionary<(string Map, MapKey Key), byte[]> Remembered { get; } = [];

    public int Cpus => right.Identity.Cpus;

    public Answer Perform(Operation operation) => right.Perform(operation);

    public MapCreate? StorageMap(string map) =>
        Maps.GetValueOrDefault(map) is { } made && IsStorage(made.Type) ? made : null;

    public bool IsPerCpu(string map) => StorageMap(map)?.Type == MapType.PercpuCgroupStorage;

    /// <summary>The storages that attachments of these programs have, as map and key.</summary>
    public IEnumerable<(string Map, MapKey Key)> StoragesOf(IEnumerable<Attached> attachments) =>
        attachments
            .SelectMany(attached =>
                Programs.TryGetValue(attached.Program, out var program)
                    ? program
                        .Maps.Select(reference => reference.Map)
                        .Distinct()
                        .Where(map => StorageMap(map) is not null && !Gone.Contains(map))
                        .Select(map => (map, KeyOf(map, attached.Cgroup, attached.AttachType)))
                    : []
            )
            .Distinct();

    public MapKey KeyOf(string map, string cgroup, AttachType attachType) =>
        new StorageKey(cgroup, StorageMap(map)?.KeySize == CgroupStorageMap.IsolatedKeySize ? attachType : null);

    public byte[]? Read(string map, MapKey key) => Perform(new MapLookupElem(map, key)).Value;

    /// <summary>Gives storages another content, as a plain update does: a shared one moves.</summary>
    public void Write(IEnumerable<(string Map, MapKey Key)> storages, Func<byte[], byte[]> content)
    {
        foreach (var (map, key) in storages.ToArray())
        {
            if (Read(map, key) is { } value)
            {
                Perform(new MapUpdateElem(map, key, content(value)));
            }
        }
    }

    public void Zero(IEnumerable<(string Map, MapKey Key)> storages) =>
        Write(storages, value => new byte[value.Length]);

    public void Clear()
    {
        Maps.Clear();
        Programs.Clear();
        Parents.Clear();
        Removed.Clear();
        Attachments.Clear();
        Gone.Clear();
        Remembered.Clear();
    }

    public void Note(Operation operation, Answer answer)
    {
        if (answer.Kind != AnswerKind.Ok)
        {
            return;
        }

        switch (operation)
        {
            case MapCreate op:
                Maps[op.Map] = op;
                Gone.Remove(op.Map);
                break;
            case MapReopen op when Maps.TryGetValue(op.Of, out var made):
                Maps[op.Map] = made;
                Gone.Remove(op.Map);
                break;
            case MapClose op:
                Gone.Add(op.Map);
                break;
            case ProgLoad op:
                Programs[op.Program] = op;
                break;
            case CgroupCreate op:
                Parents[op.Cgroup] = op.Parent;
                Removed.Remove(op.Cgroup);
                break;
            case CgroupRemove op:
                Removed.Add(op.Cgroup);
                break;
            case ProgAttach op:
                Attachments.Add(new Attached(op.Program, Link: null, op.Cgroup, op.AttachType, op.Flags));
                break;
            case LinkCreate op:
                Attachments.Add(new Attached(op.Program, op.Link, op.Cgroup, op.AttachType, op.Flags));
                break;
            case ProgDetach op:
                Attachments.RemoveAll(each =>
                    each.Link is null
                    && each.Cgroup == op.Cgroup
                    && each.AttachType == op.AttachType
                    && (op.Program is null || each.Program == op.Program)
                );
                break;
            case LinkDetach op:
                Attachments.RemoveAll(each => each.Link == op.Link);
                break;
            case LinkClose op:
                Attachments.RemoveAll(each => each.Link == op.Link);
                break;
            default:
                break;
        }
    }

    public static bool IsStorage(MapType type) => type is MapType.CgroupStorage or MapType.PercpuCgroupStorage;
}

/// <summary>A program or link that the client has attached.</summary>
internal sealed record Attached(string Program, string? Link, string Cgroup, AttachType AttachType, uint Flags);
