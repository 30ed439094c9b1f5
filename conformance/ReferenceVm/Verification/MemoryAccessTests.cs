using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.ReferenceVm.Verification;

public class MemoryAccessTests
{
    private const uint StrictAlignment = 1;
    private const uint ReadOnlyForPrograms = 0x80;
    private const uint WriteOnlyForPrograms = 0x100;
    private const string Negative = "R0 min value is negative, either use unsigned index or do a if (index >=0) check.";

    private static VerifierWorld World => VerifierWorld.WithStorage();

    [Fact]
    public void The_result_needs_no_null_check() => World.Accepts(WithStorage("r1 = *(u64 *)(r0 + 56)"));

    [Theory]
    [InlineData("if r0 != 0 goto +1\nr1 = *(u64 *)(r9 + 0)")]
    [InlineData("if r0 == 0 goto +1\ngoto +1\nr1 = *(u64 *)(r9 + 0)")]
    [InlineData("r8 = 0\nif r0 != r8 goto +1\nr1 = *(u64 *)(r9 + 0)")]
    [InlineData("r8 = 0\nif r8 != r0 goto +1\nr1 = *(u64 *)(r9 + 0)")]
    public void The_arm_for_null_is_dead_code(string check) => World.Accepts(WithStorage(check));

    [Fact]
    public void The_low_half_of_a_pointer_may_be_zero() =>
        World.Refuses(WithStorage("if w0 != 0 goto +1\nr1 = *(u64 *)(r9 + 0)"), Errno.EACCES, "R9 !read_ok");

    [Fact]
    public void Pointers_of_earlier_calls_stay_valid() =>
        World.Accepts(
            WithStorage("r7 = r0\nr1 = map[percpu] ll\nr2 = 0\ncall 81\nr1 = *(u64 *)(r7 + 0)\nr1 = *(u64 *)(r0 + 0)")
        );

    [Theory]
    [InlineData(64, "r1 = *(u64 *)(r0 + 57)", 57, 8)]
    [InlineData(64, "*(u32 *)(r0 + 256) = 0", 256, 4)]
    [InlineData(64, "r1 = *(u32 *)(r0 - 2)", -2, 4)]
    [InlineData(7, "r1 = *(u64 *)(r0 + 0)", 0, 8)]
    [InlineData(7, "r1 = *(u8 *)(r0 + 7)", 7, 1)]
    [InlineData(64, "r0 += 60\nr1 = *(u64 *)(r0 + 0)", 60, 8)]
    public void Constant_offsets_must_lie_in_the_value(int valueSize, string access, int offset, int size) =>
        VerifierWorld
            .WithStorage(valueSize)
            .Refuses(
                WithStorage(access),
                Errno.EACCES,
                $"invalid access to map value, value_size={valueSize} off={offset} size={size}\n"
                    + "R0 min value is outside of the allowed memory range"
            );

    [Fact]
    public void The_bound_is_the_value_size_itself() =>
        VerifierWorld.WithStorage(7).Accepts(WithStorage("r1 = *(u32 *)(r0 + 3)"));

    [Fact]
    public void A_pointer_may_leave_the_value_and_come_back() =>
        World.Accepts(WithStorage("r0 += 1000\nr0 += -1000\nr1 = *(u64 *)(r0 + 0)"));

    [Fact]
    public void The_greatest_variable_offset_counts() =>
        World.Refuses(
            WithStorage("r6 &= 63\nr0 += r6\nr1 = *(u64 *)(r0 + 0)"),
            Errno.EACCES,
            "invalid access to map value, value_size=64 off=63 size=8\nR0 max value is outside of the allowed memory range"
        );

    [Theory]
    [InlineData("r6 &= 7\nr0 += r6\nr1 = *(u64 *)(r0 + 0)")]
    [InlineData("if r6 > 56 goto out\nr0 += r6\nr1 = *(u64 *)(r0 + 0)")]
    [InlineData("if r6 s< 0 goto out\nif r6 s> 56 goto out\nr0 += r6\nr1 = *(u64 *)(r0 + 0)")]
    [InlineData("w6 &= 15\nr6 <<= 2\nr0 += r6\nr1 = *(u32 *)(r0 + 0)")]
    [InlineData("r7 = r6\nif r7 > 56 goto out\nr0 += r6\nr1 = *(u64 *)(r0 + 0)")]
    public void Bounded_offsets_are_accepted(string access) => World.Accepts(WithStorage(access));

