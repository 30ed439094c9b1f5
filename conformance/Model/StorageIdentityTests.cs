using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;
using static Conformance.Tests.Model.ModelWorld;

namespace Conformance.Tests.Model;

public class StorageIdentityTests
{
    private readonly ModelWorld world = new();

    [Fact]
    public void Loading_a_program_makes_no_storage()
    {
        world.Cgroups("a").Map("m").Load("p", Create, new Add("m", 1));

        world.Keys("m").Should().BeEmpty();
    }

    [Fact]
    public void Attaching_a_program_that_only_refers_to_the_map_makes_a_zero_storage()
    {
        world.Cgroups("a").Map("m").Load("p", Create, new Refer("m"));

        world.Attach("p", "a", Create);

        world.Lookup("m", "a", Create).Areas!.Single().Bytes.Should().OnlyContain(b => b == 0).And.HaveCount(16);
    }

    [Fact]
    public void Two_programs_on_one_map_at_one_place_share_one_storage()
    {
        world.Cgroups("a").Map("m").Load("p1", Create, new Add("m", 1)).Load("p2", Create, new Add("m", 10));
        world.Attach("p1", "a", Create, Multi);
        world.Attach("p2", "a", Create, Multi);

        world.Fire(Create, "a");

        world.Count("m", "a", Create).Should().Be(11);
        world.Keys("m").Should().ContainSingle();
    }

    [Fact]
    public void An_event_in_a_child_uses_the_storage_of_the_cgroup_the_program_is_attached_to()
    {
        world.Cgroups("parent", "child<parent").Map("m").Load("p", Create, new Add("m", 1));
        world.Attach("p", "parent", Create);

        world.Fire(Create, "child");

        world.Count("m", "parent", Create).Should().Be(1);
        world.Lookup("m", "child", Create).Errno.Should().Be(Errno.ENOENT);
        world.Keys("m").Should().Equal(new StorageKey("parent", Create));
    }

    [Fact]
    public void A_program_attached_to_parent_and_child_runs_once_for_each()
    {
        world.Cgroups("parent", "child<parent").Map("m").Load("p", Create, new Add("m", 1));
        world.Attach("p", "parent", Create, Multi);
        world.Attach("p", "child", Create, Multi);

        world.Fire(Create, "child");

        world.Count("m", "parent", Create).Should().Be(1);
        world.Count("m", "child", Create).Should().Be(1);
    }

    [Fact]
    public void With_8_byte_keys_attach_types_share_one_storage()
    {
        world.Cgroups("a").Map("m", 8).Load("p1", Create, new Add("m", 1)).Load("p2", Release, new Add("m", 100));
        world.Attach("p1", "a", Create);
        world.Attach("p2", "a", Release);

        world.Fire(Create, "a", 2);
        world.Fire(Release, "a", 2);

        world.Keys("m").Should().Equal(new StorageKey("a"));
        world.Count("m", "a").Should().Be(202);
    }

    [Fact]
    public void With_16_byte_keys_each_attach_type_has_its_own()
    {
        world.Cgroups("a").Map("m").Load("p1", Create, new Add("m", 1)).Load("p2", Release, new Add("m", 100));
        world.Attach("p1", "a", Create);
        world.Attach("p2", "a", Release);

        world.Fire(Create, "a", 2);
        world.Fire(Release, "a", 2);

        world.Keys("m").Should().Equal(new StorageKey("a", Release), new StorageKey("a", Create));
        world.Count("m", "a", Create).Should().Be(2);
        world.Count("m", "a", Release).Should().Be(200);
    }

    [Fact]
    public void With_8_byte_keys_program_types_share_one_storage()
    {
        world.Cgroups("a").Map("m", 8).Load("p1", Sysctl, new Add("m", 1)).Load("p2", Device, new Add("m", 1000));
        world.Attach("p1", "a", Sysctl);
        world.Attach("p2", "a", Device);

        world.Fire(Sysctl, "a");
        world.Fire(Device, "a");

        world.Count("m", "a").Should().Be(1001);
    }

