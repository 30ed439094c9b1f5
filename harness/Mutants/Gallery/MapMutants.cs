using Conformance.Harness.Machines;
using Conformance.Mutants.Seams;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Mutants.Gallery;

/// <summary>Creation of storage maps.</summary>
internal static class MapMutants
{
    private const int LargestAreaWithoutPercpuLimit = 65407;
    private const uint KnownFlags = CreateFlags.Access | CreateFlags.NumaNode;

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Creating(
            "ignores-max-entries",
            "It creates a storage map with any max_entries.",
            ["maps.max-entries"],
            map => map with { MaxEntries = 0 }
        ),
        Answered(
            "demands-max-entries",
            "It refuses max_entries 0, as other map types do.",
            ["maps.max-entries"],
            (map, answer) => map.MaxEntries == 0 ? Answer.Fail(Errno.EINVAL) : answer
        ),
        Creating(
            "any-key-size",
            "It creates a storage map with a key of any size and rounds it up.",
            ["maps.key-size"],
            map => map.KeySize is 8 or 16 ? map : map with { KeySize = map.KeySize < 8 ? 8 : 16 }
        ),
        Answered(
            "demands-16-byte-keys",
            "It refuses 8-byte keys, as the published description of the map has it.",
            ["maps.key-size", "identity.across-attach-types"],
            (map, answer) => map.KeySize == 8 ? Answer.Fail(Errno.EINVAL) : answer
        ),
        Creating(
            "takes-empty-values",
            "It creates a storage map with values of no bytes.",
            ["maps.value-size"],
            map => map.ValueSize == 0 ? map with { ValueSize = 1 } : map
        ),
        Mutant.Limiting(
            "one-limit-for-values",
            "It holds per-CPU values to the limit of shared ones.",
            ["maps.value-size"],
            limits => limits with { PerCpuValueSize = LargestAreaWithoutPercpuLimit }
        ),
        Mutant.Limiting(
            "values-of-64-kib",
            "It takes shared values of up to 65535 bytes.",
            ["maps.value-size"],
            limits => limits with { SharedValueSize = ushort.MaxValue }
        ),
        Answered(
            "large-value-is-einval",
            "It answers EINVAL to a value that is too large.",
            ["maps.value-size", "maps.check-order"],
            (_, answer) => answer.Errno == Errno.E2BIG ? Answer.Fail(Errno.EINVAL) : answer
        ),
        Creating(
            "ignores-unknown-flags",
            "It passes over creation flags that storage maps do not have.",
            ["maps.flags"],
            map => map with { Flags = map.Flags & KnownFlags }
        ),
        Creating(
            "takes-both-access-flags",
            "It creates a map that is both read-only and write-only.",
            ["maps.flags"],
            map =>
                CreateFlags.HasBoth(map.Flags, CreateFlags.ReadOnly, CreateFlags.WriteOnly) ? map with { Flags = 0 }
                : CreateFlags.HasBoth(map.Flags, CreateFlags.ReadOnlyProgram, CreateFlags.WriteOnlyProgram)
                    ? map with
                    {
                        Flags = 0,
                    }
                : map
        ),
        Answered(
            "checks-max-entries-first",
            "It checks max_entries before the value size.",
            ["maps.check-order"],
            (map, answer) => map.MaxEntries != 0 && answer.Errno == Errno.E2BIG ? Answer.Fail(Errno.EINVAL) : answer
        ),
        Answered(
            "checks-value-before-key",
            "It checks the value size before the key size.",
            ["maps.check-order"],
            (map, answer) =>
                map.ValueSize > LargestAreaWithoutPercpuLimit && answer.Errno == Errno.EINVAL
                    ? Answer.Fail(Errno.E2BIG)
                    : answer
        ),
        Creating(
            "ignores-numa-node",
            "It passes over the number of a memory node.",
            ["maps.numa-node"],
            map => map with { NumaNode = null, Flags = map.Flags & ~CreateFlags.NumaNode }
        ),
        Creating("ignores-map-extra", "It passes over map_extra.", ["maps.no-extra"], map => map with { Extra = 0 }),
        Creating(
            "ignores-types",
            "It passes over type information for key and value.",
            ["maps.btf-key", "maps.btf-pair"],
            map => map with { KeyType = null, ValueType = null, SpinLockOffset = map.SpinLockOffset }
        ),
        Creating(
            "no-privilege-for-maps",
            "It creates maps for callers without CAP_BPF.",
            ["maps.privilege"],
            map => map with { Without = [] }
        ),
        Creating(
            "ignores-exclusive-hash",
            "It creates a map that is bound to a program without binding it.",
            ["programs.exclusive-maps"],
            map => map with { ExclusiveProgramHash = null }
        ),
        Mutant.Answering(
            "storage-maps-as-inner-maps",
            "It takes a storage map as the inner map of a map of maps.",
            ["maps.not-inner"],
            (operation, answer, _) =>
                operation is MapCreate { InnerMap: not null } && answer.Errno == Errno.ENOTSUPP ? Answer.Ok : answer
        ),
        Creating(
            "ignores-read-only-for-programs",
            "It lets programs store to a map that was created read-only for them.",
            ["bounds.program-access-mode"],
            map => map with { Flags = map.Flags & ~CreateFlags.ReadOnlyProgram }
        ),
        Creating(
            "ignores-write-only-for-programs",
            "It lets programs load from a map that was created write-only for them.",
            ["bounds.program-access-mode"],
            map => map with { Flags = map.Flags & ~CreateFlags.WriteOnlyProgram }
        ),
        Rounded(
            "rounds-bounds-up",
            "It lets programs access the value up to the next multiple of eight.",
            size => (size + 7) / 8 * 8
        ),
        Rounded("checks-the-first-byte", "It checks the bounds of the first byte of an access only.", size => size + 7),
    ];

    public static Operation WithoutFlags(Operation operation, uint flags) =>
        operation is MapCreate map && World.IsStorage(map.Type) ? map with { Flags = map.Flags & ~flags } : operation;

    private static Mutant Creating(
        string id,
        string sentence,
        IReadOnlyList<string> rules,
        Func<MapCreate, MapCreate> asks
    ) =>
        Mutant.Asking(
            id,
            sentence,
            rules,
            operation => operation is MapCreate map && World.IsStorage(map.Type) ? asks(map) : operation
        );

    private static Mutant Answered(
        string id,
        string sentence,
        IReadOnlyList<string> rules,
        Func<MapCreate, Answer, Answer> answers
    ) =>
        Mutant.Answering(
            id,
            sentence,
            rules,
            (operation, answer, _) =>
                operation is MapCreate map && World.IsStorage(map.Type) ? answers(map, answer) : answer
        );

    // The map is larger than the client knows. What it reads and writes is cut and filled, so that programs alone can tell.
    private static Mutant Rounded(string id, string sentence, Func<int, int> size) =>
        Mutant.Altering(
            id,
            sentence,
            ["bounds.beyond-refused"],
            new()
            {
                Asks = (operation, world) =>
                    operation switch
                    {
                        MapCreate { Type: MapType.CgroupStorage, ValueSize: > 0, SpinLockOffset: null } map => map with
                        {
                            ValueSize = size(map.ValueSize),
                            ValueType = null,
                            KeyType = null,
                        },
                        MapUpdateElem update when Plain(update.Map, world) is { } map => update with
                        {
                            Value = [.. update.Value, .. new byte[size(map.ValueSize) - map.ValueSize]],
                        },
                        _ => operation,
                    },
                Answers = (operation, answer, world) =>
                    operation is MapLookupElem lookup
                    && answer.Value is { } value
                    && Plain(lookup.Map, world) is { } map
                        ? answer with
                        {
                            Value = value[..map.ValueSize],
                        }
                        : answer,
            }
        );

    private static MapCreate? Plain(string map, World world) =>
        world.StorageMap(map) is { Type: MapType.CgroupStorage, SpinLockOffset: null } made ? made : null;
}
