using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Tests.ReferenceVm.Maps;

public sealed class MapFactoryTests : IDisposable
{
    private readonly Arena _arena = new(new Limits());

    public void Dispose() => _arena.Dispose();

    [Fact]
    public void A_prog_array_that_is_larger_than_memory_is_ENOMEM() =>
        Create(MapType.ProgArray, 4, 4, int.MaxValue).Should().Be(Errno.ENOMEM);

    [Theory]
    [InlineData(MapType.CgroupStorage)]
    [InlineData(MapType.PercpuCgroupStorage)]
    public void A_storage_key_has_8_or_16_bytes(MapType type)
    {
        for (var size = 0; size <= 64; size++)
        {
            Create(type, size, 8, 0).Should().Be(size is 8 or 16 ? Errno.None : Errno.EINVAL, $"key size {size}");
        }
    }

    [Theory]
    [InlineData(MapType.CgroupStorage, 1, Errno.None)]
    [InlineData(MapType.CgroupStorage, 7, Errno.None)]
    [InlineData(MapType.CgroupStorage, 65407, Errno.None)]
    [InlineData(MapType.CgroupStorage, 65408, Errno.E2BIG)]
    [InlineData(MapType.CgroupStorage, 0, Errno.EINVAL)]
    [InlineData(MapType.PercpuCgroupStorage, 5, Errno.None)]
    [InlineData(MapType.PercpuCgroupStorage, 32768, Errno.None)]
    [InlineData(MapType.PercpuCgroupStorage, 32769, Errno.E2BIG)]
    [InlineData(MapType.PercpuCgroupStorage, 0, Errno.EINVAL)]
    public void A_storage_value_has_a_size_within_bounds(MapType type, int size, Errno expected) =>
        Create(type, 16, size, 0).Should().Be(expected);

    [Theory]
    [InlineData(MapType.CgroupStorage)]
    [InlineData(MapType.PercpuCgroupStorage)]
    public void Of_the_flags_of_a_storage_map_five_are_known(MapType type)
    {
        uint[] known = [0x4, 0x8, 0x10, 0x80, 0x100];
        for (var bit = 0; bit < 32; bit++)
        {
            var flag = 1u << bit;
            Create(type, 16, 8, 0, flag)
                .Should()
                .Be(known.Contains(flag) ? Errno.None : Errno.EINVAL, $"flag 0x{flag:x}");
        }
    }

    [Theory]
    [InlineData(0x8u | 0x10, Errno.EINVAL)]
    [InlineData(0x80u | 0x100, Errno.EINVAL)]
    [InlineData(0x8u | 0x100, Errno.None)]
    [InlineData(0x10u | 0x80, Errno.None)]
    public void Flags_of_one_side_exclude_each_other_and_mixed_pairs_do_not(uint flags, Errno expected) =>
        Create(MapType.CgroupStorage, 16, 8, 0, flags).Should().Be(expected);

    [Fact]
    public void A_storage_map_has_no_capacity() => Create(MapType.CgroupStorage, 16, 8, 1).Should().Be(Errno.EINVAL);

    [Theory]
    [InlineData(12, 1 << 20, 1, 0x1u, Errno.EINVAL, "the key size is checked first")]
    [InlineData(16, 1 << 20, 1, 0x1u, Errno.E2BIG, "then the value size")]
    [InlineData(16, 1 << 20, 1, 0u, Errno.E2BIG, "before the capacity")]
    [InlineData(16, 1 << 20, 0, 0x18u, Errno.EINVAL, "generic checks come before all")]
    [InlineData(16, 1 << 20, 0, 0x180u, Errno.E2BIG, "the type's own flag checks come after the value size")]
    public void The_first_check_that_fails_gives_the_error(
        int keySize,
        int valueSize,
        int maxEntries,
        uint flags,
        Errno expected,
        string why
    ) => Create(MapType.CgroupStorage, keySize, valueSize, maxEntries, flags).Should().Be(expected, why);

    [Theory]
    [InlineData("counts_1.a", Errno.None)]
    [InlineData("", Errno.None)]
    [InlineData("a-b", Errno.EINVAL)]
    [InlineData("a b", Errno.EINVAL)]
    [InlineData("ä", Errno.EINVAL)]
    public void A_name_has_letters_digits_underscores_and_dots(string name, Errno expected) =>
        Create(new MapDefinition(MapType.CgroupStorage, 16, 8, 0) { Name = name }).Should().Be(expected);

    [Fact]
    public void Names_are_checked_after_the_sizes() =>
        Create(new MapDefinition(MapType.CgroupStorage, 16, 1 << 20, 0) { Name = "a b" }).Should().Be(Errno.E2BIG);

