using System.Buffers.Binary;
using Conformance.ReferenceVm.Execution;
using FsCheck.Xunit;

namespace Conformance.Tests.ReferenceVm.Execution.Instructions;

/// <summary>RFC 9669 sections 5.1 and 5.2: widths, extension, byte order, bounds.</summary>
[Properties(Arbitrary = [typeof(Operands)], MaxTest = 100)]
public sealed class MemoryTests
{
    private const int Length = 24;

    [Property]
    public void A_load_reads_its_width_little_endian_and_extends(ulong value, byte at)
    {
        var offset = at % (Length - sizeof(ulong) + 1);
        var memory = Filled();
        BinaryPrimitives.WriteUInt64LittleEndian(memory.AsSpan(offset), value);
        ulong Loaded(string type) => Interpreted.Value($"r0 = *({type} *)(r1 + {offset})\nexit", memory);
        Loaded("u8").Should().Be((byte)value);
        Loaded("u16").Should().Be((ushort)value);
        Loaded("u32").Should().Be((uint)value);
        Loaded("u64").Should().Be(value);
        Loaded("s8").Should().Be((ulong)(sbyte)value);
        Loaded("s16").Should().Be((ulong)(short)value);
        Loaded("s32").Should().Be((ulong)(int)value);
    }

    [Property]
    public void A_store_writes_its_width_little_endian_and_nothing_else(ulong value, byte at, int immediate)
    {
        foreach (var (type, width) in (ReadOnlySpan<(string, int)>)[("u8", 1), ("u16", 2), ("u32", 4), ("u64", 8)])
        {
            var offset = at % (Length - width + 1);
            Stored($"r3 = 0x{value:x} ll\n*({type} *)(r1 + {offset}) = r3", offset, width)
                .Should()
                .Equal(Bytes(value, width));
            Stored($"*({type} *)(r1 + {offset}) = {immediate}", offset, width)
                .Should()
                .Equal(Bytes((ulong)immediate, width));
        }
    }

    [Fact]
    public void Offsets_may_be_negative() =>
        Interpreted.Value("r1 += 16\nr0 = *(u64 *)(r1 - 8)\nexit", 1, 2, 3).Should().Be(2);

    [Fact]
    public void The_length_of_the_block_is_in_r2() => Interpreted.Value("r0 = r2\nexit", new byte[5]).Should().Be(5);

    [Fact]
    public void Without_a_block_r1_and_r2_are_zero() => Interpreted.Value("r0 = r1\nr0 |= r2\nexit").Should().Be(0);

    [Fact]
    public void The_stack_has_512_bytes_below_r10_which_are_zero() =>
        Interpreted
            .Value("r0 = *(u64 *)(r10 - 512)\n*(u64 *)(r10 - 512) = 7\nr1 = *(u64 *)(r10 - 512)\nr0 += r1\nexit")
            .Should()
            .Be(7);

    [Theory]
    [InlineData("r0 = *(u8 *)(r10 + 0)")]
    [InlineData("r0 = *(u8 *)(r10 - 513)")]
    [InlineData("r0 = *(u64 *)(r10 - 4)")]
    [InlineData("*(u64 *)(r10 - 4) = r0")]
    [InlineData("*(u8 *)(r10 + 0) = 1")]
    [InlineData("r0 = *(u8 *)(r1 + 24)")]
    [InlineData("r0 = *(u8 *)(r1 - 1)")]
    [InlineData("r0 = *(u64 *)(r1 + 17)")]
    [InlineData("*(u32 *)(r1 + 21) = r0")]
    [InlineData("r0 = *(u64 *)(r0 + 0)")]
    [InlineData("r0 = -1\nr0 = *(u64 *)(r0 + 0)")]
    [InlineData("r0 = 0x7fffffffffffffff ll\n*(u8 *)(r0 + 32767) = 1")]
    [InlineData("lock *(u64 *)(r1 + 24) += r0")]
    [InlineData("r0 = load_acquire((u64 *)(r1 + 24))")]
    [InlineData("store_release((u64 *)(r1 - 8), r0)")]
    public void An_access_outside_of_memory_traps_and_changes_nothing(string access)
    {
        var memory = Filled();
        Interpreted.Trap($"{access}\nexit", memory).Should().NotBeEmpty();
        memory.Should().Equal(Filled());
    }

    [Fact]
    public void A_trap_names_the_instruction() =>
        Interpreted
            .Run("r0 = 0x1 ll\nr0 = *(u8 *)(r0 + 0)\nexit")
            .Should()
            .Match<RunResult>(result => result.Status == RunStatus.Trapped && result.InstructionIndex == 2);

    private static byte[] Filled() => Enumerable.Range(0, Length).Select(index => (byte)(0xa0 + index)).ToArray();

    private static byte[] Bytes(ulong value, int width) => Interpreted.Memory(value)[..width];

    private static byte[] Stored(string store, int offset, int width)
    {
        var memory = Filled();
        Interpreted.Value($"{store}\nr0 = 0\nexit", memory);
        var expected = Filled();
        memory.AsSpan(offset, width).CopyTo(expected.AsSpan(offset));
        memory.Should().Equal(expected, "nothing but the bytes stored may change");
        return memory[offset..(offset + width)];
    }
}
