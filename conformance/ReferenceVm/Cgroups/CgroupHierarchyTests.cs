using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using static Conformance.ReferenceVm.Cgroups.AttachFlags;

namespace Conformance.Tests.ReferenceVm.Cgroups;

public sealed class CgroupHierarchyTests : IDisposable
{
    private const AttachType Create = AttachType.CgroupInetSockCreate;
    private const AttachType Release = AttachType.CgroupInetSockRelease;

    private readonly Arena _arena = new(new Limits());
    private readonly List<LoadedProgram> _held = [];
    private readonly CgroupHierarchy _hierarchy;
    private readonly Cgroup _parent;
    private readonly Cgroup _child;

    public CgroupHierarchyTests()
    {
        _hierarchy = new(Behaviour.Latest, new Limits(), _held.Add, program => _held.Remove(program));
        _parent = _hierarchy.Create(_hierarchy.Root);
        _child = _hierarchy.Create(_parent);
    }

    public void Dispose() => _arena.Dispose();

    [Fact]
    public void Ids_are_not_given_twice_until_the_hierarchy_begins_again()
    {
        var first = _parent.Id;
        _hierarchy.Remove(_child);

        _hierarchy.Create(_parent).Id.Should().BeGreaterThan(_child.Id);

        _hierarchy.Reset();
        _hierarchy.Create(_hierarchy.Root).Id.Should().Be(first);
    }

