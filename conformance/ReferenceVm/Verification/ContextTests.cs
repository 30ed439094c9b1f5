using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Isa;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.ReferenceVm.Verification;

public class ContextTests
{
    private const string LoadPacket = "r2 = *(u32 *)(r1 + 76)\nr3 = *(u32 *)(r1 + 80)\n";

    private static VerifierWorld Packets => VerifierWorld.Of(ProgramType.CgroupSkb, AttachType.CgroupInetEgress);

    private static VerifierWorld Options => VerifierWorld.Of(ProgramType.CgroupSockopt, AttachType.CgroupSetsockopt);

    [Theory]
    [InlineData("r0 = *(u32 *)(r1 + 1000)", "invalid bpf_context access off=1000 size=4")]
    [InlineData("r0 = *(u64 *)(r1 + 0)", "invalid bpf_context access off=0 size=8")]
    [InlineData("*(u32 *)(r1 + 0) = 1", "invalid bpf_context access off=0 size=4")]
    [InlineData("r1 += 4\nr0 = *(u32 *)(r1 + 0)", "dereference of modified ctx ptr R1 off=4 disallowed")]
    [InlineData("r1 += -4\nr0 = *(u32 *)(r1 + 4)", "negative offset ctx ptr R1 off=-4 disallowed")]
    [InlineData(
        "r6 = r1\ncall 7\nr0 &= 4\nr6 += r0\nr0 = *(u32 *)(r6 + 0)",
        "variable ctx access var_off=(0x0; 0x4) disallowed"
    )]
    [InlineData("r2 = 1\nlock *(u32 *)(r1 + 8) += r2", "BPF_ATOMIC stores into R1 ctx is not allowed")]
    public void Accesses_outside_the_fields_are_refused(string access, string message) =>
        Packets.Refuses($"{access}\nr0 = 1\nexit", Errno.EACCES, message);

    [Fact]
    public void Fields_are_read_and_written() =>
        Packets.Accepts("r0 = *(u32 *)(r1 + 0)\nr0 = *(u8 *)(r1 + 9)\n*(u32 *)(r1 + 8) = 7\nr0 = 1\nexit");

    [Fact]
    public void Loads_of_pointers_become_loads_of_their_slots()
    {
        var program = Packets.Accepts($"{LoadPacket}r0 = 1\nexit").Program;
        var layout = ProgramTypes.Of(ProgramType.CgroupSkb).Context;
        var load = Opcode.Of(InstructionClass.LoadRegister, AddressMode.Memory, OperandSize.DoubleWord);
        program.Instructions[0].Should().Be(new Instruction(load, 2, 1, (short)layout.Field("data").PointerSlot, 0));
        program
            .Instructions[1]
            .Should()
            .Be(new Instruction(load, 3, 1, (short)layout.Field("data_end").PointerSlot, 0));
    }

    [Theory]
    [InlineData("r4 = r2\nr4 += 8\nif r4 > r3 goto out\nr0 = *(u64 *)(r2 + 0)")]
    [InlineData("r4 = r2\nr4 += 8\nif r3 < r4 goto out\nr0 = *(u64 *)(r2 + 0)")]
    [InlineData("r4 = r2\nr4 += 7\nif r4 >= r3 goto out\nr0 = *(u64 *)(r2 + 0)")]
    [InlineData("r4 = r2\nr4 += 8\nif r4 <= r3 goto +1\ngoto out\nr0 = *(u64 *)(r2 + 0)")]
    public void Comparisons_with_the_end_prove_bytes(string access) =>
        Packets.Accepts($"{LoadPacket}{access}\nout:\nr0 = 1\nexit");

    [Fact]
    public void A_variable_part_is_proved_with_its_own_comparison() =>
        Packets.Accepts(
            $"{LoadPacket}r6 = r2\nr7 = r3\ncall 7\nr0 &= 15\nr6 += r0\nr4 = r6\nr4 += 4\nif r4 > r7 goto out\nr0 = *(u32 *)(r6 + 0)\nout:\nr0 = 1\nexit"
        );

    [Theory]
    [InlineData(
        "r0 = *(u8 *)(r2 + 0)",
        "invalid access to packet, off=0 size=1, R2(id=0,off=0,r=0)\nR2 offset is outside of the packet"
    )]
    [InlineData(
        "r4 = r2\nr4 += 8\nif r4 > r3 goto out\nr0 = *(u64 *)(r2 + 1)",
        "invalid access to packet, off=1 size=8, R2(id=0,off=1,r=8)\nR2 offset is outside of the packet"
    )]
    [InlineData(
        "r4 = r2\nr4 += 8\nif r4 > r3 goto +1\ngoto out\nr0 = *(u64 *)(r2 + 0)",
        "invalid access to packet, off=0 size=8, R2(id=0,off=0,r=0)\nR2 offset is outside of the packet"
    )]
    [InlineData("r4 = r2\nr4 += 8\nif r4 > r3 goto out\n*(u8 *)(r2 + 0) = 1", "cannot write into packet")]
    [InlineData("r3 += 8", "R3 pointer arithmetic on pkt_end prohibited")]
    [InlineData("r0 = *(u8 *)(r3 - 1)", "R3 invalid mem access 'pkt_end'")]
    public void Bytes_that_were_not_proved_are_refused(string access, string message) =>
        Packets.Refuses($"{LoadPacket}{access}\nout:\nr0 = 1\nexit", Errno.EACCES, message);

    [Fact]
    public void Socket_option_values_may_be_written() =>
        Options.Accepts(
            "r2 = *(u64 *)(r1 + 8)\nr3 = *(u64 *)(r1 + 16)\nr4 = r2\nr4 += 4\nif r4 > r3 goto out\n*(u32 *)(r2 + 0) = 7\nout:\nr0 = 1\nexit"
        );

    [Fact]
    public void Fields_belong_to_attach_types() =>
        Options.Refuses(
            "r0 = *(u32 *)(r1 + 36)\nr0 = 1\nexit",
            Errno.EACCES,
            "invalid bpf_context access off=36 size=4"
        );

    [Fact]
    public void Sockets_are_read_and_not_written()
    {
        Options.Accepts("r2 = *(u64 *)(r1 + 0)\nr3 = *(u32 *)(r2 + 4)\nr0 = 1\nexit");
        Options.Refuses(
            "r2 = *(u64 *)(r1 + 0)\n*(u32 *)(r2 + 4) = 1\nr0 = 1\nexit",
            Errno.EACCES,
            "R2 cannot write into sock"
        );
        Packets.Refuses(
            "r2 = *(u64 *)(r1 + 168)\nr3 = *(u32 *)(r2 + 4)\nr0 = 1\nexit",
            Errno.EACCES,
            "R2 invalid mem access 'sock_common_or_null'"
        );
        Packets.Accepts("r2 = *(u64 *)(r1 + 168)\nif r2 == 0 goto +1\nr3 = *(u32 *)(r2 + 4)\nr0 = 1\nexit");
    }

    [Fact]
    public void One_instruction_has_one_kind_of_pointer() =>
        Packets.Refuses(
            "r6 = r1\ncall 7\nif r0 == 0 goto +2\nr2 = r6\ngoto +1\nr2 = r10\nr0 = *(u32 *)(r2 - 8)\nr0 = 1\nexit"
                .Replace("r2 - 8", "r2 + 0", StringComparison.Ordinal)
                .Replace("r2 = r10\n", "r2 = r10\nr2 += -8\n", StringComparison.Ordinal)
                .Replace("goto +1\n", "goto +2\n", StringComparison.Ordinal),
            Errno.EINVAL,
            "same insn cannot be used with different pointers"
        );
}
