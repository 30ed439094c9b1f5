using System.Collections.Concurrent;
using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Linux;

/// <summary>
/// Keeps a live kernel from being harmed by two kinds of update, which are answered as unsupported and never made.
/// <para>
/// Of links: before 7.3 (6.12.110, 6.1.191) BPF_LINK_UPDATE takes a program with other storage maps and leaves the attachment with the old one's
/// storages. The next run reaches behind a smaller value, or through a null pointer, in kernel mode.
/// </para>
/// <para>
/// Of per-CPU storages from user space: where the size of the value leaves 1 to 4 bytes over 8, the kernel writes behind the storage, over a per-CPU
/// variable of somebody else.
/// </para>
/// </summary>
internal sealed class StorageMapGuard(string kernel)
{
    private static readonly KernelVersion Mended = new(7, 3);
    private static readonly KernelVersion[] AlsoMended = [new(6, 12, 110), new(6, 1, 191)];

    private readonly ConcurrentDictionary<string, StorageMaps> _programs = new();
    private readonly ConcurrentDictionary<string, StorageMaps> _links = new();
    private readonly bool _kernelChecks =
        KernelVersion.TryParse(kernel, out var version)
        && (version >= Mended || Array.Exists(AlsoMended, patch => patch.SameBranch(version) && version >= patch));

    /// <summary>Takes note of a program that was loaded, with the maps it refers to.</summary>
    public void Loaded(string program, IEnumerable<KernelMap> maps)
    {
        var storages = maps.Where(map => map.IsStorage).ToLookup(map => map.Type, map => map.Serial);
        _programs[program] = new StorageMaps(
            storages[MapType.CgroupStorage].FirstOrDefault(),
            storages[MapType.PercpuCgroupStorage].FirstOrDefault()
        );
    }

    /// <summary>Takes note of a link and the program it now holds.</summary>
    public void Linked(string link, string program) => _links[link] = _programs[program];

    /// <summary>Why an update must not be made here, or null.</summary>
    public Answer? Refuses(LinkUpdate update) =>
        _kernelChecks || _links.GetValueOrDefault(update.Link) == _programs.GetValueOrDefault(update.Program)
            ? null
            : Answers.Unsupported(
                $"a link update to a program with other storage maps is unsafe on Linux {kernel} and is never made there"
            );

    /// <summary>
    /// Why the values of a map must not be updated from user space, or null. The kernel allocates a per-CPU storage by its size, in units of 4 bytes, and copies
    /// it in units of 8: a value whose last unit of 8 is at most half full is stored together with 4 bytes that belong to somebody else's
    /// per-CPU variable. Said to be mended in 7.x; nobody has shown it yet, so it is done nowhere.
    /// </summary>
    public static Answer? RefusesUpdate(in KernelMap map)
    {
        const int CopyUnit = 8;
        const int AllocationUnit = 4;
        return map.Type == MapType.PercpuCgroupStorage && map.ValueSize % CopyUnit is > 0 and <= AllocationUnit
            ? Answers.Unsupported(
                $"an update of a per-CPU storage of {map.ValueSize} bytes writes {CopyUnit - AllocationUnit} bytes behind it in the kernel and is never made"
            )
            : null;
    }

    public void Reset()
    {
        _programs.Clear();
        _links.Clear();
    }

    /// <summary>Serial numbers of a program's storage maps; 0 for none of that kind.</summary>
    private readonly record struct StorageMaps(int Shared, int PerCpu);
}
