using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using static Conformance.ReferenceVm.Cgroups.AttachFlags;
using static Conformance.ReferenceVm.Programs.AttachType;

namespace Conformance.Tests.ReferenceVm;

/// <summary>Attaching through descriptors: arguments, attach type checks, links, queries (kernel-facts (d)).</summary>
public sealed class MachineAttachTests : IDisposable
{
    private readonly MachineKit _kit = new();
    private readonly Machine _machine;
    private readonly int _cgroup;
    private readonly int _program;
    private readonly int _other;

    public MachineAttachTests()
    {
        _machine = _kit.Machine;
        _cgroup = _kit.Cgroup();
        _program = _kit.LoadFor(CgroupInetSockCreate, MachineKit.Returns(1));
        _other = _kit.LoadFor(CgroupInetSockCreate, MachineKit.Returns(1));
    }

    public void Dispose() => _kit.Dispose();

    [Fact]
    public void Bad_descriptors_are_told_apart()
    {
        var map = _kit.StorageMap();

        _machine.ProgAttach(99, _cgroup, CgroupInetSockCreate).Should().Be(Errno.EBADF);
        _machine.ProgAttach(map, _cgroup, CgroupInetSockCreate).Should().Be(Errno.EINVAL);
        _machine.ProgAttach(_program, 99, CgroupInetSockCreate).Should().Be(Errno.EBADF);
        _machine.ProgAttach(_program, map, CgroupInetSockCreate).Should().Be(Errno.EBADF);
        Attach(_program, AllowMulti | Replace, replaced: 99).Should().Be(Errno.EBADF);
        Attach(_program, AllowMulti | Before, relative: 99).Should().Be(Errno.EBADF);
        Attach(_program, AllowMulti | Before | Id, relative: 99).Should().Be(Errno.ENOENT);
        _machine.LinkUpdate(99, _program).Should().Be(Errno.EBADF);
        _machine.LinkUpdate(_program, _program).Should().Be(Errno.EINVAL);
        _machine.LinkDetach(99).Should().Be(Errno.EBADF);
        _machine.ProgDetach(_program, 99, CgroupInetSockCreate).Should().Be(Errno.EBADF);
        _machine.ProgQuery(99, CgroupInetSockCreate, false, out _).Should().Be(Errno.EBADF);
    }

    [Fact]
    public void Unknown_flags_and_attach_types_are_refused()
    {
        Attach(_program, (AttachFlags)0x80).Should().Be(Errno.EINVAL);
        _machine.ProgAttach(_program, _cgroup, (AttachType)43).Should().Be(Errno.EINVAL);
        _machine.LinkCreate(_program, _cgroup, CgroupInetSockCreate, out _, AllowMulti).Should().Be(Errno.EINVAL);
        _machine.LinkCreate(_program, _cgroup, CgroupInetSockCreate, out _, Replace).Should().Be(Errno.EINVAL);
        _machine.ProgDetach(_program, _cgroup, CgroupInetSockCreate, AllowMulti).Should().Be(Errno.EINVAL);
    }

    [Theory]
    [InlineData(CgroupInetSockCreate, CgroupInetSockRelease)]
    [InlineData(CgroupInet4Connect, CgroupInet4Bind)]
    [InlineData(CgroupGetsockopt, CgroupSetsockopt)]
    public void Types_that_must_match_their_expected_attach_type_do(AttachType expected, AttachType other)
    {
        var program = _kit.LoadFor(expected, MachineKit.Returns(1));

        _machine.ProgAttach(program, _cgroup, other).Should().Be(Errno.EINVAL);
        _machine.LinkCreate(program, _cgroup, other, out _).Should().Be(Errno.EINVAL);
        _machine.ProgAttach(program, _cgroup, expected).Should().Be(Errno.None);
    }

    [Fact]
    public void A_packet_program_goes_either_way_unless_it_reports_congestion()
    {
        var plain = _kit.LoadFor(CgroupInetIngress, MachineKit.Returns(1));
        var congestion = _kit.LoadFor(CgroupInetEgress, MachineKit.Returns(2));

        _machine.ProgAttach(plain, _cgroup, CgroupInetEgress, AllowMulti).Should().Be(Errno.None);
        _machine.ProgAttach(congestion, _cgroup, CgroupInetIngress, AllowMulti).Should().Be(Errno.EINVAL);
        _machine.LinkCreate(congestion, _cgroup, CgroupInetIngress, out _).Should().Be(Errno.EINVAL);
        _machine.ProgAttach(congestion, _cgroup, CgroupInetEgress, AllowMulti).Should().Be(Errno.None);
    }

