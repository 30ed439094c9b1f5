using Conformance.ReferenceVm.Isa;

namespace Conformance.Tests.ReferenceVm.Isa;

public sealed class BytecodeTests
{
    [Fact]
    public void A_slot_is_read_little_endian_with_the_destination_in_the_low_half_of_byte_1() =>
        Bytecode
            .Decode([0x7b, 0x1a, 0xf8, 0xff, 0x01, 0x02, 0x03, 0x84])
            .Should()
            .Equal(new Instruction(0x7b, 10, 1, -8, unchecked((int)0x84030201)));

    [Fact]
    public void An_incomplete_slot_is_located()
    {
        Bytecode.TryDecode(new byte[19], out _, out var error).Should().BeFalse();
        error.Should().Be("bytecode of 19 bytes is not a multiple of 8: slot 2, at byte 16, has only 3");
    }

    [Fact]
    public void No_bytes_are_no_instructions() => Bytecode.Decode([]).Should().BeEmpty();
}
