using Conformance.ReferenceVm.Isa;

namespace Conformance.Tests.ReferenceVm.Isa;

/// <summary>One line of assembly against its bytes, family by family, and back.</summary>
public sealed class InstructionFamilyTests
{
    [Theory]
    [InlineData("w1 = 5", "b401000005000000")]
    [InlineData("r1 = -1", "b7010000ffffffff")]
    [InlineData("w1 = w2", "bc21000000000000")]
    [InlineData("r1 = r2", "bf21000000000000")]
    [InlineData("r1 = (s8)r2", "bf21080000000000")]
    [InlineData("r1 = (s16)r2", "bf21100000000000")]
    [InlineData("r1 = (s32)r2", "bf21200000000000")]
    [InlineData("w1 = (s8)w2", "bc21080000000000")]
    [InlineData("w1 = (s16)w2", "bc21100000000000")]
    public void Moves_have_their_bytes(string text, string bytes) => BothWays(text, bytes);

    [Theory]
    [InlineData("+=", 0x07, 0)]
    [InlineData("-=", 0x17, 0)]
    [InlineData("*=", 0x27, 0)]
    [InlineData("/=", 0x37, 0)]
    [InlineData("s/=", 0x37, 1)]
    [InlineData("|=", 0x47, 0)]
    [InlineData("&=", 0x57, 0)]
    [InlineData("<<=", 0x67, 0)]
    [InlineData(">>=", 0x77, 0)]
    [InlineData("%=", 0x97, 0)]
    [InlineData("s%=", 0x97, 1)]
    [InlineData("^=", 0xa7, 0)]
    [InlineData("s>>=", 0xc7, 0)]
    public void Arithmetic_has_its_bytes_in_both_widths_and_from_both_sources(string symbol, int opcode, int offset)
    {
        BothWays($"r3 {symbol} 7", $"{opcode:x2}03{offset:x2}0007000000");
        BothWays($"r3 {symbol} r4", $"{opcode | 8:x2}43{offset:x2}0000000000");
        BothWays($"w3 {symbol} 7", $"{opcode & ~3:x2}03{offset:x2}0007000000");
        BothWays($"w3 {symbol} w4", $"{(opcode & ~3) | 8:x2}43{offset:x2}0000000000");
    }

    [Theory]
    [InlineData("r9 = -r9", "8709000000000000")]
    [InlineData("w9 = -w9", "8409000000000000")]
    [InlineData("r1 = le16 r1", "d401000010000000")]
    [InlineData("r1 = le64 r1", "d401000040000000")]
    [InlineData("r1 = be32 r1", "dc01000020000000")]
    [InlineData("r1 = bswap16 r1", "d701000010000000")]
    [InlineData("r1 = bswap64 r1", "d701000040000000")]
    public void Negations_and_byte_swaps_have_their_bytes(string text, string bytes) => BothWays(text, bytes);

    [Theory]
    [InlineData("==", 0x15)]
    [InlineData(">", 0x25)]
    [InlineData(">=", 0x35)]
    [InlineData("&", 0x45)]
    [InlineData("!=", 0x55)]
    [InlineData("s>", 0x65)]
    [InlineData("s>=", 0x75)]
    [InlineData("<", 0xa5)]
    [InlineData("<=", 0xb5)]
    [InlineData("s<", 0xc5)]
    [InlineData("s<=", 0xd5)]
    public void Conditional_jumps_have_their_bytes_in_both_widths_and_from_both_sources(string symbol, int opcode)
    {
        BothWays($"if r1 {symbol} -2 goto +3", $"{opcode:x2}010300feffffff");
        BothWays($"if r1 {symbol} r2 goto -4", $"{opcode | 8:x2}21fcff00000000");
        BothWays($"if w1 {symbol} -2 goto +3", $"{opcode + 1:x2}010300feffffff");
        BothWays($"if w1 {symbol} w2 goto -4", $"{(opcode + 1) | 8:x2}21fcff00000000");
    }

