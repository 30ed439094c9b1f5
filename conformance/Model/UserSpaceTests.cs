using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using static Conformance.Tests.Model.ModelWorld;

namespace Conformance.Tests.Model;

public class UserSpaceTests
{
    private readonly ModelWorld world = new();

    public UserSpaceTests()
    {
        world.Cgroups("a", "b", "c").Map("m").Load("p", Create, new Add("m", 1));
    }

    [Fact]
    public void Keys_come_from_the_newest_storage_to_the_oldest()
    {
        foreach (var cgroup in new[] { "b", "a", "c" })
            world.Attach("p", cgroup, Create);
        world.Detach("p", "b", Create);
        world.Attach("p", "b", Create);

        world.Keys("m").Select(key => key.Cgroup).Should().Equal("c", "a", "b");
    }

    [Fact]
    public void The_key_after_an_unknown_one_and_after_the_last_one_is_none()
    {
        world.Attach("p", "a", Create);

        world.Do(new MapGetNextKey("m", new StorageKey("b", Create))).Errno.Should().Be(Errno.ENOENT);
        world.Do(new MapGetNextKey("m", new StorageKey("a", Create))).Errno.Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void Padding_in_a_key_is_ignored_and_comes_back_as_zero()
    {
        world.Attach("p", "a", Create);

        world.Do(new MapLookupElem("m", new StorageKey("a", Create, 7))).Kind.Should().Be(AnswerKind.Ok);
        world.Keys("m").Should().Equal(new StorageKey("a", Create, 0));
    }

    [Fact]
    public void Nothing_can_be_deleted_whether_it_exists_or_not()
    {
        world.Attach("p", "a", Create);

        world.Do(new MapDeleteElem("m", new StorageKey("a", Create))).Errno.Should().Be(Errno.EINVAL);
        world.Do(new MapDeleteElem("m", new StorageKey("b", Create))).Errno.Should().Be(Errno.EINVAL);
        world.Do(new MapLookupAndDeleteElem("m", new StorageKey("a", Create))).Errno.Should().Be(Errno.ENOTSUPP);
        world
            .Do(new MapLookupAndDeleteElem("m", new StorageKey("a", Create), MapFlags.Lock))
            .Errno.Should()
            .Be(Errno.EINVAL);
    }

    [Theory]
    [InlineData(0, Errno.ENOENT)]
    [InlineData(1, Errno.EINVAL)]
    [InlineData(2, Errno.ENOENT)]
    [InlineData(4, Errno.EINVAL)]
    public void An_update_of_a_missing_key_judges_its_flags_first(ulong flags, Errno errno)
    {
        world.Update("m", "a", Create, 1, flags).Should().Be(errno);
    }

    [Fact]
    public void Noexist_is_invalid_even_for_a_key_that_exists()
    {
        world.Attach("p", "a", Create);

        world.Update("m", "a", Create, 1, flags: 1).Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void A_plain_update_of_the_shared_kind_moves_the_value_to_a_new_buffer()
    {
        world.Attach("p", "a", Create);
        var before = world.Lookup("m", "a", Create).Areas!.Single().Buffer;

        world.Update("m", "a", Create, 22).Should().Be(Errno.None);

        var area = world.Lookup("m", "a", Create).Areas!.Single();
        (area.Count, area.Buffer != before).Should().Be((22ul, true));
    }

    [Fact]
    public void An_update_of_the_per_CPU_kind_writes_every_area_in_place()
    {
        world.Map("percpu", perCpu: true).Load("q", Sysctl, new Add("percpu", 1));
        world.Attach("q", "a", Sysctl);
        var before = world.Lookup("percpu", "a", Sysctl).Areas![1].Buffer;

        world.Update("percpu", "a", Sysctl, 22, length: 32).Should().Be(Errno.None);
        world.Fire(Sysctl, "a", cpu: 1);

        world.Lookup("percpu", "a", Sysctl).Areas!.Select(area => area.Count).Should().Equal(22, 23);
        world.Lookup("percpu", "a", Sysctl).Areas![1].Buffer.Should().Be(before);
    }

    [Fact]
    public void An_update_under_the_lock_writes_in_place_and_never_the_lock()
    {
        world.Do(new MapCreate("locked", MapType.CgroupStorage, 16, 16, 0) { SpinLockOffset = 12 });
        world.Load("q", Sysctl, new Add("locked", 1));
        world.Attach("q", "a", Sysctl);
        var before = world.Lookup("locked", "a", Sysctl).Areas!.Single().Buffer;
        var value = Enumerable.Repeat((byte)0xff, 16).ToArray();

        world.Do(new MapUpdateElem("locked", new StorageKey("a", Sysctl), value, 4)).Should().Be(Prediction.Ok);
        var area = world.Lookup("locked", "a", Sysctl).Areas!.Single();
        area.Buffer.Should().Be(before);
        area.Bytes.Should().Equal([.. Enumerable.Repeat((byte)0xff, 12), 0, 0, 0, 0]);
        world.Do(new MapFreeze("locked")).Errno.Should().Be(Errno.ENOTSUPP);
    }

    [Fact]
    public void A_frozen_map_is_read_only_for_user_space_and_nobody_else()
    {
        world.Attach("p", "a", Create);
        world.Do(new MapFreeze("m")).Should().Be(Prediction.Ok);

        world.Fire(Create, "a");

        world.Count("m", "a", Create).Should().Be(1);
        world.Update("m", "a", Create, 5).Should().Be(Errno.EPERM);
        world.Do(new MapFreeze("m")).Errno.Should().Be(Errno.EPERM);
        world.Do(new MapDeleteElem("m", new StorageKey("a", Create))).Errno.Should().Be(Errno.EPERM);
    }

    [Theory]
    [InlineData(12, 16, 0, 0u, Errno.EINVAL)]
    [InlineData(16, 0, 0, 0u, Errno.EINVAL)]
    [InlineData(16, 65407, 0, 0u, Errno.None)]
    [InlineData(16, 65408, 0, 0u, Errno.E2BIG)]
    [InlineData(4, 1 << 24, 0, 0u, Errno.EINVAL)]
    [InlineData(16, 1 << 24, 1, 0u, Errno.E2BIG)]
    [InlineData(8, 5, 0, 0u, Errno.None)]
    [InlineData(8, 8, 1, 0u, Errno.EINVAL)]
    [InlineData(8, 8, 0, 1u, Errno.EINVAL)]
    [InlineData(8, 8, 0, 0x18u, Errno.EINVAL)]
    [InlineData(8, 8, 0, 0x108u, Errno.None)]
    public void A_map_is_created_or_refused(int key, int value, int maxEntries, uint flags, Errno errno)
    {
        var create = new MapCreate("new", MapType.CgroupStorage, key, value, maxEntries, flags);

        world.Do(create).Errno.Should().Be(errno);
    }

    [Fact]
    public void Creation_flags_limit_what_the_descriptor_can_do()
    {
        world.Do(new MapCreate("readable", MapType.CgroupStorage, 8, 16, 0, MapFlags.ReadOnly));
        world.Do(new MapCreate("writable", MapType.CgroupStorage, 8, 16, 0, MapFlags.WriteOnly));
        world.Load("q", Sysctl, new Add("writable", 1)).Load("r", Device, new Add("readable", 1));
        world.Attach("q", "a", Sysctl);
        world.Attach("r", "a", Device);

        world.Lookup("readable", "a").Kind.Should().Be(AnswerKind.Ok);
        world.Update("readable", "a", null, 1).Should().Be(Errno.EPERM);
        world.Lookup("writable", "a").Errno.Should().Be(Errno.EPERM);
        world.Do(new MapGetNextKey("writable")).Errno.Should().Be(Errno.EPERM);
        world.Update("writable", "a", null, 1).Should().Be(Errno.None);
        world.Do(new MapDeleteElem("writable", new StorageKey("a"))).Errno.Should().Be(Errno.EINVAL);
    }
}
