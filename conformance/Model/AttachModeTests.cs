using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;
using static Conformance.Tests.Model.ModelWorld;

namespace Conformance.Tests.Model;

public class AttachModeTests
{
    private readonly ModelWorld world = new();

    public AttachModeTests()
    {
        world.Cgroups("parent", "child<parent").Map("m", 8);
        for (uint digit = 1; digit <= 5; digit++)
            world.Load($"p{digit}", Create, new Append("m", digit));
    }

    [Fact]
    public void All_programs_run_even_after_one_denied()
    {
        world.Load("deny", Create, new Append("m", 1), new Deny()).Map("other");
        world.Attach("deny", "parent", Create, Multi);
        world.Attach("p2", "parent", Create, Multi);

        var fired = world.Fire(Create, "parent");

        (fired.Outcome, fired.Errno).Should().Be((EventOutcome.Denied, Errno.EPERM));
        world.Count("m", "parent").Should().Be(12);
    }

    [Theory]
    [InlineData(Ingress, EventOutcome.Dropped, Errno.None)]
    [InlineData(Egress, EventOutcome.Denied, Errno.EPERM)]
    [InlineData(Release, EventOutcome.Completed, Errno.None)]
    public void A_denial_ends_the_event_as_its_attach_type_says(AttachType type, EventOutcome outcome, Errno errno)
    {
        world.Load("deny", type, new Refer("m"), new Deny());
        world.Attach("deny", "parent", type);

        var fired = world.Fire(type, "parent");

        (fired.Outcome, fired.Errno).Should().Be((outcome, errno));
    }

    [Fact]
    public void Programs_run_in_order_of_attachment_unless_placed()
    {
        world.Attach("p1", "parent", Create, Multi);
        world.Attach("p2", "parent", Create, Multi);
        world.Attach("p3", "parent", Create, Multi);
        world.Fire(Create, "parent");
        world.Count("m", "parent").Should().Be(123);

        world.Do(Placed("p4", Multi | AttachFlags.Before, "p2")).Should().Be(Prediction.Ok);
        Order().Should().Be(1423);
        world.Attach("p5", "parent", Create, Multi | AttachFlags.Preorder);
        Order().Should().Be(51423);
    }

    [Fact]
    public void An_anchor_must_be_attached_and_have_one_side()
    {
        world.Attach("p1", "parent", Create, Multi);

        world.Do(Placed("p2", Multi | AttachFlags.Before, "p3")).Errno.Should().Be(Errno.ENOENT);
        world.Do(Placed("p2", Multi | AttachFlags.Before | AttachFlags.After, "p1")).Errno.Should().Be(Errno.EINVAL);
        world.Do(Placed("p2", Multi | AttachFlags.After, "p1")).Should().Be(Prediction.Ok);
    }

    [Fact]
    public void Preorder_programs_run_first_and_ancestors_before_descendants()
    {
        world.Map("log", 8).Cgroups("top", "below<top");
        world.Attach("p3", "top", Create, Multi | AttachFlags.Preorder);
        world.Attach("p4", "below", Create, Multi | AttachFlags.Preorder);
        world.Attach("p2", "below", Create, Multi);
        world.Attach("p1", "top", Create, Multi);

        world
            .Do(new ProgQuery("below", Create, Effective: true))
            .Programs.Should()
            .Equal(["p3", "p4", "p2", "p1"], "pre-ordered ones come first, then the cgroup's own, then its parent's");
    }

    [Fact]
    public void Attaching_again_in_a_single_mode_replaces_the_program_and_keeps_the_value()
    {
        world.Attach("p1", "parent", Create);
        world.Fire(Create, "parent");

        world.Attach("p2", "parent", Create).Should().Be(Prediction.Ok);
        world.Fire(Create, "parent");

        world.Count("m", "parent").Should().Be(12);
        world.Do(new ProgQuery("parent", Create)).Programs.Should().Equal("p2");
    }

    [Fact]
    public void Detaching_in_a_single_mode_does_not_look_at_the_program()
    {
        world.Attach("p1", "parent", Create);

        world.Detach("p2", "parent", Create).Should().Be(Errno.None);
        world.Detach("p1", "parent", Create).Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void Detaching_in_mode_multi_needs_the_right_program()
    {
        world.Load("other", Sysctl, new Refer("m"));
        world.Attach("p1", "parent", Create, Multi);

        world.Detach("p2", "parent", Create).Should().Be(Errno.ENOENT);
        world.Detach("other", "parent", Create).Should().Be(Errno.EINVAL);
        world.Detach(null, "parent", Create).Should().Be(Errno.EINVAL);
        world.Detach("p1", "parent", Create).Should().Be(Errno.None);
    }

    [Fact]
    public void A_descendant_overrides_and_gives_back()
    {
        world.Attach("p1", "parent", Create, Override);
        world.Attach("p2", "child", Create, Override);
        world.Fire(Create, "child");
        world.Count("m", "parent").Should().Be(0);
        world.Count("m", "child").Should().Be(2);

        world.Detach("p2", "child", Create);
        world.Fire(Create, "child");

        world.Count("m", "parent").Should().Be(1);
        world.Count("m", "child").Should().Be(2);
    }

    [Fact]
    public void A_program_without_flags_forbids_descendants_theirs()
    {
        world.Attach("p1", "parent", Create);

        world.Attach("p2", "child", Create, Multi).Errno.Should().Be(Errno.EPERM);
        world.Detach("p1", "parent", Create);
        world.Attach("p2", "child", Create, Multi).Should().Be(Prediction.Ok);
    }

    [Fact]
    public void A_program_is_attached_once_and_the_sixty_fifth_is_too_many()
    {
        world.Attach("p1", "parent", Create, Multi);
        world.Attach("p1", "parent", Create, Multi).Errno.Should().Be(Errno.EINVAL);
        for (var i = 0; i < 63; i++)
        {
            world.Load($"q{i}", Create, new Refer("m"));
            world.Attach($"q{i}", "parent", Create, Multi).Should().Be(Prediction.Ok);
        }

        world.Attach("p2", "parent", Create, Multi).Errno.Should().Be(Errno.E2BIG);
        world.Attach("p2", "parent", Create, Multi | Replace, "p1").Errno.Should().Be(Errno.E2BIG);
    }

    [Fact]
    public void A_replacement_needs_a_program_that_is_attached()
    {
        world.Attach("p1", "parent", Create, Multi);

        world.Attach("p2", "parent", Create, Multi | Replace, "p3").Errno.Should().Be(Errno.ENOENT);
        world.Attach("p1", "parent", Create, Multi | Replace, "p1").Should().Be(Prediction.Ok);
        world
            .Attach("p2", "parent", Create, Multi | Replace | AttachFlags.Before, "p1")
            .Errno.Should()
            .Be(Errno.EINVAL);
    }

    private static ProgAttach Placed(string program, uint flags, string anchor) =>
        new(program, "parent", Create, flags) { Relative = anchor };

    // Zeroes the storage, fires once and reads the digits.
    private ulong Order()
    {
        world.Update("m", "parent", null, 0);
        world.Fire(Create, "parent");
        return world.Count("m", "parent");
    }
}
