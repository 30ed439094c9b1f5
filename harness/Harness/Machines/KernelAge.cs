using System.Collections.Concurrent;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Harness.Machines;

/// <summary>
/// What a kernel refuses because it is too old for it. Vectors use tools that came long after the rule they check: a kernel that lacks one of
/// them has broken no rule, and its refusal becomes the answer that the operation is not supported, with the release that brought
/// what is missing. A running kernel and a model of one are treated alike.
/// </summary>
/// <param name="kernel">The kernel's version.</param>
public sealed class KernelAge(KernelVersion kernel)
{
    // map_flags: BPF_F_RDONLY_PROG and BPF_F_WRONLY_PROG.
    private const uint ProgramAccess = 0x80 | 0x100;

    // The largest storage value before 5.15, with pages of 4 KiB.
    private const int Page = 4096;

    private readonly ConcurrentDictionary<string, MapCreate> _maps = new(StringComparer.Ordinal);

    /// <summary>The age of the kernel a machine models; null where it names none.</summary>
    public static KernelAge? Of(MachineIdentity machine) =>
        machine.Kernel is { } text && KernelVersion.TryParse(text, out var kernel) ? new KernelAge(kernel) : null;

    /// <summary>An answer, or in place of a refusal that is due to the kernel's age the answer that says so.</summary>
    public Answer Explain(Operation operation, Answer answer)
    {
        if (answer.Kind is AnswerKind.Failed or AnswerKind.Refused)
        {
            return Missing(operation, answer) is { } missing
                ? new Answer(AnswerKind.Unsupported) { Message = missing, Refusal = answer }
                : answer;
        }

        if (operation is MapCreate map && answer.Kind == AnswerKind.Ok)
        {
            _maps[map.Map] = map;
        }

        return answer;
    }

    /// <summary>Forgets the maps.</summary>
    public void Reset() => _maps.Clear();

    private string? Missing(Operation operation, Answer answer) =>
        operation switch
        {
            MapCreate op => OfMap(op),
            MapBatch => Since("batch commands", new(5, 6)),
            MapNullPointer { Command: MapElementCommand.LookupAndDeleteElem } => Since("lookup-and-delete", new(4, 20)),
            ProgBindMap => Since("binding a map to a program", new(5, 10)),
            MapFreeze => Since("freezing a map", new(5, 2)),
            MapLookupAndDeleteElem op => Since("lookup-and-delete", new(4, 20))
                ?? (
                    _maps.GetValueOrDefault(op.Map)?.Type == MapType.Hash
                        ? Since("lookup-and-delete of a hash map", new(5, 14))
                        : null
                ),
            ProgLoad op => ProgramAge.Missing(op, kernel) ?? OfSharedMap(op, answer),
            ProgAttach op => OfAttachType(op.AttachType) ?? OfFlags(op.Flags) ?? OfRevision(op.ExpectedRevision),
            ProgDetach op => OfAttachType(op.AttachType),
            ProgQuery op => OfAttachType(op.AttachType),
            LinkCreate op => Since("links to cgroups", new(5, 7))
                ?? OfAttachType(op.AttachType)
                ?? OfFlags(op.Flags)
                ?? OfRevision(op.ExpectedRevision),
            LinkUpdate => Since("links to cgroups", new(5, 7)),
            LinkDetach => Since("detaching a link", new(5, 9)),
            _ => null,
        };

    private string? OfMap(MapCreate op)
    {
        var isStorage = op.Type is MapType.CgroupStorage or MapType.PercpuCgroupStorage;
        return (op.Type == MapType.PercpuCgroupStorage ? Since("map type percpu_cgroup_storage", new(4, 20)) : null)
            ?? (isStorage && op.KeySize == CgroupStorageMap.SharedKeySize ? Since("8-byte keys", new(5, 9)) : null)
            ?? (
                isStorage && op.ValueSize > Page ? Since($"storage values of more than {Page} bytes", new(5, 15)) : null
            )
            ?? (
                (op.Flags & ProgramAccess) != 0
                    ? Since("maps that programs may only read or only write", new(5, 2))
                    : null
            )
            ?? (
                isStorage && (op.KeyType is not null || op.ValueType is not null)
                    ? Since("type information for storage maps", new(5, 0))
                    : null
            )
            ?? (op.ExclusiveProgramHash is not null ? Since("maps for one program only", new(6, 18)) : null)
            ?? (op.SpinLockOffset is not null ? Since("bpf_spin_lock", new(5, 1)) : null);
    }

    // A program that names one storage map of a kind is refused with EBUSY where another program has the map.
    private string? OfSharedMap(ProgLoad op, Answer answer)
    {
        if (answer.Errno != Errno.EBUSY)
        {
            return null;
        }

        var kinds = op
            .Maps.Select(reference => reference.Map)
            .Distinct(StringComparer.Ordinal)
            .Select(name => _maps.GetValueOrDefault(name)?.Type)
            .Where(type => type is MapType.CgroupStorage or MapType.PercpuCgroupStorage)
            .ToArray();
        return kinds.Length == 2
            && kinds[0] != kinds[1]
            && Since("one storage map of each kind", new(4, 20)) is { } both
                ? both
            : kinds.Length == kinds.Distinct().Count() ? Since("storage maps that serve several programs", new(5, 9))
            : null;
    }

    private string? OfAttachType(ReferenceVm.Programs.AttachType type) => ProgramAge.Missing(type, kernel);

    private string? OfFlags(uint bits)
    {
        var flags = (AttachFlags)bits;
        return (flags.Has(AttachFlags.Replace) ? Since("attach flag replace", new(5, 6)) : null)
            ?? (
                flags.Has(AttachFlags.Preorder)
                    ? Since("attach flag preorder", new(6, 15), new KernelVersion(6, 12, 31))
                    : null
            )
            ?? (
                flags.Has(AttachFlags.AnchorMask)
                    ? Since("choice of the place in the list", new(6, 17), new KernelVersion(6, 12, 110))
                    : null
            );
    }

    private string? OfRevision(ulong revision) =>
        revision == 0 ? null : Since("expected revisions", new(6, 17), new KernelVersion(6, 12, 110));

    private string? Since(string what, KernelVersion since, params IReadOnlyList<KernelVersion> stable) =>
        ProgramAge.Since(what, kernel, since, stable);
}
