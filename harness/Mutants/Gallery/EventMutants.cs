using Conformance.Harness.Machines;
using Conformance.Mutants.Seams;
using Conformance.ReferenceVm;

namespace Conformance.Mutants.Gallery;

/// <summary>How events end, and whose programs they run.</summary>
internal static class EventMutants
{
    public static IReadOnlyList<Mutant> All { get; } =
    [
        Mutant.Answering(
            "never-denies",
            "It lets an event happen whatever its programs return.",
            ["events.denial"],
            (operation, answer, _) =>
                operation is Fire && answer.Kind == AnswerKind.Ok
                    ? answer with
                    {
                        Outcome = EventOutcome.Completed,
                        Errno = Errno.None,
                    }
                    : answer
        ),
        Mutant.Answering(
            "denies-with-eacces",
            "It makes a denied event fail with EACCES.",
            ["events.denial"],
            (operation, answer, _) =>
                operation is Fire && answer is { Kind: AnswerKind.Ok, Errno: Errno.EPERM }
                    ? answer with
                    {
                        Errno = Errno.EACCES,
                    }
                    : answer
        ),
        Mutant.Answering(
            "drops-are-denials",
            "It tells the sender of a packet that was not let in.",
            ["events.denial"],
            (operation, answer, _) =>
                operation is Fire && answer.Outcome == EventOutcome.Dropped
                    ? answer with
                    {
                        Outcome = EventOutcome.Denied,
                        Errno = Errno.EPERM,
                    }
                    : answer
        ),
        Mutant.Answering(
            "every-denial-is-eperm",
            "It makes an event fail with EPERM, whatever error a program chose.",
            ["events.retval"],
            (operation, answer, _) =>
                operation is Fire && answer.Outcome == EventOutcome.Denied
                    ? answer with
                    {
                        Errno = Errno.EPERM,
                    }
                    : answer
        ),
        Mutant.Instead(
            "stops-at-the-first-denial",
            "It runs no further programs once one has denied the event.",
            ["attach.all-run"],
            FirstDenial.Ends
        ),
        Mutant.Behaving(
            "denials-stick",
            "It does not let a later program take a denial back.",
            ["events.retval"],
            behaviour => behaviour with { VerdictIsAnError = false }
        ),
        Mutant.Behaving(
            "bind-returns-two-values",
            "It refuses programs for bind that can return 2 or 3.",
            ["events.return-range"],
            behaviour => behaviour with { BindSkipsPortCheck = false }
        ),
        Mutant.Answering(
            "runs-siblings-programs",
            "An event runs the programs of other cgroups too.",
            ["hierarchy.subtree-only"],
            (operation, answer, world) =>
            {
                if (operation is Fire fire && answer.Kind == AnswerKind.Ok)
                {
                    foreach (
                        var other in world.Parents.Keys.Where(other =>
                            other != fire.Cgroup && IsApart(other, fire.Cgroup, world)
                        )
                    )
                    {
                        world.Perform(fire with { Cgroup = other, Socket = null });
                    }
                }

                return answer;
            }
        ),
        Mutant.Asking(
            "socket-of-the-task",
            "It runs the programs of the task's cgroup for an event on a socket.",
            ["hierarchy.socket-owner"],
            operation => operation is Fire fire ? fire with { Socket = null } : operation
        ),
        Mutant.Asking(
            "accepted-socket-of-the-task",
            "It counts an accepted socket to the cgroup of the task that accepts it.",
            ["hierarchy.socket-owner"],
            operation => operation is SocketAccept accept ? new SocketCreate(accept.Socket, accept.Cgroup) : operation
        ),
        Mutant.Asking(
            "fires-once",
            "Where an event happens several times it runs the programs once.",
            ["pointer.stable-across-runs", "percpu.area-per-cpu", "sharing.concurrent-instances"],
            operation => operation is Fire { Times: > 1 } fire ? fire with { Times = 1 } : operation
        ),
        Mutant.Asking(
            "runs-on-one-cpu",
            "It runs every program on CPU 0, so that one area is used.",
            ["percpu.area-per-cpu"],
            operation => operation is Fire fire ? fire with { Cpu = 0 } : operation
        ),
        Mutant.Asking(
            "sends-without-address",
            "It runs sendmsg and recvmsg programs where no address is given or asked for.",
            ["events.message-address"],
            operation =>
                operation is Fire { Event: { } parameters } fire
                    ? fire with
                    {
                        Event = parameters with { Connected = null, Address = null },
                    }
                    : operation
        ),
        Mutant.Asking(
            "context-without-parameters",
            "It fills the context with the values of the default event.",
            ["events.context"],
            operation => operation is Fire { Socket: null } fire ? fire with { Event = null } : operation
        ),
    ];

    private static bool IsApart(string one, string other, World world) =>
        !world.Removed.Contains(one) && !IsAbove(one, other, world) && !IsAbove(other, one, world);

    private static bool IsAbove(string above, string below, World world) =>
        world.Parents.GetValueOrDefault(below) is { } parent && (parent == above || IsAbove(above, parent, world));
}
