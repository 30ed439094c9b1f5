using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Cgroups;

namespace Conformance.Mutants.Seams;

/// <summary>An event that ends with the first program that denies it. To see which does, each has the event to itself, in order.</summary>
internal static class FirstDenial
{
    public static Answer? Ends(Operation operation, World world)
    {
        if (
            operation is not Fire { Times: 1, Socket: null, InterruptedBy: null } fire
            || world.Perform(new ProgQuery(fire.Cgroup, fire.AttachType, Effective: true)).Programs
                is not { Count: > 1 } order
        )
        {
            return null;
        }

        var attached = world
            .Attachments.Where(each =>
                each.AttachType == fire.AttachType && Levels(fire.Cgroup, world).Contains(each.Cgroup)
            )
            .ToList();
        if (attached.Count != order.Count || attached.Exists(each => each.Link is not null))
        {
            return null;
        }

        foreach (var each in attached)
        {
            world.Perform(new ProgDetach(each.Program, each.Cgroup, each.AttachType));
        }

        var left = attached.ToList();
        Answer? answer = null;
        foreach (var program in order)
        {
            var next = left.FindLast(each => each.Program == program);
            if (next is null)
            {
                break;
            }

            left.Remove(next);
            Attach(next, world);
            answer = world.Perform(fire);
            world.Perform(new ProgDetach(next.Program, next.Cgroup, next.AttachType));
            if (answer.Outcome != EventOutcome.Completed)
            {
                break;
            }
        }

        foreach (var each in attached)
        {
            Attach(each, world);
        }

        return answer;
    }

    private static void Attach(Attached each, World world) =>
        world.Perform(
            new ProgAttach(each.Program, each.Cgroup, each.AttachType, each.Flags & (uint)AttachFlags.ModeMask)
        );

    private static IEnumerable<string> Levels(string? cgroup, World world)
    {
        for (; cgroup is not null; cgroup = world.Parents.GetValueOrDefault(cgroup))
        {
            yield return cgroup;
        }
    }
}
