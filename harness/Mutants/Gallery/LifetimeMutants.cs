using Conformance.Harness.Machines;
using Conformance.Mutants.Seams;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Mutants.Gallery;

/// <summary>When a storage begins, when it ends, and what must leave it alone.</summary>
internal static class LifetimeMutants
{
    private const uint ReplaceFlag = (uint)AttachFlags.Replace;

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Mutant.Behaving(
            "ends-storage-at-detach",
            "It ends a storage with the attachment that made it.",
            ["lifetime.survives-detach"],
            behaviour => behaviour with { StorageOutlivesAttachment = false }
        ),
        Mutant.Before(
            "zeroes-at-detach",
            "It zeroes a storage when a program is detached.",
            ["lifetime.survives-detach"],
            (operation, world) => world.Zero(world.StoragesOf(Detached(operation, world)))
        ),
        Mutant.Before(
            "moves-at-detach",
            "It gives a storage a new buffer with the old content when a program is detached.",
            ["pointer.stable-across-detach"],
            (operation, world) => world.Write(world.StoragesOf(Detached(operation, world)), value => value)
        ),
        Mutant.Before(
            "moves-at-another-attach",
            "It gives the storages of a cgroup new buffers with the old content when another program is attached.",
            ["pointer.stable-across-other-attachments"],
            (operation, world) =>
            {
                if (operation is ProgAttach attach)
                {
                    world.Write(
                        world.StoragesOf(world.Attachments.Where(each => each.Cgroup == attach.Cgroup)),
                        value => value
                    );
                }
            }
        ),
        Mutant.Before(
            "zeroes-at-replacement",
            "It zeroes a storage when the program is replaced.",
            ["lifetime.survives-replacement"],
            (operation, world) =>
            {
                if (operation is ProgAttach { Flags: var flags } attach && (flags & ReplaceFlag) != 0)
                {
                    world.Zero(
                        world.StoragesOf(
                            world.Attachments.Where(each =>
                                each.Cgroup == attach.Cgroup
                                && each.AttachType == attach.AttachType
                                && each.Program == attach.Replace
                            )
                        )
                    );
                }
            }
        ),
        Mutant.Altering(
            "zeroes-at-unload",
            "It zeroes a storage when a program that used it is unloaded.",
            ["lifetime.survives-unload"],
            new()
            {
                Answers = (operation, answer, world) =>
                {
                    if (operation is ProgClose close)
                    {
                        world.Zero(
                            world
                                .Parents.Keys.Where(cgroup => !world.Removed.Contains(cgroup))
                                .SelectMany(cgroup =>
                                    world.StoragesOf([
                                        new Attached(
                                            close.Program,
                                            Link: null,
                                            cgroup,
                                            world.Programs[close.Program].ExpectedAttachType,
                                            Flags: 0
                                        ),
                                    ])
                                )
                        );
                    }

                    return answer;
                },
            }
        ),
        Mutant.Before(
            "ends-program-with-descriptor",
            "It detaches a program when its descriptor is closed.",
            ["lifetime.program-kept-by-attachment"],
            (operation, world) =>
            {
                if (operation is ProgClose close)
                {
                    foreach (
                        var each in world.Attachments.Where(each => each.Program == close.Program && each.Link is null)
                    )
                    {
                        world.Perform(new ProgDetach(each.Program, each.Cgroup, each.AttachType));
                    }
                }
            }
        ),
        Mutant.Before(
            "empties-map-with-descriptor",
            "It zeroes the storages of a map when its descriptor is closed, whoever still uses them.",
            ["lifetime.map-kept-by-program", "user.reopened"],
            (operation, world) =>
            {
                if (operation is MapClose close && world.StorageMap(close.Map) is not null)
                {
                    world.Zero(world.StoragesOf(world.Attachments).Where(storage => storage.Map == close.Map));
                }
            }
        ),
        Mutant.Storing(
            "creates-at-first-run",
            "It creates the storage at the first run, not when the program is attached.",
            ["lifetime.created-by-attach"],
            new()
            {
                Bind = (map, cgroup, type) => map.Find(cgroup.Id, type) ?? map.Allocate(cgroup.Id, type),
                AtRun = (attachment, _) =>
                    Substitute.Each(
                        attachment,
                        bound =>
                        {
                            bound.Map.Publish(bound);
                            return bound;
                        }
                    ),
            }
        ),
        Mutant.Storing(
            "creates-shared-only",
            "It creates the storage of the per-CPU map at the first run only.",
            ["lifetime.created-by-attach", "lifetime.created-by-reference"],
            new()
            {
                Bind = (map, cgroup, type) =>
                    map.Kind == StorageKind.Shared
                        ? StorageRules.FindOrCreate(map, cgroup, type)
                        : map.Find(cgroup.Id, type) ?? map.Allocate(cgroup.Id, type),
                AtRun = (attachment, _) =>
                    Substitute.Each(
                        attachment,
                        bound =>
                        {
                            bound.Map.Publish(bound);
                            return bound;
                        }
                    ),
            }
        ),
        Mutant.Altering(
            "creates-for-callers-only",
            "It creates storages only for programs that call the helper, not for those that merely refer to a map.",
            ["lifetime.created-by-reference"],
            new()
            {
                Answers = (operation, answer, world) =>
                    operation is MapLookupElem { Key: StorageKey key } lookup
                    && answer.Kind == AnswerKind.Ok
                    && world.StorageMap(lookup.Map) is not null
                    && !Users(lookup.Map, key.Cgroup, world).Any(Slots.CallsHelper)
                        ? Answer.Fail(Conformance.ReferenceVm.Errno.ENOENT)
                        : answer,
            }
        ),
        Mutant.Altering(
            "finds-storage-of-former-map",
            "It gives a new map the content that the cgroup's storage had in another map.",
            ["lifetime.new-map", "identity.by-map"],
            new()
            {
                Answers = (operation, answer, world) =>
                {
                    if (operation is ProgAttach attach && answer.Kind == AnswerKind.Ok)
                    {
                        TakeFromFormerMaps(attach, world);
                    }

                    return answer;
                },
            }
        ),
        Mutant.Answering(
            "lookup-resets",
            "It zeroes a storage when user space looks it up.",
            ["pointer.stable-across-lookups", "user.lookup-is-current"],
            (operation, answer, world) =>
            {
                if (
                    operation is MapLookupElem lookup
                    && answer.Kind == AnswerKind.Ok
                    && world.StorageMap(lookup.Map) is not null
                )
                {
                    world.Zero([(lookup.Map, lookup.Key)]);
                }

                return answer;
            }
        ),
        Mutant.Answering(
            "lookup-moves",
            "It gives a storage a new buffer with the old content when user space looks it up.",
            ["pointer.stable-across-lookups"],
            (operation, answer, world) =>
            {
                if (
                    operation is MapLookupElem lookup
                    && answer.Kind == AnswerKind.Ok
                    && world.StorageMap(lookup.Map) is not null
                )
                {
                    world.Write([(lookup.Map, lookup.Key)], value => value);
                }

                return answer;
            }
        ),
    ];

    private static IEnumerable<Attached> Detached(Operation operation, World world) =>
        operation switch
        {
            ProgDetach detach => world.Attachments.Where(each =>
                each.Cgroup == detach.Cgroup
                && each.AttachType == detach.AttachType
                && (detach.Program is null || each.Program == detach.Program)
            ),
            LinkDetach detach => world.Attachments.Where(each => each.Link == detach.Link),
            LinkClose close => world.Attachments.Where(each => each.Link == close.Link),
            _ => [],
        };

    private static IEnumerable<ProgLoad> Users(string map, string cgroup, World world) =>
        world
            .Attachments.Where(each => each.Cgroup == cgroup)
            .Select(each => world.Programs[each.Program])
            .Where(program => program.Maps.Any(reference => reference.Map == map));

    private static void TakeFromFormerMaps(ProgAttach attach, World world)
    {
        var earlier = world.StoragesOf(world.Attachments.Where(each => each.Cgroup == attach.Cgroup)).ToArray();
        foreach (var (map, key) in world.StoragesOf([new(attach.Program, null, attach.Cgroup, attach.AttachType, 0)]))
        {
            foreach (var (former, _) in earlier.Where(other => other.Key == key && other.Map != map))
            {
                if (world.Read(former, key) is { } value && world.Read(map, key)?.Length == value.Length)
                {
                    world.Perform(new MapUpdateElem(map, key, value));
                }
            }
        }
    }
}