    [Fact]
    public void Unbounded_offsets_are_refused()
    {
        World.Refuses(
            WithStorage("r0 += r6"),
            Errno.EINVAL,
            "math between map_value pointer and register with unbounded min value is not allowed"
        );
        World.Refuses(
            WithStorage("r0 += 7\nr6 &= 7\nr0 -= r6\nr1 = *(u8 *)(r0 + 0)"),
            Errno.EACCES,
            "R0 unbounded memory access, make sure to bounds check any such access"
        );
        World.Refuses(
            WithStorage("if r6 s> 8 goto out\nif r6 s< -8 goto out\nr0 += r6\nr1 = *(u8 *)(r0 + 0)"),
            Errno.EACCES,
            Negative
        );
        World.Refuses(
            WithStorage("r6 = 536870912\nr0 += r6"),
            Errno.EINVAL,
            "math between map_value pointer and 536870912 is not allowed"
        );
    }

    [Theory]
    [InlineData("r0 *= 2", "R0 pointer arithmetic with *= operator prohibited")]
    [InlineData("r0 <<= 2", "R0 pointer arithmetic with <<= operator prohibited")]
    [InlineData("r0 &= 8", "R0 bitwise operator &= on pointer prohibited")]
    [InlineData("r0 ^= 8", "R0 bitwise operator ^= on pointer prohibited")]
    [InlineData("w0 += 8", "R0 32-bit pointer arithmetic prohibited")]
    [InlineData("r7 = 1\nr7 -= r0", "R7 tried to subtract pointer from scalar")]
    [InlineData("r7 = r10\nr7 -= 8", "R7 subtraction from stack pointer prohibited")]
    [InlineData("r7 = r0\nr7 += r0", "R7 pointer += pointer prohibited")]
    public void Only_adding_and_subtracting_keeps_a_pointer(string arithmetic, string message) =>
        World.Refuses(WithStorage(arithmetic), Errno.EACCES, message);

    [Fact]
    public void The_difference_of_pointers_is_a_number_for_those_who_may_leak_them()
    {
        World.Accepts(WithStorage("r7 = r0\nr7 -= r0\nr0 = r7"));
        Unprivileged().Refuses(WithStorage("r7 = r0\nr7 -= r0"), Errno.EACCES, "R7 pointer -= pointer prohibited");
    }

    [Fact]
    public void Plain_accesses_need_alignment_in_strict_mode_only()
    {
        World.Accepts(WithStorage("r1 = *(u64 *)(r0 + 1)"));
        new VerifierWorld { Flags = StrictAlignment }
            .WithStorages(64)
            .Refuses(WithStorage("r1 = *(u64 *)(r0 + 1)"), Errno.EACCES, "misaligned value access off 0+0+1 size 8");
    }

    [Theory]
    [InlineData("lock *(u64 *)(r0 + 4) += r6", "misaligned value access off 0+0+4 size 8")]
    [InlineData("r0 += 2\nlock *(u32 *)(r0 + 0) += r6", "misaligned value access off 0+2+0 size 4")]
    [InlineData(
        "r7 = r6\nr7 &= 4\nr0 += r7\nlock *(u64 *)(r0 + 0) += r6",
        "misaligned value access off (0x0; 0x4)+0+0 size 8"
    )]
    [InlineData("r1 = load_acquire((u64 *)(r0 + 4))", "misaligned value access off 0+0+4 size 8")]
    public void Atomic_accesses_always_need_alignment(string access, string message) =>
        World.Refuses(WithStorage(access), Errno.EACCES, message);

    [Theory]
    [InlineData(".raw db 60 00 00 00 00 00 00", "")]
    [InlineData(".raw d3 60 00 00 00 00 00 00", "invalid atomic operand size")]
    [InlineData(".raw cb 60 00 00 00 00 00 00", "invalid atomic operand size")]
    [InlineData(".raw db 60 00 00 20 00 00 00", "BPF_ATOMIC uses invalid atomic opcode 20")]
    public void Atomic_operations_have_two_sizes_and_ten_kinds(string access, string message)
    {
        if (message.Length == 0)
            World.Accepts(WithStorage(access));
        else
            World.Refuses(WithStorage(access), Errno.EINVAL, message);
    }

    [Theory]
    [InlineData(ReadOnlyForPrograms, "*(u64 *)(r0 + 0) = 1", "write into map forbidden, value_size=64 off=0 size=8")]
    [InlineData(
        ReadOnlyForPrograms,
        "lock *(u64 *)(r0 + 0) += r6",
        "write into map forbidden, value_size=64 off=0 size=8"
    )]
    [InlineData(WriteOnlyForPrograms, "r1 = *(u64 *)(r0 + 0)", "read from map forbidden, value_size=64 off=0 size=8")]
    [InlineData(
        WriteOnlyForPrograms,
        "lock *(u64 *)(r0 + 0) += r6",
        "read from map forbidden, value_size=64 off=0 size=8"
    )]
    public void Flags_of_the_map_limit_programs(uint flags, string access, string message) =>
        VerifierWorld.WithStorage(64, flags).Refuses(WithStorage(access), Errno.EACCES, message);

