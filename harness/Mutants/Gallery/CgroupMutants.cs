using Conformance.Harness.Machines;
using Conformance.Mutants.Seams;

namespace Conformance.Mutants.Gallery;

/// <summary>What becomes of storages when cgroups are made and removed.</summary>
internal static class CgroupMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        Mutant.Altering(
            "keeps-storage-of-removed-cgroup",
            "It keeps the storages of a removed cgroup in the map.",
            ["lifetime.ends-with-cgroup"],
            new()
            {
                Before = (operation, world) => RememberRemoved(operation, world),
                Answers = (operation, answer, world) =>
                    operation is MapLookupElem { Key: StorageKey key } lookup
                    && answer.Kind == AnswerKind.Failed
                    && world.Removed.Contains(key.Cgroup)
                    && world.Remembered.TryGetValue((lookup.Map, key), out var value)
                        ? Answer.Ok with
                        {
                            Value = value,
                        }
                        : answer,
            }
        ),
        Mutant.Altering(
            "finds-storage-by-name",
            "It gives a cgroup the content of a removed one of the same name.",
            ["lifetime.new-cgroup"],
            new()
            {
                Before = (operation, world) => RememberRemoved(operation, world),
                Answers = (operation, answer, world) =>
                {
                    if (operation is ProgAttach attach && answer.Kind == AnswerKind.Ok)
                    {
                        foreach (var ((map, key), value) in world.Remembered)
                        {
                            if (key is StorageKey storage && storage.Cgroup == attach.Cgroup)
                            {
                                world.Perform(new MapUpdateElem(map, key, value));
                            }
                        }
                    }

                    return answer;
                },
            }
        ),
        Mutant.Before(
            "zeroes-ancestors-at-removal",
            "It zeroes the storages of a cgroup when a child of it is removed.",
            ["lifetime.child-removal"],
            (operation, world) =>
            {
                if (operation is CgroupRemove remove && world.Parents.GetValueOrDefault(remove.Cgroup) is { } parent)
                {
                    world.Zero(world.StoragesOf(world.Attachments.Where(each => each.Cgroup == parent)));
                }
            }
        ),
        Mutant.Before(
            "detaches-at-removal",
            "It detaches a removed cgroup's programs at once, though sockets that were made in it are open.",
            ["lifetime.held-by-sockets"],
            (operation, world) =>
            {
                if (operation is CgroupRemove remove)
                {
                    foreach (
                        var each in world.Attachments.Where(each => each.Cgroup == remove.Cgroup && each.Link is null)
                    )
                    {
                        world.Perform(new ProgDetach(each.Program, each.Cgroup, each.AttachType));
                    }
                }
            }
        ),
        Mutant.Asking(
            "forgets-to-close-sockets",
            "It keeps what a removed cgroup had after its last socket has been closed.",
            ["lifetime.held-by-sockets"],
            operation => operation is SocketClose close ? new CgroupCreate($"left by {close.Socket}") : operation
        ),
        Mutant.Altering(
            "later-descendants-inherit-nothing",
            "A cgroup made after an attach does not inherit what is attached above it.",
            ["hierarchy.later-descendants"],
            new()
            {
                Asks = (operation, world) =>
                    operation is CgroupCreate { Parent: not null } create && world.Attachments.Count > 0
                        ? create with
                        {
                            Parent = null,
                        }
                        : operation,
            }
        ),
    ];

    private static void RememberRemoved(Operation operation, World world)
    {
        if (operation is not CgroupRemove remove)
        {
            return;
        }

        var own = world.StoragesOf(world.Attachments.Where(each => each.Cgroup == remove.Cgroup)).ToArray();
        foreach (var (map, key) in own)
        {
            if (world.Read(map, key) is { } value)
            {
                world.Remembered[(map, key)] = value;
            }
        }
    }
}
