using Conformance.Linux;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Tests.Linux;

public class HelperAgeTests
{
    private const string Waits = """
        r1 = 10
        r2 = func[step] ll
        r3 = 0
        r4 = 0
        call bpf_loop#181
        r0 = 1
        exit
        step:
        r0 = 0
        exit
        """;

    [Theory]
    [InlineData("5.16.20", "bpf_loop came with Linux 5.17, and this is 5.16.20")]
    [InlineData("5.17", null)]
    [InlineData("6.18.44", null)]
    public void A_kernel_older_than_a_tool_lacks_it(string kernel, string? missing) =>
        HelperAge.Missing(Code(Waits), kernel).Should().Be(missing);

    [Fact]
    public void A_number_that_is_no_call_of_a_helper_counts_for_nothing() =>
        HelperAge.Missing(Code("r1 = 0x8500000085 ll\ncall bpf_get_local_storage#81\nexit"), "4.19").Should().BeNull();

    private static byte[] Code(string source)
    {
        var assembled = Assembler.Assemble(source);
        assembled.Error.Should().BeNull();
        return Bytecode.Encode(assembled.Instructions);
    }
}