    [Theory]
    [InlineData(MapType.CgroupStorage, 16, 0, 0u, 4, Errno.None)]
    [InlineData(MapType.PercpuCgroupStorage, 16, 0, 0u, 4, Errno.EOPNOTSUPP)]
    [InlineData(MapType.Array, 4, 1, 0u, 4, Errno.None)]
    [InlineData(MapType.Hash, 4, 1, 0u, 4, Errno.None)]
    [InlineData(MapType.PercpuArray, 4, 1, 0u, 4, Errno.EOPNOTSUPP)]
    [InlineData(MapType.CgroupStorage, 16, 0, 0x80u, 4, Errno.EACCES)]
    [InlineData(MapType.PercpuCgroupStorage, 16, 0, 0x100u, 4, Errno.EACCES)]
    [InlineData(MapType.CgroupStorage, 16, 0, 0u, 2, Errno.EFAULT)]
    [InlineData(MapType.CgroupStorage, 16, 0, 0u, 8, Errno.EINVAL)]
    [InlineData(MapType.CgroupStorage, 16, 0, 0u, -4, Errno.EINVAL)]
    public void A_spin_lock_lies_aligned_in_the_value_of_a_map_that_is_not_per_cpu(
        MapType type,
        int keySize,
        int maxEntries,
        uint flags,
        int offset,
        Errno expected
    ) =>
        Create(new MapDefinition(type, keySize, 8, maxEntries, flags) { SpinLockOffset = offset })
            .Should()
            .Be(expected);

    [Theory]
    [InlineData(MapType.Array, 4, 8, 0, 0u, Errno.EINVAL)]
    [InlineData(MapType.Array, 8, 8, 1, 0u, Errno.EINVAL)]
    [InlineData(MapType.Array, 4, 0, 1, 0u, Errno.EINVAL)]
    [InlineData(MapType.Array, 4, 8, 1, 0x1u, Errno.EINVAL)]
    [InlineData(MapType.Array, 4, 8, 1, 0u, Errno.None)]
    [InlineData(MapType.Array, 4, 1 << 20, 1 << 20, 0u, Errno.ENOMEM)]
    [InlineData(MapType.PercpuArray, 4, 32768, 1, 0u, Errno.None)]
    [InlineData(MapType.PercpuArray, 4, 32769, 1, 0u, Errno.E2BIG)]
    [InlineData(MapType.ProgArray, 4, 4, 1, 0u, Errno.None)]
    [InlineData(MapType.ProgArray, 4, 8, 1, 0u, Errno.EINVAL)]
    [InlineData(MapType.ProgArray, 4, 4, 1, 0x80u, Errno.EINVAL)]
    [InlineData(MapType.ProgArray, 4, 4, 0, 0u, Errno.EINVAL)]
    [InlineData(MapType.Hash, 4, 8, 1, 0u, Errno.None)]
    [InlineData(MapType.Hash, 4, 8, 1, 0x1u, Errno.None)]
    [InlineData(MapType.Hash, 0, 8, 1, 0u, Errno.EINVAL)]
    [InlineData(MapType.Hash, 4, 0, 1, 0u, Errno.EINVAL)]
    [InlineData(MapType.Hash, 4, 8, 0, 0u, Errno.EINVAL)]
    [InlineData(MapType.Hash, 4, 8, 1, 0x2u, Errno.EINVAL)]
    [InlineData(MapType.Hash, 4, 1 << 22, 1, 0u, Errno.E2BIG)]
    [InlineData(MapType.Unspecified, 4, 8, 1, 0u, Errno.EINVAL)]
    [InlineData((MapType)9999, 4, 8, 1, 0u, Errno.EINVAL)]
    public void Other_types_have_rules_of_their_own(
        MapType type,
        int keySize,
        int valueSize,
        int maxEntries,
        uint flags,
        Errno expected
    ) => Create(type, keySize, valueSize, maxEntries, flags).Should().Be(expected);

    [Fact]
    public void Creating_a_storage_map_creates_no_storage_and_takes_no_guest_memory()
    {
        Create(MapType.CgroupStorage, 16, 8, 0).Should().Be(Errno.None);
        _arena.LiveBytes.Should().Be(0);
    }

    private Errno Create(MapType type, int keySize, int valueSize, int maxEntries, uint flags = 0) =>
        Create(new MapDefinition(type, keySize, valueSize, maxEntries, flags));

    private Errno Create(MapDefinition definition)
    {
        var error = MapFactory.Create(definition, _arena, new Limits(), Behaviour.Latest, 1, out var map);
        (map is not null).Should().Be(error == Errno.None);
        return error;
    }
}
