using Conformance.Harness.Machines;
using Conformance.Mutants.Seams;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Mutants.Gallery;

/// <summary>What user space must be refused, and how.</summary>
internal static class UserErrorMutants
{
    private const ulong OneCpu = 8;
    private const ulong KnownUpdateFlags = UpdateFlags.Exist | UpdateFlags.Lock | OneCpu | OneCpu * 2;

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Mutant.Answering(
            "update-of-missing-succeeds",
            "An update of a key for which nothing was attached succeeds.",
            ["user.missing-key"],
            (operation, answer, world) =>
                operation is MapUpdateElem update && answer.Errno == Errno.ENOENT && IsStorage(update.Map, world)
                    ? Answer.Ok
                    : answer
        ),
        Mutant.Answering(
            "lookup-of-missing-is-zero",
            "A lookup of a key for which nothing was attached shows zeroes.",
            ["user.missing-key"],
            (operation, answer, world) =>
                operation is MapLookupElem lookup
                && answer.Errno == Errno.ENOENT
                && world.StorageMap(lookup.Map) is { } map
                    ? Answer.Ok with
                    {
                        Value = new byte[
                            world.IsPerCpu(lookup.Map) ? (map.ValueSize + 7) / 8 * 8 * world.Cpus : map.ValueSize
                        ],
                    }
                    : answer
        ),
        Mutant.Answering(
            "missing-is-einval",
            "It answers EINVAL where a key does not exist.",
            ["user.missing-key"],
            (operation, answer, world) =>
                operation is MapLookupElem or MapUpdateElem && answer.Errno == Errno.ENOENT
                    ? Answer.Fail(Errno.EINVAL)
                    : answer
        ),
        Mutant.Asking(
            "update-takes-noexist",
            "An update takes the flag noexist for an existing key.",
            ["user.update-flags"],
            operation =>
                operation is MapUpdateElem { Flags: UpdateFlags.NoExist } update ? update with { Flags = 0 } : operation
        ),
        Mutant.Answering(
            "noexist-is-eexist",
            "An update with the flag noexist fails with EEXIST, as in other maps.",
            ["user.update-flags"],
            (operation, answer, world) =>
                operation is MapUpdateElem { Flags: UpdateFlags.NoExist } update && IsStorage(update.Map, world)
                    ? Answer.Fail(Errno.EEXIST)
                    : answer
        ),
        Mutant.Asking(
            "update-masks-flags",
            "An update passes over flags that it does not know.",
            ["user.update-flags"],
            operation =>
                operation is MapUpdateElem update && (update.Flags & OneCpu) == 0
                    ? update with
                    {
                        Flags = update.Flags & KnownUpdateFlags,
                    }
                    : operation
        ),
        Mutant.Asking(
            "update-truncates-flags",
            "An update looks at the lower 32 bits of its flags only.",
            ["user.update-flags"],
            operation =>
                operation is MapUpdateElem update && (update.Flags & OneCpu) == 0
                    ? update with
                    {
                        Flags = (uint)update.Flags,
                    }
                    : operation
        ),
        Mutant.Altering(
            "update-takes-lock",
            "An update takes the flag lock for a value without a lock.",
            ["user.update-flags"],
            new()
            {
                Asks = (operation, world) =>
                    operation is MapUpdateElem { Flags: UpdateFlags.Lock } update
                    && world.StorageMap(update.Map) is { SpinLockOffset: null }
                        ? update with
                        {
                            Flags = 0,
                        }
                        : operation,
            }
        ),
        Mutant.Answering(
            "update-checks-key-first",
            "An update looks for the key before it checks its flags.",
            ["user.update-flags"],
            (operation, answer, world) =>
                operation is MapUpdateElem update
                && answer.Errno == Errno.EINVAL
                && IsStorage(update.Map, world)
                && world.Perform(new MapLookupElem(update.Map, update.Key)).Errno == Errno.ENOENT
                    ? Answer.Fail(Errno.ENOENT)
                    : answer
        ),
        Mutant.Asking(
            "lookup-masks-flags",
            "A lookup passes over its flags.",
            ["user.lookup-flags"],
            operation =>
                operation is MapLookupElem lookup && (lookup.Flags & OneCpu) == 0
                    ? lookup with
                    {
                        Flags = 0,
                    }
                    : operation
        ),
        Mutant.Answering(
            "lookup-checks-key-first",
            "A lookup looks for the key before it checks its flags.",
            ["user.lookup-checks-flags-first", "user.lookup-flags"],
            (operation, answer, world) =>
                operation is MapLookupElem lookup
                && answer.Errno == Errno.EINVAL
                && IsStorage(lookup.Map, world)
                && world.Perform(lookup with { Flags = 0 }).Errno == Errno.ENOENT
                    ? Answer.Fail(Errno.ENOENT)
                    : answer
        ),
        Mutant.Answering(
            "delete-succeeds",
            "Deleting succeeds and zeroes the storage.",
            ["user.delete"],
            (operation, answer, world) =>
            {
                if (operation is not MapDeleteElem delete || !IsStorage(delete.Map, world))
                {
                    return answer;
                }

                world.Zero([(delete.Map, delete.Key)]);
                return Answer.Ok;
            }
        ),
        Mutant.Answering(
            "delete-of-missing-is-enoent",
            "Deleting a key that does not exist fails with ENOENT.",
            ["user.delete"],
            (operation, answer, world) =>
                operation is MapDeleteElem delete
                && IsStorage(delete.Map, world)
                && world.Perform(new MapLookupElem(delete.Map, delete.Key)).Errno == Errno.ENOENT
                    ? Answer.Fail(Errno.ENOENT)
                    : answer
        ),
        Mutant.Answering(
            "delete-is-eopnotsupp",
            "Deleting fails with EOPNOTSUPP.",
            ["user.delete"],
            (operation, answer, world) =>
                operation is MapDeleteElem delete && IsStorage(delete.Map, world)
                    ? Answer.Fail(Errno.EOPNOTSUPP)
                    : answer
        ),
        Mutant.Answering(
            "lookup-and-delete-looks-up",
            "Lookup-and-delete answers the value.",
            ["user.lookup-and-delete"],
            (operation, answer, world) =>
                operation is MapLookupAndDeleteElem both && IsStorage(both.Map, world)
                    ? world.Perform(new MapLookupElem(both.Map, both.Key))
                    : answer
        ),
        Mutant.Answering(
            "unsupported-is-eopnotsupp",
            "It answers EOPNOTSUPP where Linux answers error 524.",
            ["user.lookup-and-delete", "user.batch", "user.file-calls", "programs.test-run"],
            (_, answer, _) => answer.Errno == Errno.ENOTSUPP ? answer with { Errno = Errno.EOPNOTSUPP } : answer
        ),
        Mutant.Instead(
            "batch-lookup-works",
            "It offers the batch commands for storage maps.",
            ["user.batch"],
            (operation, _) => operation is MapBatch ? Answer.Ok : null
        ),
        Mutant.Instead(
            "storage-maps-can-be-mapped",
            "It maps a storage map's descriptor into memory.",
            ["user.file-calls"],
            (operation, _) => operation is MapFile { Call: MapFileCall.Mmap } ? Answer.Ok : null
        ),
        Mutant.Answering(
            "null-pointer-is-einval",
            "It answers EINVAL to null in the place of a key or value.",
            ["user.null-pointers"],
            (operation, answer, _) =>
                operation is MapNullPointer && answer.Errno == Errno.EFAULT ? Answer.Fail(Errno.EINVAL) : answer
        ),
        Mutant.Answering(
            "frozen-is-einval",
            "It answers EINVAL to an update of a frozen map or of one that was created read-only.",
            ["user.freeze", "user.access-mode"],
            (operation, answer, _) =>
                operation is MapUpdateElem && answer.Errno == Errno.EPERM ? Answer.Fail(Errno.EINVAL) : answer
        ),
    ];

    private static bool IsStorage(string map, World world) => world.StorageMap(map) is not null;
}
