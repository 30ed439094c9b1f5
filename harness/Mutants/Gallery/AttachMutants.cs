using Conformance.Harness.Machines;
using Conformance.Mutants.Seams;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;

namespace Conformance.Mutants.Gallery;

/// <summary>Attaching and detaching programs: modes, order, refusals.</summary>
internal static class AttachMutants
{
    private const uint Override = (uint)AttachFlags.AllowOverride;
    private const uint Multi = (uint)AttachFlags.AllowMulti;
    private const uint Mode = (uint)AttachFlags.ModeMask;
    private const uint Before = (uint)AttachFlags.Before;
    private const uint After = (uint)AttachFlags.After;
    private const uint Preorder = (uint)AttachFlags.Preorder;
    private const uint Replace = (uint)AttachFlags.Replace;

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Attaching(
            "newest-runs-first",
            "It puts a new program before those that are attached.",
            ["attach.order"],
            op => (op.Flags & (Multi | Before | After | Replace)) == Multi ? op with { Flags = op.Flags | Before } : op
        ),
        Attaching(
            "ancestors-run-first",
            "It runs the programs of ancestors before a cgroup's own.",
            ["attach.order"],
            op => (op.Flags & Mode) == Multi ? op with { Flags = op.Flags | Preorder } : op
        ),
        Attaching(
            "ignores-preorder",
            "It passes over the preorder flag.",
            ["attach.preorder"],
            op => op with { Flags = op.Flags & ~Preorder }
        ),
        Attaching(
            "before-is-after",
            "It puts a program behind its anchor that should be before it.",
            ["attach.anchors"],
            op => (op.Flags & Before) != 0 ? op with { Flags = (op.Flags & ~Before) | After } : op
        ),
        Attaching(
            "ignores-anchors",
            "It puts every program at the end, whatever anchor is named.",
            ["attach.anchors"],
            op => op with { Flags = op.Flags & ~(uint)AttachFlags.AnchorMask, Relative = null }
        ),
        Attaching(
            "ignores-revision",
            "It passes over the expected revision.",
            ["attach.anchors"],
            op => op with { ExpectedRevision = 0 }
        ),
        Attaching(
            "override-is-multi",
            "With allow_override it runs a descendant's program besides the ancestor's.",
            ["hierarchy.override"],
            op => (op.Flags & Mode) == Override ? op with { Flags = (op.Flags & ~Mode) | Multi } : op
        ),
        Attaching(
            "single-allows-descendants",
            "It lets descendants attach below a program that was attached without a mode.",
            ["attach.modes"],
            op => (op.Flags & Mode) == 0 ? op with { Flags = op.Flags | Override } : op
        ),
        Attaching(
            "both-modes-are-multi",
            "It takes both mode flags together for allow_multi.",
            ["attach.modes"],
            op => (op.Flags & Mode) == Mode ? op with { Flags = op.Flags & ~Override } : op
        ),
        Attaching(
            "masks-attach-flags",
            "It passes over attach flags that it does not know.",
            ["attach.modes"],
            op => op with { Flags = op.Flags & (uint)AttachFlags.ProgramMask }
        ),
        Mutant.Answering(
            "other-mode-is-einval",
            "It answers EINVAL where the mode is not that of the programs in place.",
            ["attach.modes"],
            (operation, answer, _) =>
                operation is ProgAttach && answer.Errno == Errno.EPERM ? Answer.Fail(Errno.EINVAL) : answer
        ),
        Mutant.Limiting(
            "takes-65-attachments",
            "It takes 65 attachments to a cgroup and attach type.",
            ["attach.limit"],
            limits => limits with { Attachments = 65 }
        ),
        Mutant.Limiting(
            "takes-63-attachments",
            "It takes 63 attachments to a cgroup and attach type.",
            ["attach.limit"],
            limits => limits with { Attachments = 63 }
        ),
        Mutant.Answering(
            "duplicate-is-eexist",
            "It answers EEXIST where a program is attached twice.",
            ["attach.duplicate"],
            (operation, answer, world) =>
                operation is ProgAttach attach && answer.Errno == Errno.EINVAL && IsAttached(attach, world)
                    ? Answer.Fail(Errno.EEXIST)
                    : answer
        ),
        Mutant.Answering(
            "duplicate-is-fine",
            "It passes over a program that is attached twice.",
            ["attach.duplicate"],
            (operation, answer, world) =>
                operation is ProgAttach attach && answer.Errno == Errno.EINVAL && IsAttached(attach, world)
                    ? Answer.Ok
                    : answer
        ),
        Mutant.Altering(
            "replaced-goes-to-the-end",
            "It puts a replacing program at the end of the list.",
            ["attach.replace"],
            new()
            {
                Answers = (operation, answer, world) =>
                {
                    if (operation is ProgAttach { Replace: not null } attach && answer.Kind == AnswerKind.Ok)
                    {
                        world.Perform(new ProgDetach(attach.Program, attach.Cgroup, attach.AttachType));
                        world.Perform(attach with { Flags = attach.Flags & ~Replace, Replace = null });
                    }

                    return answer;
                },
            }
        ),
        Mutant.Answering(
            "replaces-nothing",
            "It attaches a program that should replace one that is not attached.",
            ["attach.replace"],
            (operation, answer, world) =>
                operation is ProgAttach attach && (attach.Flags & Replace) != 0 && answer.Errno == Errno.ENOENT
                    ? world.Perform(attach with { Flags = attach.Flags & ~Replace, Replace = null })
                    : answer
        ),
        Mutant.Answering(
            "failed-attach-leaves-storage",
            "It makes the storages of an attachment before it knows whether it will succeed, and leaves them.",
            ["attach.failure-leaves-nothing"],
            (operation, answer, world) =>
            {
                if (operation is ProgAttach attach && answer.Kind == AnswerKind.Failed)
                {
                    LeaveStorage(attach, world);
                }

                return answer;
            }
        ),
        Mutant.Answering(
            "detach-takes-any",
            "With allow_multi it detaches the first program where none is named.",
            ["attach.detach"],
            DetachFirst
        ),
        Mutant.Answering(
            "detach-of-nothing-succeeds",
            "Detaching a program that is not attached succeeds.",
            ["attach.detach"],
            (operation, answer, _) => operation is ProgDetach && answer.Errno == Errno.ENOENT ? Answer.Ok : answer
        ),
        Mutant.Answering(
            "detach-of-nothing-is-einval",
            "Detaching a program that is not attached fails with EINVAL.",
            ["attach.detach"],
            (operation, answer, _) =>
                operation is ProgDetach && answer.Errno == Errno.ENOENT ? Answer.Fail(Errno.EINVAL) : answer
        ),
        Mutant.Altering(
            "attaches-at-the-expected-type",
            "It attaches a program where it was loaded for, whatever attach type is given.",
            ["attach.type-check", "attach.unchecked-expected-type"],
            new()
            {
                Asks = (operation, world) =>
                    operation is ProgAttach attach && world.Programs.TryGetValue(attach.Program, out var program)
                        ? attach with
                        {
                            AttachType = program.ExpectedAttachType,
                        }
                        : operation,
            }
        ),
        Mutant.Answering(
            "wrong-attach-type-is-eperm",
            "It answers EPERM where a program cannot be attached to an attach type.",
            ["attach.type-check"],
            (operation, answer, world) =>
                operation is ProgAttach attach
                && answer.Errno == Errno.EINVAL
                && world.Programs.TryGetValue(attach.Program, out var program)
                && program.ExpectedAttachType != attach.AttachType
                    ? Answer.Fail(Errno.EPERM)
                    : answer
        ),
        Mutant.Answering(
            "removed-cgroup-is-ebadf",
            "It answers EBADF for a removed cgroup.",
            ["attach.removed-cgroup"],
            (operation, answer, _) =>
                operation is ProgAttach or ProgDetach or ProgQuery && answer.Errno == Errno.ENOENT
                    ? Answer.Fail(Errno.EBADF)
                    : answer
        ),
        Mutant.Answering(
            "query-is-reversed",
            "A query names the programs from the last to the first.",
            ["attach.query"],
            (operation, answer, _) =>
                operation is ProgQuery && answer.Programs is { } programs
                    ? answer with
                    {
                        Programs = [.. programs.Reverse()],
                    }
                    : answer
        ),
        Mutant.Asking(
            "query-inherits-nothing",
            "A query for effective programs names those of the cgroup itself only.",
            ["attach.query"],
            operation => operation is ProgQuery query ? query with { Effective = false } : operation
        ),
        Mutant.Answering(
            "query-forgets-the-mode",
            "A query reports no mode.",
            ["attach.query"],
            (operation, answer, _) => operation is ProgQuery ? answer with { AttachFlags = 0 } : answer
        ),
        Mutant.Asking(
            "query-overruns",
            "A query writes the whole list into a buffer that is smaller.",
            ["attach.query-room"],
            operation => operation is ProgQuery query ? query with { Capacity = null } : operation
        ),
        Mutant.Behaving(
            "verdicts-anywhere",
            "It attaches programs that can return 2 or 3 to ingress too.",
            ["attach.verdicts-egress-only"],
            behaviour => behaviour with { EgressReportsCongestion = false }
        ),
    ];

    private static Mutant Attaching(
        string id,
        string sentence,
        IReadOnlyList<string> rules,
        Func<ProgAttach, ProgAttach> asks
    ) => Mutant.Asking(id, sentence, rules, operation => operation is ProgAttach attach ? asks(attach) : operation);

    private static bool IsAttached(ProgAttach attach, World world) =>
        world.Attachments.Any(each =>
            each.Program == attach.Program && each.Cgroup == attach.Cgroup && each.AttachType == attach.AttachType
        );

    private static Answer DetachFirst(Operation operation, Answer answer, World world) =>
        operation is ProgDetach { Program: null } detach
        && answer.Kind == AnswerKind.Failed
        && world.Attachments.Find(each =>
            each.Cgroup == detach.Cgroup && each.AttachType == detach.AttachType && each.Link is null
        )
            is { } first
            ? world.Perform(detach with { Program = first.Program })
            : answer;

    // In a list that is full, or of another mode: what is there makes room for a moment.
    private static void LeaveStorage(ProgAttach attach, World world)
    {
        var there = world.Attachments.Where(each =>
            each.Cgroup == attach.Cgroup && each.AttachType == attach.AttachType && each.Link is null
        );
        if (there.LastOrDefault() is not { } last || IsAttached(attach, world))
        {
            return;
        }

        world.Perform(new ProgDetach(last.Program, last.Cgroup, last.AttachType));
        if (
            world.Perform(new ProgAttach(attach.Program, attach.Cgroup, attach.AttachType, last.Flags)).Kind
            == AnswerKind.Ok
        )
        {
            world.Perform(new ProgDetach(attach.Program, attach.Cgroup, attach.AttachType));
        }

        world.Perform(new ProgAttach(last.Program, last.Cgroup, last.AttachType, last.Flags));
    }
}
