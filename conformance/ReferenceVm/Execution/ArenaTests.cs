using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Execution;

public sealed class ArenaTests : IDisposable
{
    private static readonly Limits Limits = new() { ArenaSize = 1 << 24 };

    private readonly Arena _arena = new(Limits, isChecked: true);
    private readonly Arena _unchecked = new(Limits);

    public void Dispose()
    {
        _arena.Dispose();
        _unchecked.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(1000)]
    [InlineData(32768)]
    [InlineData(65407)]
    public void Objects_are_zeroed_aligned_and_accessible_to_the_last_byte_and_no_further(int size)
    {
        for (var round = 0; round < 3; round++)
        {
            var address = _arena.Allocate(size);
            (address % 8).Should().Be(0);
            address.Should().BeGreaterThan(Arena.Base);
            _arena.TryBytes(address, size, out var bytes).Should().BeTrue();
            bytes.ToArray().Should().OnlyContain(value => value == 0);
            bytes.Fill(0xff);
            _arena.TryBytes(address + (ulong)size - 1, 1, out _).Should().BeTrue();
            _arena.TryBytes(address, size + 1, out _).Should().BeFalse();
            _arena.TryBytes(address + (ulong)size, 1, out _).Should().BeFalse();
            _arena.TryBytes(address - 1, 1, out _).Should().BeFalse();
            _arena.Free(address);
            _arena.TryBytes(address, 1, out _).Should().BeFalse();
        }
    }

    [Fact]
    public void A_freed_block_is_used_again_for_an_object_of_its_size()
    {
        var first = _arena.Allocate(100);
        _arena.Free(first);
        _arena.Allocate(96).Should().Be(first);
    }

    [Fact]
    public void Neighbouring_objects_have_dead_bytes_between_them()
    {
        var objects = Enumerable.Range(0, 50).Select(_ => _arena.Allocate(48)).Order().ToArray();
        objects.Zip(objects.Skip(1)).Should().OnlyContain(pair => pair.Second - pair.First >= 48 + 8);
    }

    [Fact]
    public void Freeing_twice_is_a_bug_of_the_machine()
    {
        var address = _arena.Allocate(8);
        _arena.Free(address);
        _arena.Invoking(arena => arena.Free(address)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void No_memory_left_is_an_answer()
    {
        _arena.Allocate(Limits.ArenaSize).Should().Be(0);
        _arena.Allocate(long.MaxValue).Should().Be(0);
        while (_arena.Allocate(1 << 20) != 0) { }
        while (_arena.Allocate(1) != 0) { }
        _arena.LiveBytes.Should().BeLessThanOrEqualTo(Limits.ArenaSize);
    }

    [Theory]
    [InlineData(0UL, 1)]
    [InlineData(Arena.Base - 1, 1)]
    [InlineData(Arena.Base - 1, 8)]
    [InlineData(Arena.Base + (1 << 24), 1)]
    [InlineData(Arena.Base + (1 << 24) - 4, 8)]
    [InlineData(ulong.MaxValue, 8)]
    [InlineData(Arena.Base, int.MaxValue)]
    [InlineData(Arena.Base, -1)]
    public void What_is_not_guest_memory_is_refused_in_either_mode(ulong address, int size)
    {
        _arena.TryBytes(address, size, out _).Should().BeFalse();
        _unchecked.TryBytes(address, size, out _).Should().BeFalse();
        _unchecked.Invoking(arena => arena.Bytes(address, size).Length).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void The_first_page_holds_no_object()
    {
        _arena.Allocate(1).Should().BeGreaterThanOrEqualTo(Arena.Base + 4096);
        _arena.TryBytes(Arena.Base, 1, out _).Should().BeFalse();
    }

    [Theory]
    [InlineData(1 << 10)]
    [InlineData(1 << 22)]
    public void Reset_forgets_objects_and_what_was_written_anywhere(int size)
    {
        var address = _unchecked.Allocate(size);
        _unchecked.Bytes(address, size + 64).Fill(0xff);
        _unchecked.Reset();
        _unchecked.LiveBytes.Should().Be(0);
        _unchecked.Allocate(size).Should().Be(address);
        _unchecked.Bytes(address, size).ToArray().Should().OnlyContain(value => value == 0);
        _unchecked.Bytes(_unchecked.Allocate(64), 64).ToArray().Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void An_object_is_zero_even_where_a_program_wrote_before_it_was_allocated()
    {
        var first = _unchecked.Allocate(8);
        _unchecked.TryBytes(first, 4096, out var beyond).Should().BeTrue();
        beyond.Fill(0xff);
        for (var count = 0; count < 50; count++)
        {
            _unchecked.Bytes(_unchecked.Allocate(40), 40).ToArray().Should().OnlyContain(value => value == 0);
        }
    }

    [Fact]
    public void Size_classes_grow_and_hold_what_is_asked_for()
    {
        var last = (Index: -1, BlockSize: 0L);
        for (long size = 1; size < 1L << 40; size += Math.Max(1, size / 37))
        {
            var found = SizeClasses.Of(size);
            found.BlockSize.Should().BeGreaterThanOrEqualTo(size);
            (found.BlockSize % 64).Should().Be(0);
            found.Index.Should().BeInRange(last.Index, SizeClasses.Count - 1);
            if (found.Index == last.Index)
            {
                found.BlockSize.Should().Be(last.BlockSize);
            }

            last = found;
        }
    }
}
