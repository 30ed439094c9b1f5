using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.ReferenceVm.Programs;
using static Conformance.Tests.ReferenceVm.Maps.StorageMap;

namespace Conformance.Tests.ReferenceVm.Maps;

public sealed class CgroupStorageMapTests
{
    private const AttachType Ingress = AttachType.CgroupInetIngress;
    private const AttachType Egress = AttachType.CgroupInetEgress;

    [Theory]
    [InlineData(StorageKind.Shared, 5, 5)]
    [InlineData(StorageKind.Shared, 16, 16)]
    [InlineData(StorageKind.PerCpu, 5, 16)]
    [InlineData(StorageKind.PerCpu, 16, 32)]
    public void A_lookup_copies_the_value_or_the_rounded_areas_of_all_cpus(
        StorageKind kind,
        int valueSize,
        int expected
    )
    {
        using var map = new StorageMap(kind, valueSize: valueSize);
        map.Map.UserValueSize.Should().Be(expected);
        map.Map.Create(1, Ingress);
        var buffer = Enumerable.Repeat((byte)0xee, expected + 8).ToArray();
        map.Map.Lookup(Key(1), buffer, 0).Should().Be(Errno.None);
        buffer[..expected].Should().OnlyContain(value => value == 0);
        buffer[expected..].Should().OnlyContain(value => value == 0xee);
    }

