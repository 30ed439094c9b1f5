using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Tests.ReferenceVm.Verification;

public class ArgumentTests
{
    private const string NonZeroFlags = "get_local_storage() doesn't support non-zero flags";

    private static VerifierWorld World => VerifierWorld.WithStorage();

    [Theory]
    [InlineData(ProgramType.CgroupSkb, AttachType.CgroupInetEgress)]
    [InlineData(ProgramType.CgroupSock, AttachType.CgroupInetSockRelease)]
    [InlineData(ProgramType.SockOps, AttachType.CgroupSockOps)]
    [InlineData(ProgramType.CgroupDevice, AttachType.CgroupDevice)]
    [InlineData(ProgramType.CgroupSockAddr, AttachType.CgroupUdp4Recvmsg)]
    [InlineData(ProgramType.CgroupSysctl, AttachType.CgroupSysctl)]
    [InlineData(ProgramType.CgroupSockopt, AttachType.CgroupGetsockopt)]
    public void The_helper_is_offered_to_the_seven_program_types(ProgramType type, AttachType attachType) =>
        VerifierWorld.Of(type, attachType).Accepts("r1 = map[storage] ll\nr2 = 0\ncall 81\nr0 = 1\nexit");

    [Theory]
    [InlineData(ProgramType.SocketFilter)]
    [InlineData(ProgramType.Kprobe)]
    [InlineData(ProgramType.SchedCls)]
    [InlineData(ProgramType.Tracepoint)]
    [InlineData(ProgramType.Xdp)]
    public void Other_program_types_are_refused_at_the_call(ProgramType type) =>
        VerifierWorld
            .Of(type, default)
            .Refuses(
                "r1 = map[storage] ll\nr2 = 0\ncall 81\nr0 = 0\nexit",
                Errno.EINVAL,
                "program of this type cannot use helper bpf_get_local_storage#81"
            );

    [Theory]
    [InlineData(ProgramType.SocketFilter)]
    [InlineData(ProgramType.Kprobe)]
    [InlineData(ProgramType.Xdp)]
    public void Any_program_type_may_refer_to_the_map(ProgramType type) =>
        VerifierWorld.Of(type, default).Accepts("r1 = map[storage] ll\nr0 = 0\nexit");

    [Theory]
    [InlineData("r1 = 5", "scalar")]
    [InlineData("", "ctx")]
    [InlineData("r1 = r10", "fp")]
    [InlineData("r1 = map[storage] ll\nr2 = 0\ncall 81\nr1 = r0", "map_value")]
    public void The_first_argument_must_be_a_map(string setUp, string type) =>
        World.Refuses($"{setUp}\nr2 = 0\ncall 81\nr0 = 1\nexit", Errno.EACCES, $"R1 type={type} expected=map_ptr");

    [Theory]
    [InlineData("r6 = map[storage] ll\nr1 = r6")]
    [InlineData("r6 = map[storage] ll\n*(u64 *)(r10 - 8) = r6\nr1 = *(u64 *)(r10 - 8)")]
    [InlineData("r1 = map[storage] ll\nr1 += 0")]
    public void A_map_pointer_may_be_moved_spilled_and_have_zero_added(string setUp) =>
        World.Accepts($"{setUp}\nr2 = 0\ncall 81\nr0 = 1\nexit");

    [Theory]
    [InlineData("r1 += 8")]
    [InlineData("r1 -= 0")]
    public void Other_arithmetic_on_a_map_pointer_is_refused(string arithmetic) =>
        World.Refuses(
            $"r1 = map[storage] ll\n{arithmetic}\nr2 = 0\ncall 81\nr0 = 1\nexit",
            Errno.EACCES,
            "R1 pointer arithmetic on map_ptr prohibited"
        );

    [Fact]
    public void Arguments_must_be_initialised()
    {
        World.Refuses(
            "r1 = map[storage] ll\nr2 = 0\ncall 81\nr2 = 0\ncall 81\nr0 = 1\nexit",
            Errno.EACCES,
            "R1 !read_ok"
        );
        World.Refuses("r1 = map[storage] ll\ncall 81\nr0 = 1\nexit", Errno.EACCES, "R2 !read_ok");
    }

    [Fact]
    public void R3_to_R5_are_ignored_and_unreadable_afterwards()
    {
        World.Accepts("r1 = map[storage] ll\nr2 = 0\ncall 81\nr0 = 1\nexit");
        World.Refuses("r5 = 1\nr1 = map[storage] ll\nr2 = 0\ncall 81\nr0 = r5\nexit", Errno.EACCES, "R5 !read_ok");
    }

    [Theory]
    [InlineData("hash", 1)]
    [InlineData("array", 2)]
    [InlineData("programs", 3)]
    public void The_map_must_be_a_storage_map(string map, int type) =>
        World.Refuses(
            $"r1 = map[{map}] ll\nr2 = 0\ncall 81\nr0 = 1\nexit",
            Errno.EINVAL,
            $"cannot pass map_type {type} into func bpf_get_local_storage#81"
        );

    [Fact]
    public void Flags_are_judged_before_the_map() =>
        World.Refuses("r1 = map[hash] ll\nr2 = 1\ncall 81\nr0 = 1\nexit", Errno.EINVAL, NonZeroFlags);

    [Fact]
    public void Without_leave_to_leak_a_pointer_is_no_flags_argument()
    {
        new VerifierWorld { CanLeakPointers = false }
            .WithStorages(64)
            .Refuses(
                "r2 = r1\nr1 = map[storage] ll\ncall 81\nr0 = 1\nexit",
                Errno.EACCES,
                "R2 leaks addr into helper function"
            );
        World.Refuses("r2 = r1\nr1 = map[storage] ll\ncall 81\nr0 = 1\nexit", Errno.EINVAL, NonZeroFlags);
    }