    [Theory]
    [InlineData("goto +0", "0500000000000000")]
    [InlineData("goto -1", "0500ffff00000000")]
    [InlineData("gotol +100000", "06000000a0860100")]
    [InlineData("call bpf_get_local_storage#81", "8500000051000000")]
    [InlineData("call 9999", "850000000f270000")]
    [InlineData("call +2", "8510000002000000")]
    [InlineData("call -1", "85100000ffffffff")]
    [InlineData("call kfunc#7", "8520000007000000")]
    [InlineData("exit", "9500000000000000")]
    public void Other_jumps_calls_and_exit_have_their_bytes(string text, string bytes) => BothWays(text, bytes);

    [Theory]
    [InlineData("r1 = *(u8 *)(r2 + 0)", "7121000000000000")]
    [InlineData("r1 = *(u16 *)(r2 - 2)", "6921feff00000000")]
    [InlineData("r1 = *(u32 *)(r2 + 4)", "6121040000000000")]
    [InlineData("r1 = *(u64 *)(r10 - 8)", "79a1f8ff00000000")]
    [InlineData("r1 = *(s8 *)(r2 + 0)", "9121000000000000")]
    [InlineData("r1 = *(s16 *)(r2 + 0)", "8921000000000000")]
    [InlineData("r1 = *(s32 *)(r2 + 0)", "8121000000000000")]
    [InlineData("*(u8 *)(r1 + 1) = r2", "7321010000000000")]
    [InlineData("*(u16 *)(r1 + 1) = r2", "6b21010000000000")]
    [InlineData("*(u32 *)(r1 + 1) = r2", "6321010000000000")]
    [InlineData("*(u64 *)(r1 - 1) = r2", "7b21ffff00000000")]
    [InlineData("*(u8 *)(r1 + 1) = 7", "7201010007000000")]
    [InlineData("*(u16 *)(r1 + 1) = 7", "6a01010007000000")]
    [InlineData("*(u32 *)(r1 + 1) = 7", "6201010007000000")]
    [InlineData("*(u64 *)(r1 + 1) = -7", "7a010100f9ffffff")]
    [InlineData("r0 = *(u8 *)skb[14]", "300000000e000000")]
    [InlineData("r0 = *(u16 *)skb[r3]", "4830000000000000")]
    [InlineData("r0 = *(u32 *)skb[r3 - 4]", "40300000fcffffff")]
    public void Loads_and_stores_have_their_bytes(string text, string bytes) => BothWays(text, bytes);

    [Theory]
    [InlineData("lock *(u64 *)(r1 + 8) += r2", "db21080000000000")]
    [InlineData("lock *(u32 *)(r1 + 8) += w2", "c321080000000000")]
    [InlineData("lock *(u64 *)(r1 + 8) |= r2", "db21080040000000")]
    [InlineData("lock *(u64 *)(r1 + 8) &= r2", "db21080050000000")]
    [InlineData("lock *(u64 *)(r1 + 8) ^= r2", "db210800a0000000")]
    [InlineData("r2 = atomic_fetch_add((u64 *)(r1 + 8), r2)", "db21080001000000")]
    [InlineData("w2 = atomic_fetch_or((u32 *)(r1 + 8), w2)", "c321080041000000")]
    [InlineData("r2 = atomic_fetch_and((u64 *)(r1 + 8), r2)", "db21080051000000")]
    [InlineData("r2 = atomic_fetch_xor((u64 *)(r1 + 8), r2)", "db210800a1000000")]
    [InlineData("r2 = xchg_64(r1 + 8, r2)", "db210800e1000000")]
    [InlineData("w2 = xchg32_32(r1 - 8, w2)", "c321f8ffe1000000")]
    [InlineData("r0 = cmpxchg_64(r1 + 8, r0, r2)", "db210800f1000000")]
    [InlineData("w0 = cmpxchg32_32(r1 + 8, w0, w2)", "c3210800f1000000")]
    [InlineData("r2 = load_acquire((u64 *)(r1 + 8))", "db12080000010000")]
    [InlineData("w2 = load_acquire((u8 *)(r1 + 8))", "d312080000010000")]
    [InlineData("w2 = load_acquire((u16 *)(r1 + 8))", "cb12080000010000")]
    [InlineData("store_release((u32 *)(r1 + 8), w2)", "c321080010010000")]
    [InlineData("store_release((u64 *)(r1 + 8), r2)", "db21080010010000")]
    public void Atomics_have_their_bytes(string text, string bytes) => BothWays(text, bytes);