    [Fact]
    public void The_key_has_the_attach_type_of_attaching_not_of_loading()
    {
        var map = _kit.StorageMap();
        var program = _kit.LoadFor(CgroupInetIngress, MachineKit.Adds(1), ("storage", map));
        _kit.Attach(program, _cgroup, CgroupInetEgress);

        _kit.Fire(_cgroup, CgroupInetEgress);

        _kit.Read(map, _cgroup, CgroupInetEgress).Should().Be(1);
        _kit.Read(map, _cgroup, CgroupInetIngress).Should().BeNull();
    }

    [Fact]
    public void Another_program_types_attach_type_is_refused() =>
        _machine.ProgAttach(_program, _cgroup, CgroupDevice).Should().Be(Errno.EINVAL);

    [Fact]
    public void Detaching_by_a_program_of_another_type_is_as_detaching_by_none()
    {
        var device = _kit.LoadFor(CgroupDevice, MachineKit.Returns(1));
        Attach(_program, AllowMulti);

        Detach(device).Should().Be(Errno.EINVAL);
        Detach(0).Should().Be(Errno.EINVAL);
        Detach(_other).Should().Be(Errno.ENOENT);
        Detach(_program).Should().Be(Errno.None);
        Detach(_program).Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void In_single_mode_any_descriptor_detaches()
    {
        Attach(_program, None);

        Detach(99).Should().Be(Errno.None);
    }

    [Fact]
    public void A_link_goes_with_its_descriptor_and_leaves_the_storage()
    {
        var map = _kit.StorageMap();
        var program = _kit.LoadAdds(1, map);
        _machine.LinkCreate(program, _cgroup, CgroupInetSockCreate, out var link).Should().Be(Errno.None);
        _kit.Fire(_cgroup);

        Detach(program).Should().Be(Errno.ENOENT, "a link's attachment is not detached by naming its program");
        _machine.Close(link).Should().Be(Errno.None);

        _kit.Fire(_cgroup);
        _kit.Read(map, _cgroup).Should().Be(1);
    }

    [Fact]
    public void Detaching_a_link_twice_succeeds_and_updating_it_then_does_not()
    {
        _machine.LinkCreate(_program, _cgroup, CgroupInetSockCreate, out var link);

        _machine.LinkDetach(link).Should().Be(Errno.None);
        _machine.LinkDetach(link).Should().Be(Errno.None);
        _machine.LinkUpdate(link, _other).Should().Be(Errno.ENOLINK);
    }

    [Fact]
    public void Updating_a_link_checks_the_old_program_only_where_it_is_named()
    {
        _machine.LinkCreate(_program, _cgroup, CgroupInetSockCreate, out var link);

        _machine.LinkUpdate(link, _other, replace: true, _other).Should().Be(Errno.EPERM);
        _machine.LinkUpdate(link, _other, replace: false, _program).Should().Be(Errno.EINVAL);
        _machine.LinkUpdate(link, _other, replace: true, _program).Should().Be(Errno.None);
        Query().Should().Equal(_machine.ProgramOf(_other)!.Id);
    }

    [Fact]
    public void A_link_may_take_a_program_with_another_expected_attach_type()
    {
        var other = _kit.LoadFor(CgroupInetSockRelease, MachineKit.Returns(0));
        _machine.LinkCreate(_program, _cgroup, CgroupInetSockCreate, out var link);

        _machine.LinkUpdate(link, other).Should().Be(Errno.None);

        _kit.Fire(_cgroup).Denial.Should().Be(Errno.EPERM);
    }

    [Fact]
    public void A_link_to_other_maps_is_refused_since_7_3_and_worked_on_the_old_storage_before()
    {
        using var old = new MachineKit(Behaviour.V6_18_44);
        foreach (var (kit, errno) in new[] { (_kit, Errno.EINVAL), (old, Errno.None) })
        {
            var (first, second) = (kit.StorageMap(), kit.StorageMap());
            var cgroup = kit.Cgroup();
            kit.Machine.LinkCreate(kit.LoadAdds(1, first), cgroup, CgroupInetSockCreate, out var link);

            kit.Machine.LinkUpdate(link, kit.LoadAdds(10, second)).Should().Be(errno);

            kit.Fire(cgroup);
            kit.Read(first, cgroup).Should().Be(errno == Errno.None ? 10ul : 1);
            kit.Read(second, cgroup).Should().BeNull();
        }
    }

    [Fact]
    public void The_old_maps_live_as_long_as_an_attachment_works_on_their_storages()
    {
        using var kit = new MachineKit(Behaviour.V6_18_44);
        var (first, second) = (kit.StorageMap(), kit.StorageMap());
        var (old, next) = (kit.LoadAdds(1, first), kit.LoadAdds(10, second));
        var cgroup = kit.Cgroup();
        kit.Machine.LinkCreate(old, cgroup, CgroupInetSockCreate, out var link);
        kit.Machine.LinkUpdate(link, next).Should().Be(Errno.None);
        var id = kit.Machine.MapOf(first)!.Id;
        kit.Machine.Close(old);
        kit.Machine.Close(first);

        kit.Fire(cgroup, times: 2);

        kit.Machine.MapGetById(id, out first).Should().Be(Errno.None);
        kit.Read(first, cgroup).Should().Be(20);
        kit.Machine.Close(first);
        kit.Machine.LinkDetach(link).Should().Be(Errno.None);
        kit.Machine.MapGetById(id, out _).Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void Three_attachments_of_one_program_run_three_times_on_one_storage()
    {
        var map = _kit.StorageMap();
        var program = _kit.LoadAdds(1, map);
        _machine.LinkCreate(program, _cgroup, CgroupInetSockCreate, out _);
        _machine.LinkCreate(program, _cgroup, CgroupInetSockCreate, out _);
        _kit.Attach(program, _cgroup);

        _kit.Fire(_cgroup);

        _kit.Read(map, _cgroup).Should().Be(3);
    }

    [Fact]
    public void A_query_tells_order_mode_and_revision()
    {
        var child = _kit.Cgroup(_cgroup);
        Attach(_program, AllowMulti);
        _machine.ProgAttach(_other, child, CgroupInetSockCreate, AllowMulti);
        var (parents, childs) = (_machine.ProgramOf(_program)!.Id, _machine.ProgramOf(_other)!.Id);

        _machine.ProgQuery(child, CgroupInetSockCreate, false, out var own).Should().Be(Errno.None);
        _machine.ProgQuery(child, CgroupInetSockCreate, true, out var effective).Should().Be(Errno.None);

        own.Should().BeEquivalentTo(new QueryResult([childs], AllowMulti, 2));
        effective.Should().BeEquivalentTo(new QueryResult([childs, parents], None, 0), o => o.WithStrictOrdering());
    }

    [Fact]
    public void An_anchor_may_be_named_by_id()
    {
        Attach(_program, AllowMulti);
        var id = _machine.ProgramOf(_program)!.Id;

        Attach(_other, AllowMulti | Before | Id, relative: id).Should().Be(Errno.None);

        Query().Should().Equal(_machine.ProgramOf(_other)!.Id, id);
    }

    [Fact]
    public void Links_stand_next_to_links()
    {
        _machine.LinkCreate(_program, _cgroup, CgroupInetSockCreate, out var first);
        _machine
            .LinkCreate(_other, _cgroup, CgroupInetSockCreate, out _, Before | AttachFlags.Link, first)
            .Should()
            .Be(Errno.None);

        Query().Should().Equal(_machine.ProgramOf(_other)!.Id, _machine.ProgramOf(_program)!.Id);
        _machine
            .LinkCreate(_other, _cgroup, CgroupInetSockCreate, out _, Before | AttachFlags.Link)
            .Should()
            .Be(Errno.EINVAL, "the flag demands a link");
        Attach(_other, AllowMulti | Before | AttachFlags.Link, relative: first).Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void An_anchor_of_another_type_is_refused()
    {
        var device = _kit.LoadFor(CgroupDevice, MachineKit.Returns(1));
        Attach(_program, AllowMulti);

        Attach(_other, AllowMulti | Before, relative: device).Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void A_failed_attach_leaves_no_entry_in_the_map()
    {
        var map = _kit.StorageMap();
        var program = _kit.LoadAdds(1, map);
        Attach(_program, AllowMulti);

        Attach(program, None).Should().Be(Errno.EPERM);
        Attach(program, AllowMulti | AllowOverride).Should().Be(Errno.EINVAL);
        Attach(program, AllowMulti | Before, relative: _other).Should().Be(Errno.ENOENT);
        Attach(program, AllowMulti, revision: 77).Should().Be(Errno.ESTALE);
        _machine.ProgAttach(program, _cgroup, CgroupInetSockRelease).Should().Be(Errno.EINVAL);

        _machine.MapGetNextKey(map, [], new byte[16]).Should().Be(Errno.ENOENT);
    }

    private Errno Attach(int program, AttachFlags flags, int replaced = 0, int relative = 0, ulong revision = 0) =>
        _machine.ProgAttach(program, _cgroup, CgroupInetSockCreate, flags, replaced, relative, revision);

    private Errno Detach(int program) => _machine.ProgDetach(program, _cgroup, CgroupInetSockCreate);

    private IReadOnlyList<int> Query()
    {
        _machine.ProgQuery(_cgroup, CgroupInetSockCreate, false, out var result).Should().Be(Errno.None);
        return result.Programs;
    }
}