    [Fact]
    public void Pointers_may_be_stored_by_those_who_may_leak_them()
    {
        World.Accepts(WithStorage("*(u64 *)(r0 + 0) = r0\n*(u32 *)(r0 + 8) = r10"));
        Unprivileged().Refuses(WithStorage("*(u64 *)(r0 + 0) = r0"), Errno.EACCES, "R0 leaks addr into map");
        Unprivileged()
            .Refuses(WithStorage("r7 = r0\nr7 = xchg_64(r0 + 0, r7)"), Errno.EACCES, "R7 leaks addr into mem");
        Unprivileged().Refuses(WithStorage("if r0 > 5 goto out"), Errno.EACCES, "R0 pointer comparison prohibited");
        Unprivileged().Accepts(WithStorage("if r0 == 0 goto out"));
        Unprivileged()
            .Refuses("r1 = map[storage] ll\nr2 = 0\ncall 81\nexit", Errno.EACCES, "R0 leaks addr as return value");
    }

    [Fact]
    public void A_pointer_read_back_from_a_map_is_a_number() =>
        World.Refuses(
            WithStorage("*(u64 *)(r0 + 0) = r0\nr1 = *(u64 *)(r0 + 0)\nr2 = *(u64 *)(r1 + 0)"),
            Errno.EACCES,
            "R1 invalid mem access 'scalar'"
        );

    [Fact]
    public void A_spilled_pointer_is_one_again_when_filled()
    {
        World.Accepts(WithStorage("*(u64 *)(r10 - 8) = r0\nr1 = *(u64 *)(r10 - 8)\nr2 = *(u64 *)(r1 + 56)"));
        World.Refuses(
            WithStorage("*(u64 *)(r10 - 8) = r0\n*(u8 *)(r10 - 8) = 0\nr1 = *(u64 *)(r10 - 8)\nr2 = *(u64 *)(r1 + 0)"),
            Errno.EACCES,
            "R1 invalid mem access 'scalar'"
        );
        World.Refuses(WithStorage("*(u32 *)(r10 - 8) = r0"), Errno.EACCES, "invalid size of register spill");
        World.Refuses(
            WithStorage("*(u64 *)(r10 - 8) = r0\nr1 = *(u32 *)(r10 - 8)"),
            Errno.EACCES,
            "invalid size of register fill"
        );
    }

    [Theory]
    [InlineData("r1 = *(u64 *)(r10 - 516)", "misaligned stack access off 0+0+-516 size 8")]
    [InlineData("r1 = *(u64 *)(r10 - 520)", "invalid read from stack R10 off=-520 size=8")]
    [InlineData("*(u64 *)(r10 - 520) = 0", "invalid write to stack R10 off=-520 size=8")]
    [InlineData("*(u64 *)(r10 + 0) = 0", "invalid write to stack R10 off=0 size=8")]
    [InlineData(
        "r6 &= 8\nr1 = r10\nr1 += r6\nr1 += -8\n*(u64 *)(r1 + 0) = 0",
        "invalid variable-offset write to stack R1 var_off=(0x0; 0x8) off=-8 size=8",
        Errno.EINVAL
    )]
    [InlineData("r1 = r10\nr1 = *(u64 *)(r1 + 8)", "invalid read from stack R1 off=8 size=8")]
    public void The_stack_has_512_bytes(string access, string message, Errno errno = Errno.EACCES) =>
        World.Refuses(WithStorage(access), errno, message);

    [Fact]
    public void Unwritten_stack_is_read_only_by_those_who_may_leak_pointers()
    {
        World.Accepts(WithStorage("r1 = *(u64 *)(r10 - 8)"));
        Unprivileged()
            .Refuses(
                WithStorage("*(u8 *)(r10 - 16) = 0\nr1 = *(u64 *)(r10 - 8)"),
                Errno.EACCES,
                "invalid read from stack off -8+0 size 8"
            );
    }

    [Fact]
    public void The_bytes_of_a_lock_are_not_accessible()
    {
        var world = VerifierWorld.WithStorage(64, spinLockOffset: 8);
        world.Accepts(WithStorage("*(u64 *)(r0 + 0) = 1\n*(u32 *)(r0 + 12) = 1"));
        world.Refuses(
            WithStorage("*(u64 *)(r0 + 8) = 1"),
            Errno.EACCES,
            "bpf_spin_lock cannot be accessed directly by load/store"
        );
        world.Refuses(
            WithStorage("r1 = *(u8 *)(r0 + 11)"),
            Errno.EACCES,
            "bpf_spin_lock cannot be accessed directly by load/store"
        );
    }

