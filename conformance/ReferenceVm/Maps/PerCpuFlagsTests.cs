using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.Tests.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Maps;

/// <summary>Values of one CPU, and padding: what changed in 7.0.</summary>
public sealed class PerCpuFlagsTests : IDisposable
{
    private const ulong OneCpu = 8;
    private const ulong AllCpus = 16;
    private const ulong Cpu1 = 1UL << 32 | OneCpu;

    private static readonly byte[] Key = [1, 0, 0, 0, 0, 0, 0, 0];

    private readonly Guest _latest = new(behaviour: Behaviour.Latest);
    private readonly Guest _older = new(behaviour: Behaviour.V6_18_44);

    public void Dispose()
    {
        _latest.Dispose();
        _older.Dispose();
    }

    [Theory]
    [InlineData(MapType.PercpuCgroupStorage)]
    [InlineData(MapType.PercpuArray)]
    public void One_cpus_value_is_read_and_written_alone(MapType type)
    {
        var map = Create(_latest, type);
        map.UserSize(Cpu1).Should().Be(5);
        map.Update(Key, [1, 2, 3, 4, 5], Cpu1).Should().Be(Errno.None);
        Read(map, Cpu1).Should().Equal(1, 2, 3, 4, 5);
        Read(map, 0).Should().Equal(0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0);
    }

    [Theory]
    [InlineData(MapType.PercpuCgroupStorage)]
    [InlineData(MapType.PercpuArray)]
    public void One_value_is_written_to_all_cpus(MapType type)
    {
        var map = Create(_latest, type);
        map.Update(Key, [1, 2, 3, 4, 5], AllCpus | 2).Should().Be(Errno.None);
        Read(map, 0).Should().Equal(1, 2, 3, 4, 5, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0);
    }

    [Theory]
    [InlineData(MapType.PercpuCgroupStorage)]
    [InlineData(MapType.PercpuArray)]
    public void Wrong_combinations_are_refused(MapType type)
    {
        var map = Create(_latest, type);
        var value = new byte[16];
        map.Update(Key, value, OneCpu | AllCpus).Should().Be(Errno.EINVAL);
        map.Update(Key, value, 2UL << 32 | OneCpu).Should().Be(Errno.ERANGE);
        map.Update(Key, value, 1UL << 32).Should().Be(Errno.EINVAL);
        map.Update(Key, value, OneCpu | 4).Should().Be(Errno.EINVAL);
        map.Lookup(Key, value, AllCpus).Should().Be(Errno.EINVAL);
        map.Lookup(Key, value, 2UL << 32 | OneCpu).Should().Be(Errno.ERANGE);
        map.Lookup(Key, value, 1UL << 32).Should().Be(Errno.EINVAL);
        map.Lookup(Key, value, OneCpu | 4).Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void A_shared_storage_knows_no_cpu()
    {
        var map = _latest.Map<CgroupStorageMap>("shared", new MapDefinition(MapType.CgroupStorage, 8, 5, 0));
        map.Create(1, default);
        map.Update(Key, new byte[5], OneCpu).Should().Be(Errno.EINVAL);
        map.Update(Key, new byte[5], AllCpus).Should().Be(Errno.EINVAL);
        map.Lookup(Key, new byte[5], OneCpu).Should().Be(Errno.EINVAL);
    }

    [Theory]
    [InlineData(MapType.PercpuCgroupStorage)]
    [InlineData(MapType.PercpuArray)]
    public void Before_7_0_none_of_the_flags_is_known(MapType type)
    {
        var map = Create(_older, type);
        var value = new byte[16];
        foreach (var flags in new[] { OneCpu, Cpu1, AllCpus, OneCpu | AllCpus, 5UL << 32 | OneCpu, 1UL << 32 })
        {
            map.Update(Key, value, flags).Should().Be(Errno.EINVAL);
            map.Lookup(Key, value, flags).Should().Be(Errno.EINVAL);
        }
    }

    [Theory]
    [InlineData(MapType.PercpuCgroupStorage)]
    [InlineData(MapType.PercpuArray)]
    public void Padding_is_stored_up_to_6_18_and_stays_zero_since(MapType type)
    {
        var all = Enumerable.Repeat((byte)0xff, 16).ToArray();
        var older = Create(_older, type);
        older.Update(Key, all, 0);
        Read(older, 0).Should().Equal(all);
        var latest = Create(_latest, type);
        latest.Update(Key, all, 0);
        Read(latest, 0).Should().Equal(255, 255, 255, 255, 255, 0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0);
    }

    [Fact]
    public void A_new_storage_has_zero_padding_whatever_lay_in_its_place()
    {
        var map = _older.Map<CgroupStorageMap>("storage", new MapDefinition(MapType.PercpuCgroupStorage, 8, 5, 0));
        var first = map.Create(1, default)!;
        map.Update(Key, Enumerable.Repeat((byte)0xff, 16).ToArray(), 0);
        map.Remove(first);
        map.Create(1, default);
        Read(map, 0).Should().OnlyContain(value => value == 0);
    }

    private static byte[] Read(Map map, ulong flags)
    {
        var value = new byte[map.UserSize(flags)];
        map.Lookup(Key, value, flags).Should().Be(Errno.None);
        return value;
    }

    private static Map Create(Guest guest, MapType type)
    {
        if (type == MapType.PercpuArray)
        {
            return guest.Map("array", new MapDefinition(type, 4, 5, 3));
        }

        var map = guest.Map<CgroupStorageMap>("storage", new MapDefinition(type, 8, 5, 0));
        map.Create(1, default);
        return map;
    }
}
