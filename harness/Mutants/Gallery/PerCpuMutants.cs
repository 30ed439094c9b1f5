using System.Runtime.CompilerServices;
using Conformance.Harness.Machines;
using Conformance.Mutants.Seams;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Mutants.Gallery;

/// <summary>Areas of CPUs: who sees which, and where they lie in the value of user space.</summary>
internal static class PerCpuMutants
{
    private const ulong OneCpu = 8;
    private const ulong AllCpus = 16;

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Mutant.Storing(
            "shares-across-cpus",
            "It gives every CPU the per-CPU area of CPU 0.",
            ["percpu.area-per-cpu"],
            new()
            {
                AtRun = (attachment, _) =>
                    Substitute.Each(
                        attachment,
                        bound => IsShared(bound) ? bound : Substitute.With(bound, bound.AddressOn(0))
                    ),
            }
        ),
        Mutant.Storing(
            "swaps-areas",
            "It gives each CPU the area of the next one.",
            ["percpu.area-per-cpu", "percpu.user-layout"],
            new()
            {
                AtRun = (attachment, _) =>
                    Substitute.Each(
                        attachment,
                        bound =>
                            IsShared(bound) ? bound : Substitute.With(bound, [.. bound.Buffers[1..], bound.Buffers[0]])
                    ),
            }
        ),
        Mutant.Storing(
            "shared-per-cpu",
            "It gives each CPU its own copy of a shared storage.",
            ["pointer.stable-across-cpus"],
            new() { AtRun = (attachment, _) => Substitute.Each(attachment, CopyForCpu1) }
        ),
        Mutant.Altering(
            "packs-areas",
            "In the value of user space it puts the areas value_size apart, without rounding up.",
            ["percpu.user-layout"],
            new()
            {
                Asks = (operation, world) =>
                    operation is MapUpdateElem { Flags: 0 } update && Area(update.Map, update.Value, world) is { } area
                        ? update with
                        {
                            Value = Repack(update.Value, area.Packed, area.Stride, world.Cpus),
                        }
                        : operation,
                Answers = (operation, answer, world) =>
                    operation is MapLookupElem { Flags: 0 } lookup
                    && answer.Value is { } value
                    && Area(lookup.Map, value, world) is { } area
                        ? answer with
                        {
                            Value = Repack(value, area.Stride, area.Packed, world.Cpus),
                        }
                        : answer,
            }
        ),
        Mutant.Altering(
            "reverses-cpus",
            "In the value of user space it puts the area of the last CPU first.",
            ["percpu.user-layout"],
            new()
            {
                Asks = (operation, world) =>
                    operation is MapUpdateElem { Flags: 0 } update && Area(update.Map, update.Value, world) is { } area
                        ? update with
                        {
                            Value = Reverse(update.Value, area.Stride),
                        }
                        : operation,
                Answers = (operation, answer, world) =>
                    operation is MapLookupElem { Flags: 0 } lookup
                    && answer.Value is { } value
                    && Area(lookup.Map, value, world) is { } area
                        ? answer with
                        {
                            Value = Reverse(value, area.Stride),
                        }
                        : answer,
            }
        ),
        Mutant.Altering(
            "updates-one-cpu",
            "An update of a per-CPU storage reaches the area of CPU 0 only.",
            ["percpu.user-layout", "user.update-is-visible"],
            new()
            {
                Asks = (operation, world) =>
                    operation is MapUpdateElem { Flags: 0 } update
                    && Area(update.Map, update.Value, world) is { } area
                    && world.Read(update.Map, update.Key) is { } old
                        ? update with
                        {
                            Value = [.. update.Value[..area.Stride], .. old[area.Stride..]],
                        }
                        : operation,
            }
        ),
        Mutant.Answering(
            "looks-one-cpu-up",
            "A lookup of a per-CPU storage shows the area of CPU 0 for every CPU.",
            ["percpu.user-layout", "percpu.area-per-cpu"],
            (operation, answer, world) =>
                operation is MapLookupElem { Flags: 0 } lookup
                && answer.Value is { } value
                && Area(lookup.Map, value, world) is { } area
                    ? answer with
                    {
                        Value = [.. Enumerable.Repeat(value[..area.Stride], world.Cpus).SelectMany(one => one)],
                    }
                    : answer
        ),
        Mutant.Asking(
            "ignores-the-number-of-a-cpu",
            "With the flag cpu it takes the area of CPU 0, whatever number is given.",
            ["user.one-cpu"],
            operation =>
                operation switch
                {
                    MapLookupElem lookup when lookup.Flags % (OneCpu * 2) == OneCpu => lookup with { Flags = OneCpu },
                    MapUpdateElem update when update.Flags % (OneCpu * 2) == OneCpu => update with { Flags = OneCpu },
                    _ => operation,
                }
        ),
        Mutant.Asking(
            "all-cpus-is-one",
            "With the flag all_cpus it writes the area of CPU 0 only.",
            ["user.one-cpu"],
            operation => operation is MapUpdateElem { Flags: AllCpus } all ? all with { Flags = OneCpu } : operation
        ),
    ];

    private static readonly ConditionalWeakTable<Storage, Storage> Copies = [];

    private static bool IsShared(Storage storage) => storage.Map.Kind == StorageKind.Shared;

    private static Storage CopyForCpu1(Storage bound) =>
        IsShared(bound)
        && Copies.GetValue(bound, _ => bound.Map.Allocate(bound.CgroupId, bound.AttachType) ?? bound) is var copy
            ? Substitute.With(bound, bound.AddressOn(0), copy.AddressOn(0))
            : bound;

    private static (int Stride, int Packed)? Area(string map, byte[] value, World world) =>
        world.IsPerCpu(map) && value.Length % world.Cpus == 0
            ? (value.Length / world.Cpus, world.Maps[map].ValueSize)
            : null;

    private static byte[] Repack(byte[] value, int from, int to, int cpus)
    {
        var repacked = new byte[value.Length];
        var size = Math.Min(from, to);
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            value.AsSpan(cpu * from, size).CopyTo(repacked.AsSpan(cpu * to));
        }

        return repacked;
    }

    private static byte[] Reverse(byte[] value, int stride) =>
        [.. value.Chunk(stride).Reverse().SelectMany(area => area)];
}
