using System.Buffers.Binary;
using FsCheck.Xunit;

namespace Conformance.Tests.ReferenceVm.Execution.Instructions;

/// <summary>RFC 9669 section 5.3, and load-acquire and store-release: what ends up in memory and in registers.</summary>
[Properties(Arbitrary = [typeof(Operands)], MaxTest = 100)]
public sealed class AtomicTests
{
    private static readonly (string Symbol, string Name, Func<ulong, ulong, ulong> Expected)[] Operations =
    [
        ("+=", "add", (a, b) => a + b),
        ("|=", "or", (a, b) => a | b),
        ("&=", "and", (a, b) => a & b),
        ("^=", "xor", (a, b) => a ^ b),
    ];

    [Property]
    public void A_64_bit_operation_changes_memory_and_keeps_its_operand(ulong memory, ulong operand)
    {
        foreach (var (symbol, _, expected) in Operations)
            Run($"lock *(u64 *)(r1 + 0) {symbol} r3\nr0 = r3", memory, operand)
                .Should()
                .Be((expected(memory, operand), operand));
    }

    [Property]
    public void A_32_bit_operation_changes_four_bytes_and_keeps_its_operand(ulong memory, ulong operand)
    {
        foreach (var (symbol, _, expected) in Operations)
            Run($"lock *(u32 *)(r1 + 0) {symbol} w3\nr0 = r3", memory, operand)
                .Should()
                .Be((Low(memory, (uint)expected((uint)memory, (uint)operand)), operand));
    }

    [Property]
    public void A_fetching_operation_leaves_the_old_value_in_its_operand(ulong memory, ulong operand)
    {
        foreach (var (_, name, expected) in Operations)
        {
            Run($"r3 = atomic_fetch_{name}((u64 *)(r1 + 0), r3)\nr0 = r3", memory, operand)
                .Should()
                .Be((expected(memory, operand), memory));
            Run($"w3 = atomic_fetch_{name}((u32 *)(r1 + 0), w3)\nr0 = r3", memory, operand)
                .Should()
                .Be((Low(memory, (uint)expected((uint)memory, (uint)operand)), (uint)memory));
        }
    }

    [Property]
    public void An_exchange_swaps_memory_and_register(ulong memory, ulong operand)
    {
        Run("r3 = xchg_64(r1 + 0, r3)\nr0 = r3", memory, operand).Should().Be((operand, memory));
        Run("w3 = xchg32_32(r1 + 0, w3)\nr0 = r3", memory, operand)
            .Should()
            .Be((Low(memory, (uint)operand), (uint)memory));
    }

    [Property]
    public void A_compare_exchange_stores_only_where_memory_equals_r0(ulong memory, ulong operand, ulong compared)
    {
        var wide = $"r0 = 0x{compared:x} ll\nr0 = cmpxchg_64(r1 + 0, r0, r3)";
        Run(wide, memory, operand).Should().Be((compared == memory ? operand : memory, memory));
        Run(wide, compared, operand).Should().Be((operand, compared));

        var narrow = $"r0 = 0x{compared:x} ll\nw0 = cmpxchg32_32(r1 + 0, w0, w3)";
        var stored = (uint)compared == (uint)memory ? Low(memory, (uint)operand) : memory;
        Run(narrow, memory, operand).Should().Be((stored, (uint)memory));
        Run(narrow, compared, operand).Should().Be((Low(compared, (uint)operand), (uint)compared));
    }

    [Property]
    public void Load_acquire_and_store_release_have_every_width(ulong memory, ulong operand)
    {
        foreach (
            var (type, mask) in (ReadOnlySpan<(string, ulong)>)
                [("u8", 0xff), ("u16", 0xffff), ("u32", uint.MaxValue), ("u64", ulong.MaxValue)]
        )
        {
            Run($"r0 = load_acquire(({type} *)(r1 + 0))", memory, operand).Should().Be((memory, memory & mask));
            Run($"store_release(({type} *)(r1 + 0), r3)\nr0 = r3", memory, operand)
                .Should()
                .Be(((memory & ~mask) | (operand & mask), operand));
        }
    }

    [Theory]
    [InlineData("lock *(u64 *)(r1 + 4) += r3")]
    [InlineData("lock *(u32 *)(r1 + 2) += w3")]
    [InlineData("r3 = atomic_fetch_add((u64 *)(r1 + 1), r3)")]
    [InlineData("r3 = xchg_64(r1 + 4, r3)")]
    [InlineData("w0 = cmpxchg32_32(r1 + 3, w0, w3)")]
    [InlineData("r0 = load_acquire((u64 *)(r1 + 4))")]
    [InlineData("w0 = load_acquire((u16 *)(r1 + 1))")]
    [InlineData("store_release((u32 *)(r1 + 2), w3)")]
    public void A_misaligned_atomic_traps(string atomic) =>
        Interpreted.Trap($"r3 = 1\n{atomic}\nr0 = 0\nexit", new byte[16]).Should().NotBeEmpty();

    private static (ulong Memory, ulong Result) Run(string atomic, ulong memory, ulong operand)
    {
        var bytes = Interpreted.Memory(memory, operand);
        var result = Interpreted.Value($"r3 = *(u64 *)(r1 + 8)\n{atomic}\nexit", bytes);
        BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(8)).Should().Be(operand, "only the first word is meant");
        return (BinaryPrimitives.ReadUInt64LittleEndian(bytes), result);
    }

    private static ulong Low(ulong word, uint half) => (word & 0xffff_ffff_0000_0000) | half;
}
