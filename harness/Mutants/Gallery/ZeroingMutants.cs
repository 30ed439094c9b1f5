using Conformance.Mutants.Seams;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Mutants.Gallery;

/// <summary>What a new storage holds.</summary>
internal static class ZeroingMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        New(
            "forgets-zeroing",
            "It hands out the memory of a new storage as it finds it.",
            ["zeroing.first-sight"],
            (storage, _) => Content.Fill(storage, value => value.AsSpan().Fill(Content.Dirt))
        ),
        New(
            "zeroes-the-first-word",
            "It zeroes the first eight bytes of a new storage only.",
            ["zeroing.first-sight"],
            (storage, _) => Content.Fill(storage, value => value.AsSpan(Math.Min(8, value.Length)).Fill(Content.Dirt))
        ),
        New(
            "leaves-the-last-byte",
            "It leaves the last byte of a new storage as it finds it.",
            ["zeroing.first-sight", "zeroing.every-cpu"],
            (storage, _) => Content.Fill(storage, value => value[storage.Map.Definition.ValueSize - 1] = Content.Dirt)
        ),
        New(
            "zeroes-one-cpu",
            "Of a new per-CPU storage it zeroes the area of CPU 0 only.",
            ["zeroing.every-cpu"],
            (storage, _) =>
                storage.Map.Kind == StorageKind.Shared
                    ? storage
                    : Content.Fill(
                        storage,
                        value => value.AsSpan(storage.Map.UserValueSize / storage.Buffers.Length).Fill(Content.Dirt)
                    )
        ),
        New(
            "inherits-content",
            "It starts a new storage with the content of the parent's.",
            ["zeroing.first-sight", "identity.by-cgroup"],
            (storage, cgroup) =>
            {
                if (cgroup.Parent is { } parent && storage.Map.Find(parent.Id, storage.AttachType) is { } above)
                {
                    Content.Copy(above, storage);
                }

                return storage;
            }
        ),
        New(
            "recycles-content",
            "It starts a new storage with what the one made before it in the same map holds.",
            ["identity.by-cgroup", "zeroing.first-sight"],
            (storage, _) =>
            {
                if (storage.Map.Storages is [_, var before, ..])
                {
                    Content.Copy(before, storage);
                }

                return storage;
            }
        ),
        Mutant.Storing(
            "zeroes-at-every-attach",
            "It zeroes a storage whenever a program is attached that uses it.",
            ["zeroing.only-once"],
            new() { Bind = (map, cgroup, type) => Content.Fill(StorageRules.FindOrCreate(map, cgroup, type), _ => { }) }
        ),
    ];

    private static Mutant New(
        string id,
        string sentence,
        IReadOnlyList<string> rules,
        Func<Storage, Cgroup, Storage?> begin
    ) =>
        Mutant.Storing(
            id,
            sentence,
            rules,
            new()
            {
                Bind = (map, cgroup, type) =>
                    map.Find(cgroup.Id, type) ?? (map.Create(cgroup.Id, type) is { } made ? begin(made, cgroup) : null),
            }
        );
}