    [Fact]
    public void The_pointer_may_be_key_and_value_of_other_maps()
    {
        World.Accepts(WithStorage("r2 = r0\nr3 = r0\nr4 = 0\nr1 = map[hash] ll\ncall 2"));
        World.Refuses(
            WithStorage("r2 = r0\nr3 = r0\nr3 += 57\nr4 = 0\nr1 = map[hash] ll\ncall 2"),
            Errno.EACCES,
            "invalid access to map value, value_size=64 off=57 size=8\nR3 min value is outside of the allowed memory range"
        );
    }

    [Fact]
    public void The_map_itself_is_no_memory()
    {
        World.Refuses(
            WithStorage("r1 = map[storage] ll\n*(u64 *)(r1 + 0) = 1"),
            Errno.EACCES,
            "only read from bpf_cgroup_storage_map is supported"
        );
        Unprivileged()
            .Refuses(
                WithStorage("r1 = map[storage] ll\nr1 = *(u64 *)(r1 + 0)"),
                Errno.EPERM,
                "'struct bpf_cgroup_storage_map' access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN"
            );
    }

    [Fact]
    public void Elements_of_other_maps_need_a_null_check()
    {
        const string lookup = "*(u32 *)(r10 - 8) = 1\nr2 = r10\nr2 += -8\nr1 = map[hash] ll\ncall 1\n";
        World.Accepts(lookup + "if r0 == 0 goto out\nr1 = *(u64 *)(r0 + 0)\nout:\nr0 = 1\nexit");
        World.Refuses(
            lookup + "r1 = *(u64 *)(r0 + 0)\nr0 = 1\nexit",
            Errno.EACCES,
            "R0 invalid mem access 'map_value_or_null'"
        );
        World.Refuses(
            lookup + "r0 += 8\nr0 = 1\nexit",
            Errno.EACCES,
            "R0 pointer arithmetic on map_value_or_null prohibited, null-check it first"
        );
        World.Accepts(
            lookup.Replace("hash", "array", StringComparison.Ordinal) + "r1 = *(u64 *)(r0 + 8)\nr0 = 1\nexit"
        );
    }

    private static VerifierWorld Unprivileged() => new VerifierWorld { CanLeakPointers = false }.WithStorages(64);

    // r0: the storage; r6: an unknown number.
    private static string WithStorage(string then) =>
        $"call 5\nr6 = r0\nr1 = map[storage] ll\nr2 = 0\ncall 81\n{then}\nout:\nr0 = 1\nexit";

    [Theory]
    [InlineData("r2 += -4", Errno.EINVAL, "invalid variable-offset write to stack R2 var_off=(0x0; 0x7) off=-4 size=1")]
    [InlineData(
        "r2 += -514",
        Errno.EACCES,
        "invalid variable-offset write to stack R2 var_off=(0x0; 0x7) off=-514 size=1"
    )]
    public void Above_the_stack_is_another_errno_than_below(string move, Errno errno, string message) =>
        World.Refuses(
            $"call 7\nr7 = r0\nr7 &= 7\nr2 = r10\n{move}\nr2 += r7\n*(u8 *)(r2 + 0) = 1\nr0 = 1\nexit",
            errno,
            message
        );

    [Fact]
    public void A_write_at_a_variable_offset_leaves_nothing_of_a_spill_but_bytes() =>
        World.Accepts(
            "call 7\nr7 = r0\nr7 &= 3\n*(u16 *)(r10 - 8) = 5\nr2 = r10\nr2 += -7\nr2 += r7\n*(u8 *)(r2 + 0) = r7\nr1 = *(u64 *)(r10 - 8)\nr0 = 1\nexit"
        );

    [Fact]
    public void A_packet_pointer_beyond_the_end_stays_there()
    {
        var world = VerifierWorld.Of(ProgramType.CgroupSkb, AttachType.CgroupInetEgress);
        const string source =
            "r2 = *(u32 *)(r1 + 76)\nr3 = *(u32 *)(r1 + 80)\nr4 = r2\nr4 += 8\nif r4 > r3 goto beyond\nr0 = 1\nexit\nbeyond:\n";
        world.Accepts(source + "if r4 <= r3 goto bad\nr0 = 1\nexit\nbad:\nr0 = *(u8 *)(r9 + 0)\nexit");
        world.Refuses(
            source + "r0 = *(u8 *)(r4 - 1)\nr0 = 1\nexit",
            Errno.EINVAL,
            "R4 offset is outside of the packet"
        );
    }
}
