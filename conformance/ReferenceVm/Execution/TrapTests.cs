using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Isa;

namespace Conformance.Tests.ReferenceVm.Execution;

public sealed class TrapTests : IDisposable
{
    private readonly Guest _guest = new();
    private readonly Guest _unchecked = new(isChecked: false);

    public void Dispose()
    {
        _guest.Dispose();
        _unchecked.Dispose();
    }

    [Theory]
    [InlineData(".raw ff 00 00 00 00 00 00 00", "unknown opcode ff", 0)]
    [InlineData(".raw 00 00 00 00 00 00 00 00", "unknown opcode 00", 0)]
    [InlineData("r0 = 0\n.raw 06 00 00 00 00 00 00 80", "jump out of the program", 1)]
    [InlineData("goto +7\nexit", "jump out of the program", 0)]
    [InlineData("goto -2\nexit", "jump out of the program", 0)]
    [InlineData("r0 = 0\nif r0 == 0 goto +1\nexit", "jump out of the program", 1)]
    [InlineData(".raw 85 10 00 00 ff ff ff 7f", "jump out of the program", 0)]
    [InlineData("r0 = 0", "execution runs off the end of the program", 0)]
    [InlineData("goto +1\nr1 = 0x1 ll\nexit", "execution enters the second slot of a 64-bit immediate load", 2)]
    [InlineData(".raw 18 01 00 00 00 00 00 00", "invalid bpf_ld_imm64 insn", 0)]
    [InlineData(".raw 18 01 00 00 00 00 00 00\nexit", "invalid bpf_ld_imm64 insn", 0)]
    [InlineData(".raw b7 0b 00 00 00 00 00 00", "R11 is invalid", 0)]
    [InlineData(".raw bf f0 00 00 00 00 00 00", "R15 is invalid", 0)]
    [InlineData(".raw b7 0a 00 00 00 00 00 00", "frame pointer is read only", 0)]
    [InlineData("r10 += 8", "frame pointer is read only", 0)]
    [InlineData("r10 = *(u64 *)(r10 - 8)", "frame pointer is read only", 0)]
    [InlineData("r10 = 0x1 ll", "frame pointer is read only", 0)]
    [InlineData("r10 = atomic_fetch_add((u64 *)(r1 + 0), r10)", "frame pointer is read only", 0)]
    [InlineData("r10 = be16 r10", "frame pointer is read only", 0)]
    [InlineData("call 4711", "helper 4711 does not exist", 0)]
    [InlineData(".raw 85 00 00 00 ff ff ff ff", "helper -1 does not exist", 0)]
    [InlineData(".raw 85 20 00 00 01 00 00 00", "calls by BTF id are not part of this machine", 0)]
    [InlineData(".raw 20 00 00 00 00 00 00 00", "legacy packet loads are not part of this machine", 0)]
    [InlineData("r1 = map[any] ll\nexit", "a reference that nothing was put in for", 0)]
    [InlineData(".raw db 01 00 00 02 00 00 00", "BPF_ATOMIC uses invalid atomic opcode 02", 0)]
    [InlineData(".raw cb 01 00 00 00 00 00 00", "invalid atomic operand size", 0)]
    public void What_is_no_instruction_traps_where_it_stands(string source, string message, int index)
    {
        var assembled = Assembler.Assemble(source);
        assembled.Error.Should().BeNull();
        _guest
            .Run(ResolvedProgram.Unverified(assembled.Instructions!))
            .Should()
            .Be(new RunResult(RunStatus.Trapped, 0, message, index));
    }

    [Fact]
    public void An_empty_program_traps() =>
        _guest.Run(ResolvedProgram.Unverified([])).Message.Should().Be("execution runs off the end of the program");

    [Theory]
    [InlineData("r0 = *(u64 *)(r0 + 0)", "load of 8 bytes at 0x0: outside of guest memory")]
    [InlineData("r0 = *(s8 *)(r0 - 1)", "load of 1 bytes at 0xffffffffffffffff: outside of guest memory")]
    [InlineData("*(u16 *)(r0 + 2) = 7", "store of 2 bytes at 0x2: outside of guest memory")]
    [InlineData("lock *(u32 *)(r0 + 4) += r0", "atomic access of 4 bytes at 0x4: outside of guest memory")]
    [InlineData("r0 = load_acquire((u64 *)(r0 + 8))", "load of 8 bytes at 0x8: outside of guest memory")]
    [InlineData("store_release((u8 *)(r0 + 8), r1)", "atomic access of 1 bytes at 0x8: outside of guest memory")]
    public void Access_outside_of_guest_memory_traps_in_either_mode(string source, string message)
    {
        _guest.Trap($"r0 = 0\n{source}\nexit").Should().Be(message);
        _unchecked.Trap($"r0 = 0\n{source}\nexit").Should().Be(message);
    }

    [Theory]
    [InlineData("r0 = *(u8 *)(r10 + 0)")]
    [InlineData("r0 = *(u8 *)(r10 - 513)")]
    [InlineData("r0 = *(u64 *)(r10 - 4)")]
    [InlineData("*(u32 *)(r10 - 514) = 0")]
    [InlineData("lock *(u64 *)(r10 + 0) += r0")]
    [InlineData("r0 = *(u64 *)(r1 + 8)")]
    [InlineData("r0 = *(u16 *)(r1 + 12)")]
    [InlineData("r0 = *(u8 *)(r1 - 1)")]
    public void Access_outside_of_a_live_object_traps_in_the_checked_mode_only(string source)
    {
        var thirteen = _guest.Arena.Allocate(13);
        _guest
            .Trap($"{source}\nexit", run => run.ContextAddress = thirteen)
            .Should()
            .Contain("outside of any live object");
        var same = _unchecked.Arena.Allocate(13);
        _unchecked.Run($"{source}\nexit", run => run.ContextAddress = same).Status.Should().Be(RunStatus.Returned);
    }

    [Theory]
    [InlineData("lock *(u64 *)(r10 - 12) += r0", 8)]
    [InlineData("lock *(u32 *)(r10 - 6) += r0", 4)]
    [InlineData("r0 = load_acquire((u16 *)(r10 - 3))", 2)]
    [InlineData("store_release((u64 *)(r10 - 9), r0)", 8)]
    [InlineData("r0 = cmpxchg_64(r10 - 12, r0, r1)", 8)]
    public void Misaligned_atomics_trap(string source, int size)
    {
        _guest.Trap($"{source}\nexit").Should().Contain($"of {size} bytes").And.Contain("misaligned atomic access");
        _unchecked.Trap($"{source}\nexit").Should().Contain("misaligned atomic access");
    }

    [Theory]
    [InlineData("r0 s/= r1", 0x8000_0000_0000_0000)]
    [InlineData("r0 s%= r1", 0)]
    public void The_one_overflow_of_signed_division_wraps(string source, ulong expected) =>
        _guest.Result($"r0 = 0x8000000000000000 ll\nr1 = -1\n{source}\nexit").Should().Be(expected);

    [Fact]
    public void A_run_that_trapped_leaves_the_cpu_fit_for_the_next()
    {
        _guest.Trap("call f\nexit\nf: r0 = *(u64 *)(r0 + 0)\nexit").Should().StartWith("load");
        _guest.Result("r0 = 1\nexit").Should().Be(1);
    }
}