    [Theory]
    [InlineData("r1 = 0x1122334455667788 ll", "18010000887766550000000044332211")]
    [InlineData("r1 = map[fd:3] ll", "18110000030000000000000000000000")]
    [InlineData("r1 = map_value[fd:3 + 16] ll", "18210000030000000000000010000000")]
    [InlineData("r1 = var[7] ll", "18310000070000000000000000000000")]
    [InlineData("r1 = func[+1] ll", "18410000010000000000000000000000")]
    [InlineData("r1 = map[idx:2] ll", "18510000020000000000000000000000")]
    [InlineData("r1 = map_value[idx:2 + 4] ll", "18610000020000000000000004000000")]
    public void Immediate_loads_of_64_bits_take_two_slots(string text, string bytes) => BothWays(text, bytes);

    [Theory]
    [InlineData("r1 = 0x10", "r1 = 16")]
    [InlineData("r1 = -1 ll", "r1 = 0xffffffffffffffff ll")]
    [InlineData("w1 = 0xffffffff", "w1 = -1")]
    [InlineData("w1 = *(u32 *)(r2 + 0)", "r1 = *(u32 *)(r2 + 0)")]
    [InlineData("*(u32 *)(r0 + 4) = w1", "*(u32 *)(r0 + 4) = r1")]
    [InlineData("r1 = *(u64 *)(r2)", "r1 = *(u64 *)(r2 + 0)")]
    [InlineData("goto pc+3", "goto +3")]
    [InlineData("call pc-2", "call -2")]
    [InlineData("call bpf_get_local_storage", "call bpf_get_local_storage#81")]
    [InlineData("call bpf_something_newer#4000", "call 4000")]
    [InlineData("12: (79) r1 = *(u64 *)(r10 -8)", "r1 = *(u64 *)(r10 - 8)")]
    [InlineData("3: (0f) r1 += r2   ; R1_w=2", "r1 += r2")]
    [InlineData("r2 = atomic64_xchg((u64 *)(r1 +0), r2)", "r2 = xchg_64(r1 + 0, r2)")]
    [InlineData("r0 = atomic_cmpxchg((u32 *)(r1 +0), r0, r2)", "w0 = cmpxchg32_32(r1 + 0, w0, w2)")]
    [InlineData("r2 = atomic64_fetch_add((u64 *)(r1 +0), r2)", "r2 = atomic_fetch_add((u64 *)(r1 + 0), r2)")]
    [InlineData("exit // done", "exit")]
    [InlineData("exit # done", "exit")]
    public void Other_spellings_mean_the_same(string text, string canonical) =>
        Disassembler.ToText(Assembled(text)).Should().Be(canonical + "\n");

    private static void BothWays(string text, string bytes)
    {
        Convert.ToHexStringLower(Bytecode.Encode(Assembled(text))).Should().Be(bytes);
        Disassembler.ToText(Bytecode.Decode(Convert.FromHexString(bytes))).Should().Be(text + "\n");
    }

    private static Instruction[] Assembled(string text)
    {
        var result = Assembler.Assemble(text);
        result.Error.Should().BeNull();
        return result.Instructions!;
    }
}
