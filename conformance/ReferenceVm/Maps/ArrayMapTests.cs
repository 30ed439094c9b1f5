using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Maps;
using Conformance.Tests.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Maps;

public sealed class ArrayMapTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(MapType.Array, 8)]
    [InlineData(MapType.PercpuArray, 16)]
    public void Every_element_is_there_from_the_start_and_zero(MapType type, int userSize)
    {
        var map = Create(type);
        map.UserValueSize.Should().Be(userSize);
        for (byte index = 0; index < 3; index++)
        {
            var value = new byte[userSize];
            map.Lookup(Key(index), value, 0).Should().Be(Errno.None);
            value.Should().OnlyContain(b => b == 0);
        }

        map.Lookup(Key(3), new byte[userSize], 0).Should().Be(Errno.ENOENT);
        map.LookupAddress(Key(3), 0).Should().Be(0);
    }

    [Theory]
    [InlineData(MapType.Array)]
    [InlineData(MapType.PercpuArray)]
    public void Updates_and_deletions_have_the_errors_of_arrays(MapType type)
    {
        var map = Create(type);
        var value = new byte[map.UserValueSize];
        map.Update(Key(0), value, 0).Should().Be(Errno.None);
        map.Update(Key(0), value, 2).Should().Be(Errno.None);
        map.Update(Key(0), value, 1).Should().Be(Errno.EEXIST);
        map.Update(Key(0), value, 3).Should().Be(Errno.EINVAL);
        map.Update(Key(0), value, 4).Should().Be(Errno.EINVAL);
        map.Update(Key(3), value, 0).Should().Be(Errno.E2BIG);
        map.Update(Key(3), value, 1).Should().Be(Errno.E2BIG);
        map.Update(Key(3), value, 64).Should().Be(Errno.EINVAL);
        map.Delete(Key(0)).Should().Be(Errno.EINVAL);
        map.Lookup(Key(0), value, 1).Should().Be(Errno.EINVAL);
        map.LookupAndDelete(Key(0), value, 0).Should().Be(Errno.ENOTSUPP);
    }

    [Fact]
    public void An_update_is_in_place()
    {
        var map = Create(MapType.Array);
        var address = map.LookupAddress(Key(1), 0);
        map.Update(Key(1), [1, 2, 3, 4, 5, 6, 7, 8], 0);
        map.LookupAddress(Key(1), 1).Should().Be(address);
        _guest.Arena.Bytes(address, 8).ToArray().Should().Equal(1, 2, 3, 4, 5, 6, 7, 8);
    }

    [Fact]
    public void A_per_cpu_array_is_written_by_user_space_on_all_cpus_and_by_a_program_on_its_own()
    {
        var map = Create(MapType.PercpuArray);
        map.Update(Key(1), [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2], 0).Should().Be(Errno.None);
        map.UpdateFromProgram(Key(1), [9, 9, 9, 9, 9, 9, 9, 9], 0, cpu: 1).Should().Be(Errno.None);
        var value = new byte[16];
        map.Lookup(Key(1), value, 0);
        value.Should().Equal(1, 1, 1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9, 9, 9);
        map.LookupAddress(Key(1), 0).Should().NotBe(map.LookupAddress(Key(1), 1));
        map.UpdateFromProgram(Key(3), new byte[8], 0, 0).Should().Be(Errno.E2BIG);
    }

    [Theory]
    [InlineData(MapType.Array)]
    [InlineData(MapType.PercpuArray)]
    public void Iteration_counts_up_and_starts_anew_from_an_index_out_of_range(MapType type)
    {
        var map = Create(type);
        var next = new byte[4];
        map.GetNextKey([], next).Should().Be(Errno.None);
        next.Should().Equal(0, 0, 0, 0);
        map.GetNextKey(Key(1), next).Should().Be(Errno.None);
        next.Should().Equal(2, 0, 0, 0);
        map.GetNextKey(Key(2), next).Should().Be(Errno.ENOENT);
        map.GetNextKey(Key(200), next).Should().Be(Errno.None);
        next.Should().Equal(0, 0, 0, 0);
    }

    [Fact]
    public void Elements_are_bounded_by_the_value_size()
    {
        var map = _guest.Map("odd", new MapDefinition(MapType.Array, 4, 5, 3));
        var address = map.LookupAddress(Key(0), 0);
        _guest.Arena.TryBytes(address, 5, out _).Should().BeTrue();
        _guest.Arena.TryBytes(address, 6, out _).Should().BeFalse();
        _guest.Arena.TryBytes(map.LookupAddress(Key(2), 0) + 5, 1, out _).Should().BeFalse();
    }

    [Fact]
    public void Only_an_array_of_one_element_has_a_direct_address()
    {
        Create(MapType.Array).DirectValueAddress(0, out _).Should().Be(Errno.ENOTSUPP);
        Create(MapType.PercpuArray, "percpu").DirectValueAddress(0, out _).Should().Be(Errno.EINVAL);
        var one = _guest.Map("one", new MapDefinition(MapType.Array, 4, 8, 1));
        one.DirectValueAddress(3, out var address).Should().Be(Errno.None);
        address.Should().Be(one.LookupAddress(Key(0), 0) + 3);
        one.DirectValueAddress(8, out _).Should().Be(Errno.EINVAL);
    }

    [Fact]
    public void An_update_under_the_lock_needs_a_lock()
    {
        var map = _guest.Map("locked", new MapDefinition(MapType.Array, 4, 12, 1) { SpinLockOffset = 0 });
        map.Update(Key(0), Enumerable.Repeat((byte)7, 12).ToArray(), 4).Should().Be(Errno.None);
        var value = new byte[12];
        map.Lookup(Key(0), value, 4).Should().Be(Errno.None);
        value.Should().Equal(0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7, 7);
    }

    [Theory]
    [InlineData(MapType.Array)]
    [InlineData(MapType.PercpuArray)]
    public void Freeing_the_map_gives_all_memory_back(MapType type)
    {
        Create(type).Free();
        _guest.Arena.LiveBytes.Should().Be(0);
    }

    private static byte[] Key(byte index) => [index, 0, 0, 0];

    private Map Create(MapType type, string name = "array") => _guest.Map(name, new MapDefinition(type, 4, 8, 3));
}
