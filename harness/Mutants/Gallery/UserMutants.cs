using Conformance.Harness.Machines;
using Conformance.Mutants.Seams;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Mutants.Gallery;

/// <summary>What user space reads, writes and iterates over.</summary>
internal static class UserMutants
{
    private const int Word = 8;

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Mutant.Instead(
            "update-goes-nowhere",
            "An update from user space succeeds and changes a copy that no program sees.",
            ["user.update-is-visible"],
            (operation, world) =>
                operation is MapUpdateElem { Flags: 0 } update
                && world.StorageMap(update.Map) is not null
                && world.Read(update.Map, update.Key) is not null
                    ? Answer.Ok
                    : null
        ),
        Mutant.Altering(
            "updates-the-first-word",
            "An update from user space changes the first eight bytes only.",
            ["user.update-is-visible"],
            new()
            {
                Asks = (operation, world) =>
                    operation is MapUpdateElem { Flags: 0 } update
                    && update.Value.Length > Word
                    && world.StorageMap(update.Map) is not null
                    && world.Read(update.Map, update.Key) is { } old
                        ? update with
                        {
                            Value = [.. update.Value[..Word], .. old[Word..]],
                        }
                        : operation,
            }
        ),
        Mutant.Answering(
            "lookup-shows-the-first",
            "A lookup shows what the first lookup of that storage showed, until user space updates it.",
            ["user.lookup-is-current"],
            (operation, answer, world) =>
            {
                if (operation is MapUpdateElem update)
                {
                    world.Remembered.Remove((update.Map, update.Key));
                }

                if (
                    operation is not MapLookupElem { Flags: 0 } lookup
                    || answer.Value is null
                    || world.StorageMap(lookup.Map) is null
                )
                {
                    return answer;
                }

                world.Remembered.TryAdd((lookup.Map, lookup.Key), answer.Value);
                return answer with { Value = world.Remembered[(lookup.Map, lookup.Key)] };
            }
        ),
        Mutant.Answering(
            "lookup-copies-whole-words",
            "A lookup of a shared storage copies value_size rounded up to eight bytes.",
            ["user.value-size"],
            (operation, answer, world) =>
                operation is MapLookupElem lookup
                && answer.Value is { } value
                && value.Length % Word != 0
                && world.StorageMap(lookup.Map) is not null
                    ? answer with
                    {
                        Value = [.. value, .. new byte[Word - value.Length % Word]],
                    }
                    : answer
        ),
        Mutant.Instead(
            "oldest-key-first",
            "Iteration goes from the oldest storage to the newest.",
            ["user.next-key-order"],
            (operation, world) =>
            {
                if (operation is not MapGetNextKey next || world.StorageMap(next.Map) is null)
                {
                    return null;
                }

                var keys = Keys(next.Map, world);
                keys.Reverse();
                var at = next.Key is null ? -1 : keys.IndexOf(next.Key);
                return next.Key is not null && at < 0 ? null
                    : at + 1 < keys.Count ? Answer.Ok with { Key = keys[at + 1] }
                    : Answer.Fail(Errno.ENOENT);
            }
        ),
        Mutant.Answering(
            "iteration-starts-over",
            "Asked for the key after one that does not exist, it answers the first key, as hash maps do.",
            ["user.next-key-end"],
            (operation, answer, world) =>
                operation is MapGetNextKey { Key: { } key } next
                && answer.Errno == Errno.ENOENT
                && world.StorageMap(next.Map) is not null
                && !Keys(next.Map, world).Contains(key)
                    ? world.Perform(next with { Key = null })
                    : answer
        ),
        Mutant.Answering(
            "iteration-goes-round",
            "After the last key it answers the first one again.",
            ["user.next-key-end"],
            (operation, answer, world) =>
                operation is MapGetNextKey { Key: { } key } next
                && answer.Errno == Errno.ENOENT
                && world.StorageMap(next.Map) is not null
                && Keys(next.Map, world).Contains(key)
                    ? world.Perform(next with { Key = null })
                    : answer
        ),
        Mutant.Answering(
            "dirty-key-padding",
            "It leaves bytes of its own in the padding of the keys that it hands out.",
            ["user.key-padding"],
            (operation, answer, world) =>
                operation is MapGetNextKey && answer.Key is StorageKey { AttachType: not null } key
                    ? answer with
                    {
                        Key = key with { Padding = 0xa5a5a5a5 },
                    }
                    : answer
        ),
        Mutant.Instead(
            "compares-key-padding",
            "It takes the padding of a 16-byte key for part of the key.",
            ["user.key-padding"],
            (operation, _) =>
                operation
                    is MapLookupElem { Key: StorageKey { Padding: not 0 } }
                        or MapUpdateElem { Key: StorageKey { Padding: not 0 } }
                        or MapGetNextKey { Key: StorageKey { Padding: not 0 } }
                    ? Answer.Fail(Errno.ENOENT)
                    : null
        ),
        Mutant.Asking(
            "locked-update-replaces",
            "An update with the lock flag replaces the buffer like a plain one.",
            ["user.locked-update"],
            operation =>
                operation is MapUpdateElem { Flags: UpdateFlags.Lock } update ? update with { Flags = 0 } : operation
        ),
        Mutant.Instead(
            "freeze-does-nothing",
            "Freezing a map succeeds and takes nothing away.",
            ["user.freeze"],
            (operation, _) => operation is MapFreeze ? Answer.Ok : null
        ),
        Mutant.Altering(
            "freeze-stops-programs",
            "After a freeze, events run no programs that use the map.",
            ["user.freeze"],
            new()
            {
                Answers = (operation, answer, world) =>
                {
                    if (operation is MapFreeze freeze && answer.Kind == AnswerKind.Ok)
                    {
                        foreach (var each in world.Attachments.Where(each => Uses(each, freeze.Map, world)))
                        {
                            world.Perform(new ProgDetach(each.Program, each.Cgroup, each.AttachType));
                        }
                    }

                    return answer;
                },
            }
        ),
        Mutant.Asking(
            "ignores-read-only",
            "It lets user space write to a map that was created read-only.",
            ["user.access-mode"],
            operation => MapMutants.WithoutFlags(operation, CreateFlags.ReadOnly)
        ),
        Mutant.Asking(
            "ignores-write-only",
            "It lets user space read a map that was created write-only.",
            ["user.access-mode"],
            operation => MapMutants.WithoutFlags(operation, CreateFlags.WriteOnly)
        ),
        Mutant.Instead(
            "access-belongs-to-the-map",
            "It keeps to a map's limit on user space through other descriptors too.",
            ["user.access-of-descriptor"],
            (operation, world) =>
                operation switch
                {
                    MapUpdateElem update when Has(update.Map, CreateFlags.ReadOnly, world) => Answer.Fail(Errno.EPERM),
                    MapLookupElem lookup when Has(lookup.Map, CreateFlags.WriteOnly, world) => Answer.Fail(Errno.EPERM),
                    _ => null,
                }
        ),
        Mutant.Instead(
            "map-id-ends-with-descriptor",
            "It forgets a map's id when its first descriptor is closed.",
            ["user.reopened"],
            (operation, world) =>
                operation is MapReopen reopen && world.Gone.Contains(reopen.Of) ? Answer.Fail(Errno.ENOENT) : null
        ),
    ];

    private static bool Has(string map, uint flag, World world) =>
        world.StorageMap(map) is { } made && (made.Flags & flag) != 0;

    private static bool Uses(Attached attached, string map, World world) =>
        world.Programs[attached.Program].Maps.Any(reference => reference.Map == map);

    private static List<MapKey> Keys(string map, World world)
    {
        var keys = new List<MapKey>();
        var answer = world.Perform(new MapGetNextKey(map));
        while (answer.Key is { } key && !keys.Contains(key))
        {
            keys.Add(key);
            answer = world.Perform(new MapGetNextKey(map, key));
        }

        return keys;
    }
}
