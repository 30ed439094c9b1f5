using System.Buffers.Binary;
using FsCheck.Xunit;

namespace Conformance.Tests.ReferenceVm.Execution.Instructions;

/// <summary>RFC 9669 section 4.2. The machine is little-endian: <c>le</c> only truncates.</summary>
[Properties(Arbitrary = [typeof(Operands)], MaxTest = 100)]
public sealed class ByteSwapTests
{
    [Property]
    public void Byte_swaps_equal_dotnets(ulong value)
    {
        foreach (var name in (string[])["be", "bswap"])
        {
            Swapped($"{name}16", value).Should().Be(BinaryPrimitives.ReverseEndianness((ushort)value));
            Swapped($"{name}32", value).Should().Be(BinaryPrimitives.ReverseEndianness((uint)value));
            Swapped($"{name}64", value).Should().Be(BinaryPrimitives.ReverseEndianness(value));
        }
    }

    [Property]
    public void Conversions_to_little_endian_truncate(ulong value)
    {
        Swapped("le16", value).Should().Be((ushort)value);
        Swapped("le32", value).Should().Be((uint)value);
        Swapped("le64", value).Should().Be(value);
    }

    [Theory]
    [InlineData("be16", 0x8877)]
    [InlineData("bswap32", 0x88776655)]
    [InlineData("le32", 0x55667788)]
    public void Bytes_above_the_width_become_zero(string name, ulong expected) =>
        Swapped(name, 0x1122334455667788).Should().Be(expected);

    private static ulong Swapped(string name, ulong value) =>
        Interpreted.Value($"r0 = *(u64 *)(r1 + 0)\nr0 = {name} r0\nexit", value);
}