    [Fact]
    public void The_attach_type_of_the_key_is_the_one_attached_to_and_not_the_expected_one()
    {
        world.Cgroups("a").Map("m").Load("p", Ingress, new Add("m", 1));

        world.Attach("p", "a", Egress);

        world.Keys("m").Should().Equal(new StorageKey("a", Egress));
    }

    [Fact]
    public void A_run_on_one_CPU_leaves_the_areas_of_others_alone()
    {
        world.Cgroups("a").Map("m", perCpu: true).Load("p", Create, new Add("m", 1));
        world.Attach("p", "a", Create);

        world.Fire(Create, "a", times: 2, cpu: 0);
        world.Fire(Create, "a", times: 3, cpu: 1);

        world.Count("m", "a", Create, cpu: 0).Should().Be(2);
        world.Count("m", "a", Create, cpu: 1).Should().Be(3);
    }

    [Fact]
    public void Storages_of_both_kinds_are_independent_in_one_run()
    {
        world.Cgroups("a").Map("shared").Map("percpu", perCpu: true);
        world.Load(
            new ProgramSketch(
                "p",
                ProgramType.CgroupSock,
                Create,
                [new Add("shared", 1), new Add("percpu", 10)],
                new Allow()
            )
        );
        world.Attach("p", "a", Create);

        world.Fire(Create, "a", cpu: 1);

        world.Count("shared", "a", Create).Should().Be(1);
        world.Count("percpu", "a", Create, cpu: 0).Should().Be(0);
        world.Count("percpu", "a", Create, cpu: 1).Should().Be(10);
    }

    [Fact]
    public void A_test_run_has_storages_of_its_own_for_as_long_as_it_lasts()
    {
        world.Cgroups("a").Map("m").Load("p", Egress, new Add("m", 1), new AllowFrom("m", 2));
        world.Attach("p", "a", Egress);
        world.Update("m", "a", Egress, 55);
        var frame = new byte[14];

        world.Do(new ProgTestRun("p", frame)).ReturnValue.Should().Be(0);
        world.Do(new ProgTestRun("p", frame, Repeat: 5)).ReturnValue.Should().Be(1);
        world.Count("m", "a", Egress).Should().Be(55);
    }

    [Fact]
    public void Only_packet_programs_can_be_test_run()
    {
        world.Map("m").Load("p", Sysctl, new Add("m", 1));

        world.Do(new ProgTestRun("p", new byte[14])).Errno.Should().Be(Errno.ENOTSUPP);
    }

    [Fact]
    public void Two_maps_of_one_kind_in_one_program_are_refused()
    {
        world.Map("m1", 8).Map("m2");
        world.Sketch(
            new ProgramSketch("p", ProgramType.CgroupSysctl, Sysctl, [new Refer("m1"), new Refer("m2")], new Allow())
        );

        world.Do(LoadOf("p")).Should().Be(Prediction.Refuse(Errno.EBUSY));
    }

    [Fact]
    public void Helper_flags_are_refused()
    {
        world.Map("m");
        world.Sketch(
            new ProgramSketch("p", ProgramType.CgroupSysctl, Sysctl, [new Add("m", 1)], new Allow())
            {
                HelperFlags = 1UL << 32,
            }
        );

        world.Do(LoadOf("p")).Should().Be(Prediction.Refuse(Errno.EINVAL));
    }

    [Fact]
    public void Access_beyond_the_value_is_refused()
    {
        world.Map("m", valueSize: 7);
        world.Sketch(new ProgramSketch("p", ProgramType.CgroupSysctl, Sysctl, [new Add("m", 1)], new Allow()));

        world.Do(LoadOf("p")).Should().Be(Prediction.Refuse(Errno.EACCES));
    }
}
