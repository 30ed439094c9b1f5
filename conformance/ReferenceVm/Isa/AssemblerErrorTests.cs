using Conformance.ReferenceVm.Isa;

namespace Conformance.Tests.ReferenceVm.Isa;

/// <summary>A mistake in a text is one message with a line and a column.</summary>
public sealed class AssemblerErrorTests
{
    [Theory]
    [InlineData("frobnicate r1", 1, "unknown mnemonic 'frobnicate'")]
    [InlineData("r1 = frobnicate r1", 6, "unknown mnemonic 'frobnicate'")]
    [InlineData("r11 = 0", 1, "there is no register r11: registers are r0 to r10, or w0 to w10 for their lower halves")]
    [InlineData(
        "r1 += w11",
        7,
        "there is no register w11: registers are r0 to r10, or w0 to w10 for their lower halves"
    )]
    [InlineData("r1 += w2", 7, "w2 has 32 bits where 64 are meant: r2")]
    [InlineData("if w1 == r2 goto +0", 10, "r2 has 64 bits where 32 are meant: w2")]
    [InlineData(
        "r1 = 0x100000000",
        6,
        "immediate 4294967296 is out of range: -2147483648 to 2147483647 fit here, 64 bits with a following 'll'"
    )]
    [InlineData("r1 += 0xffffffff", 7, "immediate 4294967295 is out of range: -2147483648 to 2147483647 fit here")]
    [InlineData("w1 += -2147483649", 7, "immediate -2147483649 is out of range: -2147483648 to 4294967295 fit here")]
    [InlineData("r1 = 18446744073709551616 ll", 6, "'18446744073709551616' is not a number of at most 64 bits")]
    [InlineData("r1 = 12abc", 6, "'12abc' is not a number of at most 64 bits")]
    [InlineData("r1 = *(u64 *)(r2 + 32768)", 18, "offset 32768 is out of range: -32768 to 32767 fit")]
    [InlineData("goto nowhere", 6, "undefined label 'nowhere'")]
    [InlineData("call nowhere", 6, "'nowhere' is neither a label nor a known helper")]
    [InlineData("r1 = func[nowhere] ll", 11, "undefined label 'nowhere'")]
    [InlineData("goto +32768", 6, "jump too far: distance +32768, where -32768 to 32767 fit (gotol reaches further)")]
    [InlineData("r1 +=", 6, "missing operand")]
    [InlineData("r1 =", 5, "missing operand after '='")]
    [InlineData("goto", 5, "missing operand: expected a label or a distance such as +3")]
    [InlineData("r1", 3, "expected '=' or an operation such as '+=', found end of line")]
    [InlineData("exit exit", 6, "unexpected 'exit' after the instruction")]
    [InlineData("r0 = 3; exit", 7, "unexpected ';'")]
    [InlineData("r1 = -r2", 7, "a negation works in place: r1, not r2")]
    [InlineData("r1 = be16 r2", 11, "a byte swap works in place: r1, not r2")]
    [InlineData("w1 = (s32)w2", 7, "s32 extends to 64 bits: r1, not w1")]
    [InlineData("*(s8 *)(r1 + 0) = r2", 3, "s8 is a type of loads: only they extend the sign")]
    [InlineData("*(u64 *)(r1 + 0) = w2", 20, "a 64-bit store needs r2, not w2")]
    [InlineData("lock *(u8 *)(r1 + 0) += r2", 8, "atomic operations have 32 or 64 bits, not u8")]
    [InlineData(
        "r3 = atomic_fetch_add((u64 *)(r1 + 0), r2)",
        1,
        "atomic_fetch_add leaves the old value in its operand: r2, not r3"
    )]
    [InlineData(
        "r0 = cmpxchg_64(r1 + 0, r3, r2)",
        25,
        "cmpxchg_64 compares with r0 and leaves the old value there, not in r3"
    )]
    [InlineData("call bpf_get_local_storage#80", 28, "bpf_get_local_storage is helper 81, not 80")]
    [InlineData("r1: exit", 1, "r1 is a register and cannot be a label")]
    [InlineData("r1 = map[] ll", 10, "expected the name of a map, fd:N or idx:N, found ']'")]
    [InlineData("r1 = map[storage]", 18, "expected 'll', found end of line")]
    [InlineData(".raw 85 00", 11, "expected 8 bytes of two hex digits, found end of line in place of byte 3")]
    [InlineData("r1 = \"x\"", 6, "unexpected '\"'")]
    public void A_mistake_is_named_and_located(string text, int column, string message) =>
        Assembler.Assemble($"r0 = 0\n{text}").Error.Should().Be(new AssemblyError(message, 2, column));

    [Fact]
    public void A_label_defined_twice_is_located_at_the_second_definition() =>
        Assembler
            .Assemble("a: r0 = 0\nexit\na: exit")
            .Error.Should()
            .Be(new AssemblyError("label 'a' is already defined in line 1", 3, 1));

    [Fact]
    public void A_label_out_of_reach_is_located_at_the_jump()
    {
        var text = "if r1 == 0 goto far\n" + string.Concat(Enumerable.Repeat("r0 = 0\n", 32768)) + "far: exit";
        Assembler
            .Assemble(text)
            .Error.Should()
            .Be(new AssemblyError("jump too far: label 'far', +32768 slots away, where -32768 to 32767 fit", 1, 17));
        Assembler.Assemble(text.Replace("if r1 == 0 goto", "gotol")).Error.Should().BeNull();
    }
}
