using Conformance.Harness.Machines;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.Properties;

/// <summary>What random sequences found once, shrunk, so that it is looked at every time.</summary>
public class FoundBySequences
{
    [Fact]
    public void Removing_a_cgroup_may_take_along_the_last_program_and_its_map()
    {
        const AttachType Type = AttachType.CgroupSysctl;
        using var world = new TinyWorld(null, "a").Map("m", StorageKind.Shared, 8).Load("p", Type, "m");
        world.Attach("p", "a", Type, TinyWorld.Multi);
        world.Do(new ProgClose("p"));
        world.Do(new MapClose("m"));

        world.Do(new CgroupRemove("a")).Should().Be(Answer.Ok);
    }

    [Fact]
    public void A_link_update_can_bring_a_denial_where_nobody_asks_for_it()
    {
        const AttachType Asked = AttachType.CgroupInet4Connect;
        const AttachType Ignored = AttachType.CgroupInet4Getsockname;
        using var world = new TinyWorld(null, "a");
        world.Load("allow", Ignored, ["r0 = 1", "exit"]).Kind.Should().Be(AnswerKind.Ok);
        world.Load("deny", Asked, ["r0 = 0", "exit"]).Kind.Should().Be(AnswerKind.Ok);
        world.Do(new LinkCreate("l", "allow", "a", Ignored)).Should().Be(Answer.Ok);

        world.Do(new LinkUpdate("l", "deny")).Should().Be(Answer.Ok);

        world.Do(new Fire(Ignored, "a")).Outcome.Should().Be(EventOutcome.Completed);
    }
}