    [Theory]
    [InlineData("r2 = 0")]
    [InlineData("w2 = 0")]
    [InlineData("r2 = 0 ll")]
    [InlineData("r3 = 0x100000000 ll\nw2 = w3")]
    [InlineData("r2 = 5\nr2 ^= r2")]
    [InlineData("r2 = 5\nr2 -= r2")]
    [InlineData("UNKNOWN\nr2 &= 0")]
    [InlineData("UNKNOWN\nr2 *= 0")]
    [InlineData("UNKNOWN\nw2 = w2\nr2 >>= 32")]
    [InlineData("UNKNOWN\nr2 &= 7\nr2 >>= 3")]
    [InlineData("r2 = 0\nr2 = -r2")]
    [InlineData("r2 = 0\nr2 = be32 r2")]
    [InlineData("r3 = 0x100\nr2 = (s8)r3")]
    [InlineData("UNKNOWN\nif r2 != 0 goto out")]
    [InlineData("UNKNOWN\nif r2 > 0 goto out")]
    [InlineData("UNKNOWN\nif r2 >= 1 goto out")]
    [InlineData("UNKNOWN\nif r2 s< 0 goto out\nif r2 s> 0 goto out")]
    [InlineData("UNKNOWN\nw2 = w2\nif w2 != 0 goto out")]
    [InlineData("r3 = 0\n*(u64 *)(r10 - 8) = r3\nr2 = *(u64 *)(r10 - 8)")]
    [InlineData("*(u64 *)(r10 - 8) = 0\nr2 = *(u64 *)(r10 - 8)")]
    [InlineData("*(u64 *)(r10 - 8) = 0\nr2 = *(u32 *)(r10 - 8)")]
    [InlineData("*(u64 *)(r10 - 8) = 0\nr2 = *(u8 *)(r10 - 8)")]
    [InlineData("r3 = 256\n*(u64 *)(r10 - 8) = r3\nr2 = *(u8 *)(r10 - 8)")]
    [InlineData("*(u64 *)(r10 - 8) = 0\nr2 = 0\nr2 = atomic_fetch_add((u64 *)(r10 - 8), r2)")]
    [InlineData("r2 = 0\nr3 = 1\nif r3 == 1 goto +1\nr2 = 1")]
    public void Flags_known_to_be_zero_are_accepted(string setUp) => World.Accepts(WithFlags(setUp));

    [Theory]
    [InlineData("r2 = 1")]
    [InlineData("r2 = -1")]
    [InlineData("r2 = 0x100000000 ll")]
    [InlineData("UNKNOWN")]
    [InlineData("UNKNOWN\nr2 ^= r2")]
    [InlineData("UNKNOWN\nr2 -= r2")]
    [InlineData("UNKNOWN\nr3 = r2\nr2 -= r3")]
    [InlineData("r2 = 0\nr2 /= 5")]
    [InlineData("r2 = 5\nr2 %= 5")]
    [InlineData("UNKNOWN\nr2 %= 1")]
    [InlineData("UNKNOWN\nif w2 != 0 goto out")]
    [InlineData("*(u32 *)(r10 - 8) = 0\n*(u32 *)(r10 - 4) = 0\nr2 = *(u64 *)(r10 - 8)")]
    [InlineData("*(u32 *)(r10 - 4) = 0\n*(u32 *)(r10 - 8) = 0\nr2 = *(u64 *)(r10 - 8)")]
    [InlineData("*(u64 *)(r10 - 8) = 0\n*(u8 *)(r10 - 3) = 1\nr2 = *(u64 *)(r10 - 8)")]
    [InlineData(
        "*(u64 *)(r10 - 8) = 0\n*(u64 *)(r10 - 16) = 0\nUNKNOWN\nr2 &= 8\nr3 = r10\nr3 -= 16\nr3 += r2\nr2 = *(u64 *)(r3 + 0)"
    )]
    [InlineData("r2 = *(u32 *)(r6 + 4)")]
    [InlineData("r2 = r10")]
    public void Flags_not_known_to_be_zero_are_refused(string setUp)
    {
        // A subtraction from the stack pointer is itself refused, so the variable offset is added the other way round.
        var source = WithFlags(setUp.Replace("r3 -= 16", "r3 += -16", StringComparison.Ordinal));
        World.Refuses(source, Errno.EINVAL, NonZeroFlags);
    }

    [Fact]
    public void Flags_must_be_zero_on_the_path_walked_second_too()
    {
        // A long prelude makes room for a checkpoint before the call, which is where kernels up to 6.18 prune wrongly.
        var prelude = string.Join('\n', Enumerable.Repeat("r9 += 1", 16));
        var source =
            $"r9 = 0\n{prelude}\ncall 7\nif r0 == 1 goto +0\nif r0 == 2 goto +0\nif r0 != 0 goto one\nr2 = 0\ngoto both\none:\nr2 = 1\nboth:\n"
            + $"{prelude}\nr1 = map[storage] ll\ncall 81\nr0 = 1\nexit";
        World.Refuses(source, Errno.EINVAL, NonZeroFlags);
        new VerifierWorld { Flags = 8 }
            .WithStorages(64)
            .Refuses(source, Errno.EINVAL, NonZeroFlags);
    }

    private static string WithFlags(string setUp) =>
        $"r6 = r1\n{setUp.Replace("UNKNOWN", "call 5\nr2 = r0", StringComparison.Ordinal)}\nr1 = map[storage] ll\ncall 81\nout:\nr0 = 1\nexit";
}
