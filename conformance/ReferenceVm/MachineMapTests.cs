using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Cgroups;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.ReferenceVm;

/// <summary>Descriptors of maps: permissions, freezing, lifetimes (kernel-facts (b) and (f)).</summary>
public sealed class MachineMapTests : IDisposable
{
    private const uint ReadOnlyFlag = 0x8;
    private const uint WriteOnlyFlag = 0x10;
    private const ulong Exist = 2;
    private const ulong Lock = 4;

    private readonly MachineKit _kit = new();
    private readonly int _cgroup;

    public MachineMapTests() => _cgroup = _kit.Cgroup();

    public void Dispose() => _kit.Dispose();

    [Fact]
    public void What_is_not_open_is_EBADF()
    {
        var machine = _kit.Machine;
        var program = _kit.LoadFor(MachineKit.Create, MachineKit.Returns(1));

        machine.Close(99).Should().Be(Errno.EBADF);
        machine.MapLookup(99, new byte[8], new byte[8]).Should().Be(Errno.EBADF);
        machine.MapUpdate(program, new byte[8], new byte[8]).Should().Be(Errno.EBADF);
        machine.MapDelete(0, new byte[8]).Should().Be(Errno.EBADF);
        machine.MapGetNextKey(-1, [], new byte[8]).Should().Be(Errno.EBADF);
        machine.MapFreeze(int.MaxValue).Should().Be(Errno.EBADF);
        machine.CgroupCreate(99, out _).Should().Be(Errno.EBADF);
        machine.CgroupRemove(program).Should().Be(Errno.EBADF);
    }

    [Fact]
    public void A_frozen_map_is_still_read_and_still_written_by_programs()
    {
        var map = _kit.StorageMap();
        _kit.Attach(_kit.LoadAdds(1, map), _cgroup);

        _kit.Machine.MapFreeze(map).Should().Be(Errno.None);

        _kit.Fire(_cgroup);
        _kit.Read(map, _cgroup).Should().Be(1);
        _kit.Write(map, _kit.Key(map, _cgroup), 5).Should().Be(Errno.EPERM);
        _kit.Machine.MapDelete(map, _kit.Key(map, _cgroup)).Should().Be(Errno.EPERM);
        _kit.Machine.MapFreeze(map).Should().Be(Errno.EPERM, "a frozen map has lost its write permission");
    }

    [Fact]
    public void A_map_with_a_spin_lock_cannot_be_frozen()
    {
        var map = _kit.Map(MapType.CgroupStorage, 16, 16, spinLock: 0);

        _kit.Machine.MapFreeze(map).Should().Be(Errno.ENOTSUPP);
    }

    [Fact]
    public void A_read_only_descriptor_reads_and_programs_write_through_it()
    {
        var map = _kit.StorageMap(flags: ReadOnlyFlag);
        _kit.Attach(_kit.LoadAdds(1, map), _cgroup);
        _kit.Fire(_cgroup);
        var key = _kit.Key(map, _cgroup);

        _kit.Read(map, _cgroup).Should().Be(1);
        _kit.Write(map, key, 5).Should().Be(Errno.EPERM);
        _kit.Machine.MapDelete(map, key).Should().Be(Errno.EPERM);
        _kit.Machine.MapFreeze(map).Should().Be(Errno.EPERM);
    }

    [Fact]
    public void The_limit_belongs_to_the_descriptor_not_to_the_map()
    {
        var map = _kit.StorageMap(flags: ReadOnlyFlag);
        _kit.Attach(_kit.LoadAdds(1, map), _cgroup);

        _kit.Machine.MapGetById(_kit.Machine.MapOf(map)!.Id, out var again).Should().Be(Errno.None);

        _kit.Write(again, _kit.Key(map, _cgroup), 5).Should().Be(Errno.None);
        _kit.Read(map, _cgroup).Should().Be(5);
    }

    [Fact]
    public void A_write_only_descriptor_does_not_read()
    {
        var map = _kit.StorageMap(flags: WriteOnlyFlag);
        _kit.Attach(_kit.LoadAdds(1, map), _cgroup);
        var key = _kit.Key(map, _cgroup);

        _kit.Machine.MapLookup(map, key, new byte[8]).Should().Be(Errno.EPERM);
        _kit.Machine.MapGetNextKey(map, [], new byte[16]).Should().Be(Errno.EPERM);
        _kit.Write(map, key, 5).Should().Be(Errno.None);
        _kit.Machine.MapDelete(map, key).Should().Be(Errno.EINVAL, "permission passes, the map refuses");
    }

