using Conformance.Harness.Machines;
using Conformance.Mutants.Seams;
using Conformance.ReferenceVm;

namespace Conformance.Mutants.Gallery;

/// <summary>Links.</summary>
internal static class LinkMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        Mutant.Instead(
            "link-survives-its-descriptor",
            "Closing a link leaves its program attached.",
            ["attach.links"],
            (operation, _) => operation is LinkClose ? Answer.Ok : null
        ),
        Mutant.Before(
            "link-takes-storage-along",
            "It zeroes the storage when a link is closed or detached.",
            ["attach.links"],
            (operation, world) =>
                world.Zero(
                    world.StoragesOf(
                        world.Attachments.Where(each =>
                            each.Link is not null
                            && (
                                operation is LinkClose close && close.Link == each.Link
                                || operation is LinkDetach detach && detach.Link == each.Link
                            )
                        )
                    )
                )
        ),
        Mutant.Instead(
            "second-detach-fails",
            "Detaching a link a second time fails with ENOENT.",
            ["attach.links"],
            (operation, world) =>
                operation is LinkDetach detach && world.Attachments.All(each => each.Link != detach.Link)
                    ? Answer.Fail(Errno.ENOENT)
                    : null
        ),
        Mutant.Answering(
            "prog-detach-removes-links",
            "BPF_PROG_DETACH removes a link that holds the program.",
            ["attach.links"],
            (operation, answer, world) =>
                operation is ProgDetach detach
                && answer.Errno == Errno.ENOENT
                && world.Attachments.Find(each =>
                    each.Link is not null && each.Cgroup == detach.Cgroup && each.Program == detach.Program
                )
                    is { } held
                    ? world.Perform(new LinkDetach(held.Link!))
                    : answer
        ),
        Mutant.Asking(
            "link-update-ignores-old",
            "Updating a link it does not look whether it holds the program that is named as the old one.",
            ["attach.link-update"],
            operation => operation is LinkUpdate update ? update with { Old = null } : operation
        ),
        Mutant.Answering(
            "link-update-of-wrong-old-is-einval",
            "It answers EINVAL where a link does not hold the program that is named as the old one.",
            ["attach.link-update"],
            (operation, answer, _) =>
                operation is LinkUpdate && answer.Errno == Errno.EPERM ? Answer.Fail(Errno.EINVAL) : answer
        ),
        Mutant.Before(
            "link-update-renews-storage",
            "It zeroes the storage when a link is updated.",
            ["attach.link-update"],
            (operation, world) =>
            {
                if (operation is LinkUpdate update)
                {
                    world.Zero(world.StoragesOf(world.Attachments.Where(each => each.Link == update.Link)));
                }
            }
        ),
        Mutant.Instead(
            "link-update-goes-to-the-end",
            "Updating a link puts its program at the end of the list.",
            ["attach.link-update"],
            (operation, world) =>
                operation is LinkUpdate { Old: null } update
                && world.Attachments.Find(each => each.Link == update.Link) is { } held
                && world.Programs[held.Program].Type == world.Programs[update.Program].Type
                && world.Perform(update).Kind == AnswerKind.Ok
                    ? Again(update, held, world)
                    : null
        ),
        Mutant.Behaving(
            "link-update-takes-other-maps",
            "It updates a link to a program with other storage maps.",
            ["attach.link-update-maps"],
            behaviour => behaviour with { LinkUpdateKeepsStorageMaps = false }
        ),
        Mutant.Answering(
            "detached-link-can-be-updated",
            "Updating a detached link succeeds and does nothing.",
            ["attach.link-update"],
            (operation, answer, _) => operation is LinkUpdate && answer.Errno == Errno.ENOLINK ? Answer.Ok : answer
        ),
        Mutant.Behaving(
            "links-of-verdicts-anywhere",
            "It links programs that can return 2 or 3 to ingress too.",
            ["attach.verdicts-egress-only"],
            behaviour => behaviour with { LinkChecksExpectedDirection = false }
        ),
        Mutant.Answering(
            "links-set-no-mode",
            "Beside a link it attaches programs in any mode.",
            ["attach.links-set-the-mode"],
            (operation, answer, world) =>
                operation is ProgAttach attach
                && answer.Errno == Errno.EPERM
                && world.Attachments.Any(each => each.Link is not null && each.Cgroup == attach.Cgroup)
                    ? world.Perform(attach with { Flags = 2 })
                    : answer
        ),
        Mutant.Instead(
            "links-are-made-once",
            "It refuses a second link of a program to one cgroup.",
            ["attach.duplicate"],
            (operation, world) =>
                operation is LinkCreate create
                && world.Attachments.Any(each =>
                    each.Program == create.Program
                    && each.Cgroup == create.Cgroup
                    && each.AttachType == create.AttachType
                    && each.Link is not null
                )
                    ? Answer.Fail(Errno.EINVAL)
                    : null
        ),
    ];

    private static Answer Again(LinkUpdate update, Attached held, World world)
    {
        world.Perform(new LinkClose(update.Link));
        return world.Perform(new LinkCreate(update.Link, update.Program, held.Cgroup, held.AttachType, held.Flags));
    }
}