    [Theory]
    [InlineData(StorageKind.Shared)]
    [InlineData(StorageKind.PerCpu)]
    public void Missing_keys_are_enoent_and_wrong_flags_win(StorageKind kind)
    {
        using var map = new StorageMap(kind);
        map.Lookup(Key(1)).Should().Be(Errno.ENOENT);
        map.Write(Key(1), 1).Should().Be(Errno.ENOENT);
        map.Map.Create(1, Ingress);
        map.Lookup(Key(2)).Should().Be(Errno.ENOENT);
        map.Lookup(Key(1, Egress)).Should().Be(Errno.ENOENT);
        map.Lookup(Key(2), flags: 1).Should().Be(Errno.EINVAL);
        map.Write(Key(2), 1, flags: 1).Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void The_padding_of_a_key_is_ignored_and_comes_back_zero()
    {
        using var map = new StorageMap(StorageKind.Shared);
        map.Map.Create(7, Egress);
        map.Lookup(Key(7, Egress, padding: 0xdeadbeef)).Should().Be(Errno.None);
        var next = Enumerable.Repeat((byte)0xee, 16).ToArray();
        map.Map.GetNextKey([], next).Should().Be(Errno.None);
        next.Should().Equal(Key(7, Egress));
        map.Map.GetNextKey(Key(7, Egress, padding: 1), next).Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void Of_an_8_byte_key_only_8_bytes_are_read_and_written()
    {
        using var map = new StorageMap(StorageKind.Shared, keySize: 8);
        map.Map.Create(7, Egress);
        map.Lookup(Key(7, Ingress, padding: 9)).Should().Be(Errno.None);
        map.Map.Find(7, Ingress).Should().BeSameAs(map.Map.Find(7, Egress)).And.NotBeNull();
        var next = Enumerable.Repeat((byte)0xee, 16).ToArray();
        map.Map.GetNextKey([], next);
        next[..8].Should().Equal(7, 0, 0, 0, 0, 0, 0, 0);
        next[8..].Should().OnlyContain(value => value == 0xee);
    }

    [Fact]
    public void With_16_byte_keys_attach_types_have_storages_of_their_own()
    {
        using var map = new StorageMap(StorageKind.Shared);
        var ingress = map.Map.Create(1, Ingress)!;
        var egress = map.Map.Create(1, Egress)!;
        ingress.AddressOn(0).Should().NotBe(egress.AddressOn(0));
        map.Write(Key(1, Egress), 9);
        map.Read(Key(1, Ingress)).Should().OnlyContain(value => value == 0);
    }

    [Theory]
    [InlineData(StorageKind.Shared, null, new ulong[] { 0, 2 })]
    [InlineData(StorageKind.Shared, 4, new ulong[] { 0, 2, 4, 6 })]
    [InlineData(StorageKind.PerCpu, null, new ulong[] { 0, 2 })]
    public void Updates_take_few_flags(StorageKind kind, int? spinLockOffset, ulong[] accepted)
    {
        using var map = new StorageMap(kind, spinLockOffset: spinLockOffset);
        map.Map.Create(1, Ingress);
        ulong[] flags =
        [
            .. Enumerable.Range(0, 64).Select(flag => (ulong)flag),
            1UL << 31,
            1UL << 32,
            1UL << 63,
            ulong.MaxValue,
        ];
        foreach (var flag in flags)
        {
            map.Write(Key(1), 1, flag)
                .Should()
                .Be(accepted.Contains(flag) ? Errno.None : Errno.EINVAL, $"flags {flag}");
            map.Write(Key(2), 1, flag)
                .Should()
                .Be(accepted.Contains(flag) ? Errno.ENOENT : Errno.EINVAL, $"flags {flag}");
        }
    }

    [Theory]
    [InlineData(StorageKind.Shared, null)]
    [InlineData(StorageKind.Shared, 4)]
    [InlineData(StorageKind.PerCpu, null)]
    public void Lookups_know_no_flag_but_lock_and_that_only_with_a_lock(StorageKind kind, int? spinLockOffset)
    {
        using var map = new StorageMap(kind, spinLockOffset: spinLockOffset);
        map.Map.Create(1, Ingress);
        map.Lookup(Key(1), 4).Should().Be(spinLockOffset is null ? Errno.EINVAL : Errno.None);
        foreach (var flag in new ulong[] { 1, 2, 3, 5, 6, 8, 16, 1UL << 40 })
        {
            map.Lookup(Key(1), flag).Should().Be(Errno.EINVAL);
        }
    }

    [Fact]
    public void A_plain_update_puts_a_new_buffer_in_place_and_runs_keep_the_old()
    {
        using var map = new StorageMap(StorageKind.Shared);
        var storage = map.Map.Create(1, Ingress)!;
        map.Write(Key(1), 0x11);
        var run = map.Guest.Processors.Enter(0);
        var old = storage.AddressOn(0);
        map.Write(Key(1), 0x22).Should().Be(Errno.None);
        storage.AddressOn(0).Should().NotBe(old);
        map.Guest.Arena.Bytes(old, 8).ToArray().Should().OnlyContain(value => value == 0x11);
        map.Guest.Arena.Bytes(old, 8).Fill(0xbd);
        map.Read(Key(1)).Should().OnlyContain(value => value == 0x22);
        map.Guest.Processors.Leave(run);
        map.Guest.Arena.TryBytes(old, 8, out _).Should().BeFalse();
        map.Guest.Arena.LiveBytes.Should().BeGreaterThan(0);
    }

    [Fact]
    public void A_per_cpu_update_writes_every_area_where_it_lies()
    {
        using var map = new StorageMap(StorageKind.PerCpu);
        var storage = map.Map.Create(1, Ingress)!;
        var addresses = new[] { storage.AddressOn(0), storage.AddressOn(1) };
        addresses.Should().OnlyHaveUniqueItems();
        byte[] value = [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2];
        map.Map.Update(Key(1), value, 0).Should().Be(Errno.None);
        new[] { storage.AddressOn(0), storage.AddressOn(1) }.Should().Equal(addresses);
        map.Guts(storage, 0).Should().OnlyContain(b => b == 1);
        map.Guts(storage, 1).Should().OnlyContain(b => b == 2);
        map.Read(Key(1)).Should().Equal(value);
    }

    [Fact]
    public void The_lock_in_a_new_buffer_is_free_whatever_user_space_supplied()
    {
        using var map = new StorageMap(StorageKind.Shared, valueSize: 12, spinLockOffset: 4);
        var storage = map.Map.Create(1, Ingress)!;
        map.Write(Key(1), 0xff).Should().Be(Errno.None);
        map.Guts(storage).Should().Equal(255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 255, 255);
    }

    [Fact]
    public void An_update_under_the_lock_is_in_place_and_leaves_the_lock_free()
    {
        using var map = new StorageMap(StorageKind.Shared, valueSize: 12, spinLockOffset: 4);
        var storage = map.Map.Create(1, Ingress)!;
        var address = storage.AddressOn(0);
        map.Write(Key(1), 0xff, flags: 4).Should().Be(Errno.None);
        storage.AddressOn(0).Should().Be(address);
        map.Guts(storage).Should().Equal(255, 255, 255, 255, 0, 0, 0, 0, 255, 255, 255, 255);
        map.Read(Key(1), flags: 4).Should().Equal(map.Guts(storage));
    }

    [Fact]
    public void A_lookup_never_shows_the_lock()
    {
        using var map = new StorageMap(StorageKind.Shared, valueSize: 12, spinLockOffset: 4);
        var storage = map.Map.Create(1, Ingress)!;
        map.Guest.Arena.Bytes(storage.AddressOn(0), 12).Fill(1);
        map.Read(Key(1)).Should().Equal(1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1);
    }

    [Fact]
    public void Nothing_can_be_deleted()
    {
        using var map = new StorageMap(StorageKind.Shared);
        map.Map.Delete(Key(1)).Should().Be(Errno.EINVAL);
        map.Map.Create(1, Ingress);
        map.Map.Delete(Key(1)).Should().Be(Errno.EINVAL);
        map.Lookup(Key(1)).Should().Be(Errno.None);
    }

    [Fact]
    public void Lookup_and_delete_and_batches_are_not_supported()
    {
        using var map = new StorageMap(StorageKind.Shared);
        map.Map.Create(1, Ingress);
        map.Map.LookupAndDelete(Key(1), new byte[8], 0).Should().Be(Errno.ENOTSUPP);
        map.Map.LookupAndDelete(Key(1), new byte[8], 4).Should().Be(Errno.EINVAL);
        map.Map.Batch().Should().Be(Errno.ENOTSUPP);
        ((int)Errno.ENOTSUPP).Should().Be(524);
    }

    [Fact]
    public void Iteration_goes_from_the_newest_to_the_oldest()
    {
        using var map = new StorageMap(StorageKind.Shared);
        map.Keys().Should().BeEmpty();
        map.Map.Create(20, Ingress);
        map.Map.Create(10, Egress);
        map.Map.Create(30, Ingress);
        map.Keys()
            .Should()
            .BeEquivalentTo([Key(30), Key(10, Egress), Key(20)], options => options.WithStrictOrdering());
        map.Map.Storages.Select(storage => storage.CgroupId).Should().Equal(30, 10, 20);
    }

    [Fact]
    public void A_missing_key_and_the_last_key_have_no_next()
    {
        using var map = new StorageMap(StorageKind.Shared);
        var next = new byte[16];
        map.Map.GetNextKey([], next).Should().Be(Errno.ENOENT);
        map.Map.Create(1, Ingress);
        map.Map.GetNextKey(Key(2), next).Should().Be(Errno.ENOENT);
        map.Map.GetNextKey(Key(1), next).Should().Be(Errno.ENOENT);
    }

    [Fact]
    public void A_removed_storage_is_gone_and_a_new_one_is_zero_and_newest()
    {
        using var map = new StorageMap(StorageKind.Shared);
        var first = map.Map.Create(1, Ingress)!;
        map.Map.Create(2, Ingress);
        map.Write(Key(1), 5);
        map.Map.Remove(first);
        map.Lookup(Key(1)).Should().Be(Errno.ENOENT);
        map.Map.Create(1, Ingress);
        map.Read(Key(1)).Should().OnlyContain(value => value == 0);
        map.Keys()[0].Should().Equal(Key(1));
    }

    [Fact]
    public void A_storage_that_is_not_published_is_visible_to_no_one()
    {
        using var map = new StorageMap(StorageKind.PerCpu);
        var published = map.Map.Create(0, Ingress)!;
        var hidden = map.Map.Allocate(0, Ingress)!;
        hidden.AddressOn(0).Should().NotBe(published.AddressOn(0));
        map.Map.Find(0, Ingress).Should().BeSameAs(published);
        map.Map.Remove(hidden);
        map.Map.Find(0, Ingress).Should().BeSameAs(published);
        map.Guest.Arena.TryBytes(hidden.AddressOn(0), 1, out _).Should().BeFalse();
    }

    [Fact]
    public void Freeing_the_map_gives_all_memory_back()
    {
        using var map = new StorageMap(StorageKind.PerCpu);
        map.Map.Create(1, Ingress);
        map.Map.Create(2, Egress);
        map.Map.Free();
        map.Guest.Arena.LiveBytes.Should().Be(0);
        map.Map.Storages.Should().BeEmpty();
    }

    [Theory]
    [InlineData(StorageKind.Shared)]
    [InlineData(StorageKind.PerCpu)]
    public void Values_are_8_byte_aligned_and_bounded_by_the_value_size(StorageKind kind)
    {
        using var map = new StorageMap(kind, valueSize: 7);
        for (var cgroup = 1UL; cgroup < 20; cgroup++)
        {
            var storage = map.Map.Create(cgroup, Ingress)!;
            (storage.AddressOn(1) % 8).Should().Be(0);
            map.Guest.Arena.TryBytes(storage.AddressOn(1), 7, out _).Should().BeTrue();
            map.Guest.Arena.TryBytes(storage.AddressOn(1), 8, out _).Should().BeFalse();
        }
    }

    [Fact]
    public void Running_out_of_memory_leaves_nothing_behind()
    {
        var limits = new Limits { ArenaSize = 1 << 17 };
        using var arena = new Conformance.ReferenceVm.Execution.Arena(limits);
        MapFactory.Create(
            new MapDefinition(MapType.PercpuCgroupStorage, 16, 30_000, 0),
            arena,
            limits,
            Behaviour.Latest,
            1,
            out var map
        );
        var storages = (CgroupStorageMap)map!;
        var created = 0;
        while (storages.Create((ulong)created + 1, Ingress) is not null)
        {
            created++;
        }

        created.Should().BeGreaterThan(0);
        storages.Storages.Should().HaveCount(created);
        arena.LiveBytes.Should().Be(created * 60_000L);
    }
}