    [Fact]
    public void Lock_without_a_spin_lock_is_refused_behind_the_permissions()
    {
        var map = _kit.StorageMap();
        var writeOnly = _kit.StorageMap(flags: WriteOnlyFlag);

        _kit.Machine.MapLookup(map, new byte[16], new byte[8], Lock).Should().Be(Errno.EINVAL);
        _kit.Machine.MapLookup(writeOnly, new byte[16], new byte[8], Lock).Should().Be(Errno.EPERM);
        _kit.Write(map, new byte[16], 1, Lock | Exist).Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void Up_to_6_18_unknown_lookup_flags_are_refused_before_the_descriptor_is_looked_at()
    {
        using var old = new MachineKit(Behaviour.V6_18_44);

        old.Machine.MapLookup(99, new byte[16], new byte[8], 32).Should().Be(Errno.EINVAL);
        _kit.Machine.MapLookup(99, new byte[16], new byte[8], 32).Should().Be(Errno.EBADF);
    }

    [Fact]
    public void Only_hash_maps_look_up_and_delete()
    {
        var hash = _kit.Map(MapType.Hash, 8, 8, maxEntries: 4);
        var storage = _kit.StorageMap();
        var key = new byte[8];
        _kit.Write(hash, key, 7).Should().Be(Errno.None);

        var value = new byte[8];
        _kit.Machine.MapLookupAndDelete(hash, key, value).Should().Be(Errno.None);
        value[0].Should().Be(7);
        _kit.Machine.MapLookupAndDelete(hash, key, value).Should().Be(Errno.ENOENT);
        _kit.Machine.MapLookupAndDelete(storage, new byte[16], value).Should().Be(Errno.ENOTSUPP);
        _kit.Machine.MapLookupAndDelete(storage, new byte[16], value, Lock).Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void A_map_lives_while_a_program_refers_to_it()
    {
        var map = _kit.StorageMap();
        var id = _kit.Machine.MapOf(map)!.Id;
        var key = _kit.Key(map, _cgroup);
        var program = _kit.LoadAdds(1, map);
        _kit.Attach(program, _cgroup);
        _kit.Machine.Close(program).Should().Be(Errno.None);
        _kit.Machine.Close(map).Should().Be(Errno.None);

        _kit.Fire(_cgroup);

        _kit.Machine.MapGetById(id, out var again).Should().Be(Errno.None);
        _kit.Read(again, key).Should().Be(1);
    }

    [Fact]
    public void With_its_last_program_and_descriptor_a_map_is_gone()
    {
        var map = _kit.StorageMap();
        var id = _kit.Machine.MapOf(map)!.Id;
        var program = _kit.LoadAdds(1, map);
        var programId = _kit.Machine.ProgramOf(program)!.Id;
        _kit.Attach(program, _cgroup);
        _kit.Machine.Close(map);
        _kit.Machine.ProgDetach(program, _cgroup, MachineKit.Create).Should().Be(Errno.None);
        _kit.Machine.MapGetById(id, out var again).Should().Be(Errno.None);
        _kit.Machine.Close(again);

        _kit.Machine.Close(program).Should().Be(Errno.None);

        _kit.Machine.MapGetById(id, out _).Should().Be(Errno.ENOENT);
        _kit.Machine.ProgGetById(programId, out _).Should().Be(Errno.ENOENT);
        _kit.Machine.CgroupRemove(_cgroup).Should().Be(Errno.None, "nothing of the map is left in the cgroup");
    }

    [Fact]
    public void Unloading_programs_frees_nothing_while_the_map_is_held()
    {
        var map = _kit.StorageMap();
        var program = _kit.LoadAdds(3, map);
        _kit.Attach(program, _cgroup);
        _kit.Fire(_cgroup);
        _kit.Machine.ProgDetach(program, _cgroup, MachineKit.Create);
        _kit.Machine.Close(program);

        _kit.Read(map, _cgroup).Should().Be(3);
    }

    [Fact]
    public void Removing_a_cgroup_takes_its_entry_and_a_new_one_starts_at_zero()
    {
        var map = _kit.StorageMap();
        var program = _kit.LoadAdds(3, map);
        _kit.Attach(program, _cgroup);
        _kit.Fire(_cgroup);
        var key = _kit.Key(map, _cgroup);

        _kit.Machine.CgroupRemove(_cgroup).Should().Be(Errno.None);

        _kit.Read(map, key).Should().BeNull();
        _kit.Machine.Fire(_cgroup, MachineKit.Create).Error.Should().Be(Errno.ENOENT);
        _kit.Machine.ProgAttach(program, _cgroup, MachineKit.Create).Should().Be(Errno.ENOENT);
        _kit.Machine.ProgQuery(_cgroup, MachineKit.Create, false, out _).Should().Be(Errno.ENOENT);
        var again = _kit.Cgroup();
        _kit.Attach(program, again);
        _kit.Read(map, again).Should().Be(0);
    }

    [Fact]
    public void The_lowest_free_descriptor_is_given()
    {
        var first = _kit.StorageMap();
        var second = _kit.StorageMap();
        _kit.Machine.Close(first);

        _kit.StorageMap().Should().Be(first);
        _kit.Machine.MapOf(second).Should().NotBeNull();
    }

    [Fact]
    public void After_a_reset_nothing_is_left_and_everything_works()
    {
        for (var round = 0; round < 3; round++)
        {
            var map = _kit.StorageMap();
            var cgroup = _kit.Cgroup();
            _kit.Attach(_kit.LoadAdds(1, map), cgroup);
            _kit.Fire(cgroup, times: 2);
            _kit.Read(map, cgroup).Should().Be(2);

            _kit.Machine.Reset();

            _kit.Machine.MapOf(map).Should().BeNull();
            _kit.Machine.CgroupId(cgroup).Should().Be(0);
            _kit.Machine.MapGetById(1, out _).Should().Be(Errno.ENOENT);
        }
    }
}
