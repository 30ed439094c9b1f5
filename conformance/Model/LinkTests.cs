using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm;
using static Conformance.Tests.Model.ModelWorld;

namespace Conformance.Tests.Model;

public class LinkTests
{
    private readonly ModelWorld world = new();

    public LinkTests()
    {
        world.Cgroups("a").Map("m").Map("other");
        world
            .Load("p", Create, new Add("m", 1))
            .Load("q", Create, new Add("m", 10))
            .Load("r", Create, new Add("other", 1));
    }

    [Fact]
    public void Two_links_and_an_attach_of_one_program_run_it_three_times_on_one_storage()
    {
        Link("l1").Should().Be(Prediction.Ok);
        Link("l2").Should().Be(Prediction.Ok);
        world.Attach("p", "a", Create, Multi).Should().Be(Prediction.Ok);

        world.Fire(Create, "a");

        world.Count("m", "a", Create).Should().Be(3);
        world.Keys("m").Should().ContainSingle();
    }

    [Fact]
    public void An_update_to_a_program_of_the_same_map_keeps_value_and_position()
    {
        Link("l1");
        world.Fire(Create, "a");

        world.Do(new LinkUpdate("l1", "q", "p")).Should().Be(Prediction.Ok);
        world.Fire(Create, "a");

        world.Count("m", "a", Create).Should().Be(11);
        world.Do(new LinkUpdate("l1", "p", "p")).Errno.Should().Be(Errno.EPERM);
    }

    [Fact]
    public void An_update_to_a_program_of_another_map_fails_and_makes_no_storage()
    {
        Link("l1");

        world.Do(new LinkUpdate("l1", "r")).Errno.Should().Be(Errno.EINVAL);
        world.Keys("other").Should().BeEmpty();
    }

    [Fact]
    public void Closing_a_link_detaches_and_keeps_the_value()
    {
        Link("l1");
        world.Fire(Create, "a");

        world.Do(new LinkClose("l1")).Should().Be(Prediction.Ok);
        world.Fire(Create, "a");

        world.Count("m", "a", Create).Should().Be(1);
        world.Do(new LinkDetach("l1")).Errno.Should().Be(Errno.EBADF);
    }

    [Fact]
    public void A_detached_link_can_be_detached_again_but_not_updated()
    {
        Link("l1");
        world.Do(new LinkDetach("l1")).Should().Be(Prediction.Ok);

        world.Do(new LinkDetach("l1")).Should().Be(Prediction.Ok);
        world.Do(new LinkUpdate("l1", "q")).Errno.Should().Be(Errno.ENOLINK);
    }

    [Fact]
    public void A_link_outlives_its_cgroup_as_an_empty_shell()
    {
        Link("l1");
        world.Do(new CgroupRemove("a"));

        world.Do(new LinkUpdate("l1", "q")).Errno.Should().Be(Errno.ENOLINK);
        world.Do(new LinkDetach("l1")).Should().Be(Prediction.Ok);
    }

    [Fact]
    public void A_links_attachment_is_out_of_reach_of_detach_and_of_other_modes()
    {
        Link("l1");

        world.Detach("p", "a", Create).Should().Be(Errno.ENOENT);
        world.Attach("q", "a", Create).Errno.Should().Be(Errno.EPERM);
    }

    [Theory]
    [InlineData(Multi)]
    [InlineData(Override)]
    [InlineData(Replace)]
    public void A_link_takes_no_mode(uint flags)
    {
        world.Do(new LinkCreate("l1", "p", "a", Create, flags)).Errno.Should().Be(Errno.EINVAL);
        world.Keys("m").Should().BeEmpty();
    }

    private Prediction Link(string name) => world.Do(new LinkCreate(name, "p", "a", Create));
}