    [Fact]
    public void A_cgroup_with_children_cannot_be_removed()
    {
        _hierarchy.Remove(_parent).Should().Be(Errno.EBUSY);
        _hierarchy.Remove(_child).Should().Be(Errno.None);
        _hierarchy.Remove(_parent).Should().Be(Errno.None);
        _hierarchy.Remove(_parent).Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void A_removed_cgroup_takes_no_program()
    {
        _hierarchy.Remove(_child);

        Attach(_child, TestPrograms.Of(), AllowMulti).Should().Be(Errno.ENOENT);
        _hierarchy.Detach(_child, Create, null, 0).Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void Attaching_creates_one_storage_for_each_cgroup_and_attach_type()
    {
        var map = TestPrograms.StorageMap(_arena);
        var program = TestPrograms.Of(map);

        Attach(_parent, program, AllowMulti);
        _hierarchy.Attach(_parent, Release, new(program, AllowMulti));
        Attach(_child, program, AllowMulti);

        map.Storages.Select(storage => (storage.CgroupId, storage.AttachType))
            .Should()
            .Equal((_child.Id, Create), (_parent.Id, Release), (_parent.Id, Create));
    }

    [Fact]
    public void With_keys_of_8_bytes_a_cgroup_has_one_storage_for_all_attach_types()
    {
        var map = TestPrograms.StorageMap(_arena, keySize: CgroupStorageMap.SharedKeySize);
        var program = TestPrograms.Of(map);

        Attach(_parent, program, AllowMulti);
        _hierarchy.Attach(_parent, Release, new(program, AllowMulti));

        map.Storages.Should().ContainSingle();
        Bound(_parent, Release).Should().BeSameAs(Bound(_parent, Create));
    }

    [Fact]
    public void Both_kinds_are_bound_at_once()
    {
        var shared = TestPrograms.StorageMap(_arena);
        var perCpu = TestPrograms.StorageMap(_arena, MapType.PercpuCgroupStorage);

        Attach(_child, TestPrograms.Of(shared, perCpu), AllowMulti);

        var storages = _child.Effective(Create).Single().Storages;
        storages.Shared!.Map.Should().BeSameAs(shared);
        storages.PerCpu!.Map.Should().BeSameAs(perCpu);
    }

    [Fact]
    public void Programs_of_one_map_share_the_storage_of_their_cgroup()
    {
        var map = TestPrograms.StorageMap(_arena);

        Attach(_child, TestPrograms.Of(map), AllowMulti);
        Attach(_child, TestPrograms.Of(map), AllowMulti);

        _child.Effective(Create).Select(item => item.Storages.Shared).Distinct().Should().ContainSingle();
    }

    [Fact]
    public void A_storage_outlives_its_attachment_and_is_used_by_the_next()
    {
        var map = TestPrograms.StorageMap(_arena);
        var program = TestPrograms.Of(map);
        Attach(_child, program, AllowMulti);
        var first = Bound(_child, Create);

        _hierarchy.Detach(_child, Create, program, 0).Should().Be(Errno.None);

        map.Storages.Should().ContainSingle().Which.Should().BeSameAs(first);
        Attach(_child, program, AllowMulti);
        Bound(_child, Create).Should().BeSameAs(first);
    }

    [Fact]
    public void An_inherited_program_works_on_the_storage_of_the_cgroup_it_is_attached_to()
    {
        var map = TestPrograms.StorageMap(_arena);

        Attach(_parent, TestPrograms.Of(map), AllowMulti);
        var later = _hierarchy.Create(_parent);

        Bound(_child, Create)!.CgroupId.Should().Be(_parent.Id);
        Bound(later, Create)!.CgroupId.Should().Be(_parent.Id);
        map.Storages.Should().ContainSingle();
    }

    [Fact]
    public void In_mode_multi_the_childs_programs_run_before_the_parents()
    {
        var (of_parent, of_child) = (TestPrograms.Of(), TestPrograms.Of());
        Attach(_parent, of_parent, AllowMulti);
        Attach(_child, of_child, AllowMulti);

        Effective(_child).Should().Equal(of_child, of_parent);
        Effective(_parent).Should().Equal(of_parent);
    }

    [Fact]
    public void Preorder_programs_run_first_and_among_them_the_parents_first()
    {
        var programs = Enumerable.Range(0, 6).Select(_ => TestPrograms.Of()).ToArray();
        Attach(_parent, programs[0], AllowMulti | Preorder);
        Attach(_child, programs[1], AllowMulti | Preorder);
        Attach(_child, programs[2], AllowMulti);
        Attach(_parent, programs[3], AllowMulti);
        Attach(_child, programs[4], AllowMulti | Preorder);
        Attach(_parent, programs[5], AllowMulti | Preorder);

        Effective(_child).Should().Equal(programs[0], programs[5], programs[1], programs[4], programs[2], programs[3]);
    }

    [Fact]
    public void In_mode_override_a_childs_program_takes_the_parents_place_until_it_is_detached()
    {
        var (of_parent, of_child) = (TestPrograms.Of(), TestPrograms.Of());
        Attach(_parent, of_parent, AllowOverride);
        Attach(_child, of_child, AllowOverride);
        Effective(_child).Should().Equal(of_child);

        _hierarchy.Detach(_child, Create, of_child, 0);

        Effective(_child).Should().Equal(of_parent);
    }

    [Fact]
    public void Below_a_program_without_flags_nothing_can_be_attached()
    {
        Attach(_parent, TestPrograms.Of(), None);

        Attach(_child, TestPrograms.Of(), AllowMulti).Should().Be(Errno.EPERM);
        _hierarchy.Attach(_child, Release, new(TestPrograms.Of(), AllowMulti)).Should().Be(Errno.None);
    }

    [Theory]
    [InlineData(AllowMulti, None)]
    [InlineData(AllowMulti, AllowOverride)]
    [InlineData(AllowOverride, None)]
    public void Below_other_modes_any_mode_can_be_attached(AttachFlags above, AttachFlags below)
    {
        Attach(_parent, TestPrograms.Of(), above);

        Attach(_child, TestPrograms.Of(), below).Should().Be(Errno.None);
    }

    [Fact]
    public void A_failed_attach_leaves_no_storage_and_no_revision_behind()
    {
        Attach(_parent, TestPrograms.Of(), None);
        var map = TestPrograms.StorageMap(_arena);

        Attach(_child, TestPrograms.Of(map), AllowMulti).Should().Be(Errno.EPERM);
        Attach(_parent, TestPrograms.Of(map), AllowMulti).Should().Be(Errno.EPERM);

        map.Storages.Should().BeEmpty();
        _child.ListOf(Create).Revision.Should().Be(1);
    }

    [Fact]
    public void Where_memory_runs_out_half_way_nothing_is_left_behind()
    {
        var shared = TestPrograms.StorageMap(_arena);
        var perCpu = TestPrograms.StorageMap(_arena, MapType.PercpuCgroupStorage);
        var rules = new StorageRules
        {
            Bind = (map, cgroup, attachType) =>
                map == perCpu ? null : StorageRules.FindOrCreate(map, cgroup, attachType),
        };
        var hierarchy = new CgroupHierarchy(
            Behaviour.Latest with
            {
                Storages = rules,
            },
            new Limits(),
            _ => { },
            _ => { }
        );

        var errno = hierarchy.Attach(hierarchy.Root, Create, new(TestPrograms.Of(shared, perCpu), AllowMulti));

        errno.Should().Be(Errno.ENOMEM);
        shared.Storages.Should().BeEmpty();
        hierarchy.Root.Effective(Create).Should().BeEmpty();
    }

    [Fact]
    public void Where_memory_runs_out_an_older_storage_stays()
    {
        var shared = TestPrograms.StorageMap(_arena);
        var perCpu = TestPrograms.StorageMap(_arena, MapType.PercpuCgroupStorage);
        var rules = new StorageRules
        {
            Bind = (map, cgroup, attachType) =>
                map == perCpu ? null : StorageRules.FindOrCreate(map, cgroup, attachType),
        };
        var hierarchy = new CgroupHierarchy(
            Behaviour.Latest with
            {
                Storages = rules,
            },
            new Limits(),
            _ => { },
            _ => { }
        );
        hierarchy.Attach(hierarchy.Root, Create, new(TestPrograms.Of(shared), AllowMulti));

        hierarchy
            .Attach(hierarchy.Root, Create, new(TestPrograms.Of(shared, perCpu), AllowMulti))
            .Should()
            .Be(Errno.ENOMEM);

        shared.Storages.Should().ContainSingle();
    }

    [Fact]
    public void Removing_a_cgroup_removes_its_storages_also_of_programs_detached_before()
    {
        var map = TestPrograms.StorageMap(_arena);
        var program = TestPrograms.Of(map);
        Attach(_parent, program, AllowMulti);
        Attach(_child, program, AllowMulti);
        _hierarchy.Detach(_child, Create, program, 0);

        _hierarchy.Remove(_child);

        map.Storages.Select(storage => storage.CgroupId).Should().Equal(_parent.Id);
        _held.Should().Equal(program);
    }

    [Fact]
    public void A_link_of_a_removed_cgroup_cannot_be_updated_and_can_be_detached()
    {
        var link = AttachLink(_child, TestPrograms.Of());

        _hierarchy.Remove(_child);

        _hierarchy.Update(link, TestPrograms.Of(), null, sameStorages: true).Should().Be(Errno.ENOLINK);
        _hierarchy.Detach(link);
        link.Cgroup.Should().BeNull();
    }

    [Fact]
    public void Updating_a_link_keeps_place_and_storage()
    {
        var map = TestPrograms.StorageMap(_arena);
        Attach(_child, TestPrograms.Of(map), AllowMulti);
        var link = AttachLink(_child, TestPrograms.Of(map));
        Attach(_child, TestPrograms.Of(map), AllowMulti);
        var storage = Bound(_child, Create);
        var next = TestPrograms.Of(map);

        _hierarchy.Update(link, next, null, sameStorages: true).Should().Be(Errno.None);

        _child.Effective(Create)[1].Program.Should().BeSameAs(next);
        _child.Effective(Create)[1].Storages.Shared.Should().BeSameAs(storage);
        link.Program.Should().BeSameAs(next);
    }

    [Fact]
    public void A_link_is_updated_only_to_a_program_of_its_type_and_its_maps()
    {
        var map = TestPrograms.StorageMap(_arena);
        var link = AttachLink(_child, TestPrograms.Of(map));
        var other = TestPrograms.StorageMap(_arena);

        _hierarchy.Update(link, TestPrograms.Of(ProgramType.CgroupSkb, map), null, true).Should().Be(Errno.EINVAL);
        _hierarchy.Update(link, TestPrograms.Of(other), null, true).Should().Be(Errno.EINVAL);
        _hierarchy.Update(link, TestPrograms.Of(), null, true).Should().Be(Errno.EINVAL);
        other.Storages.Should().BeEmpty();
    }

    [Fact]
    public void Older_kernels_let_the_new_program_work_on_the_old_maps_storage()
    {
        var link = AttachLink(_child, TestPrograms.Of(TestPrograms.StorageMap(_arena)));
        var storage = Bound(_child, Create);
        var other = TestPrograms.StorageMap(_arena);

        _hierarchy.Update(link, TestPrograms.Of(other), null, sameStorages: false).Should().Be(Errno.None);

        Bound(_child, Create).Should().BeSameAs(storage);
        other.Storages.Should().BeEmpty();
    }

    [Fact]
    public void What_was_undefined_in_older_kernels_is_refused()
    {
        var link = AttachLink(_child, TestPrograms.Of(TestPrograms.StorageMap(_arena)));
        var larger = TestPrograms.StorageMap(_arena, valueSize: 16);
        var otherKind = TestPrograms.StorageMap(_arena, MapType.PercpuCgroupStorage);

        _hierarchy.Update(link, TestPrograms.Of(larger), null, sameStorages: false).Should().Be(Errno.EINVAL);
        _hierarchy.Update(link, TestPrograms.Of(otherKind), null, sameStorages: false).Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void A_link_that_holds_another_program_than_expected_is_not_updated() =>
        _hierarchy
            .Update(AttachLink(_child, TestPrograms.Of()), TestPrograms.Of(), TestPrograms.Of(), true)
            .Should()
            .Be(Errno.EPERM);

    [Fact]
    public void Replacing_a_program_by_one_of_another_map_leaves_the_old_storage_where_it_is()
    {
        var (first, second) = (TestPrograms.StorageMap(_arena), TestPrograms.StorageMap(_arena));
        Attach(_child, TestPrograms.Of(first), None);
        var old = Bound(_child, Create);

        Attach(_child, TestPrograms.Of(second), None);
        Bound(_child, Create)!.Map.Should().BeSameAs(second);

        Attach(_child, TestPrograms.Of(first), None);
        Bound(_child, Create).Should().BeSameAs(old);
    }

    [Fact]
    public void Each_attachment_holds_its_program_once()
    {
        var (a, b) = (TestPrograms.Of(), TestPrograms.Of());
        Attach(_child, a, None);
        Attach(_child, a, None);
        Attach(_child, b, None);

        _held.Should().Equal(b);
        _hierarchy.Detach(_child, Create, null, 0);
        _held.Should().BeEmpty();
    }

    [Fact]
    public void A_freed_map_is_forgotten_by_all_cgroups()
    {
        var map = TestPrograms.StorageMap(_arena);
        var program = TestPrograms.Of(map);
        Attach(_child, program, AllowMulti);
        _hierarchy.Detach(_child, Create, program, 0);

        _hierarchy.Forget(map);
        map.Free();

        _hierarchy.Remove(_child).Should().Be(Errno.None);
    }

    private static IEnumerable<LoadedProgram> Effective(Cgroup cgroup) =>
        cgroup.Effective(Create).Select(item => item.Program);

    private static Storage? Bound(Cgroup cgroup, AttachType attachType) =>
        cgroup.Effective(attachType)[0].Storages.Shared;

    private Errno Attach(Cgroup cgroup, LoadedProgram program, AttachFlags flags) =>
        _hierarchy.Attach(cgroup, Create, new(program, flags));

    private Link AttachLink(Cgroup cgroup, LoadedProgram program)
    {
        var link = new Link(1, program, Create);
        _hierarchy.Attach(cgroup, Create, new(program, AllowMulti) { Link = link }).Should().Be(Errno.None);
        return link;
    }
}
