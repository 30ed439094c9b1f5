using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Conformance.Harness.Machines;
using Conformance.Mutants.Seams;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Mutants.Gallery;

/// <summary>Test runs, tail calls, pointers that a run gets.</summary>
internal static class RunMutants
{
    private const int EthernetHeader = 14;

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Mutant.Before(
            "test-run-touches-attachments",
            "A test run of an attached program works on the storage of its attachment.",
            ["programs.test-run"],
            (operation, world) =>
            {
                if (operation is ProgTestRun test)
                {
                    foreach (var each in world.Attachments.Where(each => each.Program == test.Program))
                    {
                        world.Perform(new Fire(each.AttachType, each.Cgroup));
                    }
                }
            }
        ),
        Mutant.Instead(
            "test-run-renews-storage",
            "It makes a new storage for each repetition of a test run.",
            ["programs.test-run"],
            (operation, world) =>
                operation is ProgTestRun { Repeat: > 1 } test ? world.Perform(test with { Repeat = 1 }) : null
        ),
        Mutant.Altering(
            "test-run-keeps-storage",
            "It keeps the storage of a program's test run for the next one.",
            ["programs.test-run"],
            new()
            {
                Instead = (operation, world) =>
                {
                    if (operation is not ProgTestRun test)
                    {
                        return null;
                    }

                    var key = (test.Program, (MapKey)new RawKey([]));
                    var before = world.Remembered.TryGetValue(key, out var count) ? BitConverter.ToInt32(count) : 0;
                    world.Remembered[key] = BitConverter.GetBytes(before + test.Repeat);
                    return world.Perform(test with { Repeat = before + test.Repeat });
                },
            }
        ),
        Mutant.Asking(
            "test-run-takes-short-frames",
            "It makes test runs on frames without an Ethernet header.",
            ["programs.test-run-frame"],
            operation =>
                operation is ProgTestRun { Data.Length: < EthernetHeader } test
                    ? test with
                    {
                        Data = [.. test.Data, .. new byte[EthernetHeader - test.Data.Length]],
                    }
                    : operation
        ),
        Mutant.Answering(
            "test-run-for-all",
            "It makes test runs of programs of every type.",
            ["programs.test-run"],
            (operation, answer, _) =>
                operation is ProgTestRun && answer.Errno == Errno.ENOTSUPP ? Answer.Ok with { ReturnValue = 1 } : answer
        ),
        Mutant.Instead(
            "tail-calls-fall-through",
            "A tail call goes on in the caller.",
            ["programs.tail-calls"],
            (operation, world) =>
                operation is ProgArrayUpdate update && world.Perform(update).Kind == AnswerKind.Ok
                    ? world.Perform(new MapDeleteElem(update.Map, new RawKey(BitConverter.GetBytes(update.Index))))
                    : null
        ),
        Mutant.Answering(
            "tail-calls-between-maps",
            "It joins programs with different storage maps by tail calls.",
            ["programs.tail-call-compatibility"],
            (operation, answer, _) => operation is ProgArrayUpdate && answer.Errno == Errno.EINVAL ? Answer.Ok : answer
        ),
        Mutant.Answering(
            "tail-calls-need-no-match",
            "It loads programs that do not fit the prog_array that they refer to.",
            ["programs.tail-call-compatibility"],
            Verdict.Accept(
                (load, answer) =>
                    answer.Errno == Errno.EINVAL
                    && Slots.Of(load).Any(slot => slot is { Opcode: 0x85, Src: 0, Imm: 12 })
            )
        ),
        Mutant.Storing(
            "misaligned-storage",
            "It begins the value behind a header of four bytes.",
            ["pointer.aligned"],
            new()
            {
                AtRun = (attachment, _) =>
                    Substitute.Each(
                        attachment,
                        bound => Substitute.With(bound, [.. Addresses(bound).Select(address => address + sizeof(uint))])
                    ),
            }
        ),
        Mutant.Storing(
            "begins-at-the-second-word",
            "It returns the address of the value's second word.",
            ["user.update-is-visible", "user.lookup-is-current"],
            new()
            {
                AtRun = (attachment, _) =>
                    Substitute.Each(
                        attachment,
                        bound =>
                            Substitute.With(bound, [.. Addresses(bound).Select(address => address + sizeof(ulong))])
                    ),
            }
        ),
        Mutant.Storing(
            "one-address-per-run",
            "A run goes on with the address that was current when it began, whatever user space updates meanwhile.",
            ["pointer.old-buffer"],
            new()
            {
                AtRun = (attachment, _) =>
                    Substitute.Each(
                        attachment,
                        bound =>
                            bound.Map.Kind == StorageKind.Shared ? Substitute.With(bound, bound.AddressOn(0)) : bound
                    ),
            }
        ),
        new(
            "remembers-the-buffer",
            "It finds the address of a shared storage once, at the first run, and goes on with the old buffer after an update.",
            ["user.update-is-visible", "pointer.moved-by-update"],
            () => WrongMachine.With(FirstAddress())
        ),
        Mutant.Storing(
            "copies-in-and-out",
            "Every run of a per-CPU program works on a copy that is written back by nobody.",
            ["percpu.stable-address", "user.lookup-is-current"],
            new()
            {
                AtRun = (attachment, _) =>
                    Substitute.Each(
                        attachment,
                        bound =>
                            bound.Map.Kind == StorageKind.PerCpu
                                ? bound.Map.Allocate(bound.CgroupId, bound.AttachType) ?? bound
                                : bound
                    ),
            }
        ),
        new(
            "one-slot-for-storages",
            "It keeps the storages of the running program in one place, which a run that interrupts it overwrites.",
            ["programs.nested-runs"],
            () => WrongMachine.With(OneSlot())
        ),
    ];

    private static ulong[] Addresses(Storage storage) => storage.Buffers.ToArray();

    private static StorageRules FirstAddress()
    {
        var first = new ConditionalWeakTable<Storage, Storage>();
        return new StorageRules
        {
            AtRun = (attachment, _) =>
                Substitute.Each(
                    attachment,
                    bound =>
                        bound.Map.Kind == StorageKind.Shared
                            ? first.GetValue(bound, _ => Substitute.With(bound, bound.AddressOn(0)))
                            : bound
                ),
        };
    }

    // The helper reads the address from the storage at the call: all runs get a storage with the same array.
    private static StorageRules OneSlot()
    {
        var slots = new ConcurrentDictionary<(StorageKind, int), ulong[]>();
        return new StorageRules
        {
            AtRun = (attachment, _) =>
                Substitute.Each(
                    attachment,
                    bound =>
                    {
                        var addresses = Addresses(bound);
                        var slot = slots.GetOrAdd((bound.Map.Kind, addresses.Length), _ => new ulong[addresses.Length]);
                        addresses.CopyTo(slot, 0);
                        return Substitute.With(bound, slot);
                    }
                ),
        };
    }
}
