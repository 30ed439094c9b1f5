using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm;
using static Conformance.Tests.Model.ModelWorld;

namespace Conformance.Tests.Model;

public class StorageLifetimeTests
{
    private readonly ModelWorld world = new();

    [Fact]
    public void Detaching_keeps_the_value_and_attaching_again_continues_with_it()
    {
        world.Cgroups("a").Map("m").Load("p", Create, new Add("m", 1));
        world.Attach("p", "a", Create);
        world.Fire(Create, "a", 3);

        world.Detach("p", "a", Create).Should().Be(Errno.None);
        world.Count("m", "a", Create).Should().Be(3);
        world.Attach("p", "a", Create);
        world.Fire(Create, "a");

        world.Count("m", "a", Create).Should().Be(4);
    }

    [Fact]
    public void A_second_program_does_not_zero_the_storage()
    {
        world.Cgroups("a").Map("m").Load("p1", Create, new Add("m", 5)).Load("p2", Create, new Add("m", 1));
        world.Attach("p1", "a", Create, Multi);
        world.Fire(Create, "a");

        world.Attach("p2", "a", Create, Multi);

        world.Count("m", "a", Create).Should().Be(5);
    }

    [Fact]
    public void A_removed_cgroups_storage_is_gone_and_a_recreated_cgroup_starts_at_zero()
    {
        world.Cgroups("a").Map("m").Load("p", Create, new Add("m", 1));
        world.Attach("p", "a", Create);
        world.Fire(Create, "a");

        world.Do(new CgroupRemove("a"));
        world.Lookup("m", "a", Create).Should().Be(Prediction.Fail(Errno.ENOENT) with { Eventually = true });
        world.Keys("m").Should().BeEmpty();
        world.Cgroups("a");
        world.Lookup("m", "a", Create).Errno.Should().Be(Errno.ENOENT);
        world.Attach("p", "a", Create);

        world.Count("m", "a", Create).Should().Be(0);
    }

    [Fact]
    public void A_cgroup_with_children_is_not_removed_and_a_child_takes_nothing_of_its_parent_along()
    {
        world.Cgroups("parent", "child<parent").Map("m").Load("p", Create, new Add("m", 1));
        world.Attach("p", "parent", Create, Multi);
        world.Attach("p", "child", Create, Multi);
        world.Fire(Create, "child");

        world.Do(new CgroupRemove("parent")).Errno.Should().Be(Errno.EBUSY);
        world.Do(new CgroupRemove("child")).Should().Be(Prediction.Ok);

        world.Count("m", "parent", Create).Should().Be(1);
    }

    [Fact]
    public void Attaching_to_a_removed_cgroup_fails()
    {
        world.Cgroups("a").Map("m").Load("p", Create, new Add("m", 1));
        world.Do(new CgroupRemove("a"));

        world.Attach("p", "a", Create).Errno.Should().Be(Errno.ENOENT);
        world.Detach("p", "a", Create).Should().Be(Errno.ENOENT);
        world.Do(new ProgQuery("a", Create)).Errno.Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void Closing_all_programs_keeps_the_values_of_a_map_that_is_held()
    {
        world.Cgroups("a").Map("m").Load("p", Create, new Add("m", 1));
        world.Attach("p", "a", Create);
        world.Fire(Create, "a");
        world.Detach("p", "a", Create);

        world.Do(new ProgClose("p"));

        world.State.Programs.Should().BeEmpty();
        world.Count("m", "a", Create).Should().Be(1);
    }

    [Fact]
    public void A_closed_map_lives_as_long_as_an_attached_program_refers_to_it()
    {
        world.Cgroups("a").Map("m").Load("p", Create, new Add("m", 1));
        world.Attach("p", "a", Create);
        world.Do(new ProgClose("p"));
        world.Do(new MapClose("m"));
        world.Fire(Create, "a");

        world.Lookup("m", "a", Create).Errno.Should().Be(Errno.EBADF);
        world.State.Storages.Single().Areas.Single().Count.Should().Be(1);

        world.Detach(null, "a", Create).Should().Be(Errno.None);
        world.State.Storages.Should().BeEmpty();
    }

    [Fact]
    public void Replacing_a_program_by_one_of_another_map_keeps_the_old_storage()
    {
        world
            .Cgroups("a")
            .Map("m1")
            .Map("m2")
            .Load("p1", Create, new Add("m1", 1))
            .Load("p2", Create, new Add("m2", 1));
        world.Attach("p1", "a", Create, Multi);
        world.Fire(Create, "a", 2);

        world.Attach("p2", "a", Create, Multi | Replace, "p1").Should().Be(Prediction.Ok);
        world.Count("m2", "a", Create).Should().Be(0);
        world.Fire(Create, "a");
        world.Attach("p1", "a", Create, Multi | Replace, "p2").Should().Be(Prediction.Ok);
        world.Fire(Create, "a");

        world.Count("m1", "a", Create).Should().Be(3);
        world.Count("m2", "a", Create).Should().Be(1);
    }

    [Fact]
    public void A_failed_attach_leaves_no_storage()
    {
        world.Cgroups("parent", "child<parent").Map("m").Map("other");
        world.Load("p", Create, new Add("m", 1)).Load("q", Create, new Add("other", 1));
        world.Attach("q", "parent", Create);

        world.Attach("p", "child", Create).Errno.Should().Be(Errno.EPERM);
        world.Attach("p", "parent", Create, Multi).Errno.Should().Be(Errno.EPERM);
        world.Attach("p", "parent", Create, Multi | Override).Errno.Should().Be(Errno.EINVAL);
        world.Attach("p", "parent", Create, Replace, "q").Errno.Should().Be(Errno.EINVAL);
        world.Attach("p", "parent", Release).Errno.Should().Be(Errno.EINVAL);
        world.Attach("p", "parent", Create, 1 << 20).Errno.Should().Be(Errno.EINVAL);
        world.Do(new ProgAttach("p", "parent", Create) { ExpectedRevision = 99 }).Errno.Should().Be(Errno.ESTALE);

        world.Keys("m").Should().BeEmpty();
    }
}
