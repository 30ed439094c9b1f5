using Conformance.ReferenceVm;

namespace Conformance.Tests.ReferenceVm.Verification;

public class PruningTests
{
    // BPF_F_TEST_STATE_FREQ: a state is kept wherever one may be.
    private const uint EveryState = 8;

    private static readonly VerifierWorld World = new VerifierWorld { Flags = EveryState }.WithStorages(64);

    private static readonly VerifierWorld Small = new VerifierWorld
    {
        Limits = new Limits { VerifiedInstructions = 1000 },
    }.WithStorages(64);

    [Fact]
    public void Numbers_that_nothing_depends_on_do_not_multiply_the_paths() =>
        Small.Accepts($"r7 = 0\n{Branches("r7 += 1")}r0 = 1\nexit");

    [Fact]
    public void Numbers_that_an_access_depends_on_do() =>
        Small.Refuses(
            $"r7 = 0\n{Branches("r7 += 1")}r1 = map[storage] ll\nr2 = 0\ncall 81\nr0 += r7\n*(u8 *)(r0 + 0) = 1\nr0 = 1\nexit",
            Errno.E2BIG,
            "BPF program is too large. Processed 1001 insn"
        );

    [Fact]
    public void What_the_stack_holds_does_not_where_nothing_reads_it() =>
        Small.Accepts(
            $"r7 = 0\n{Branches("r7 += 1\n*(u64 *)(r10 - 8) = r7")}*(u64 *)(r10 - 8) = 0\nr0 = *(u64 *)(r10 - 8)\nexit"
        );

    [Theory]
    [InlineData("r7 = 60", "r7 = 0")]
    [InlineData("r7 = 0", "r7 = 60")]
    public void An_offset_must_fit_on_every_path(string one, string other) =>
        World.Refuses(
            $"call 7\n{one}\nif r0 == 0 goto on\n{other}\non:\nr8 = r7\n"
                + "r1 = map[storage] ll\nr2 = 0\ncall 81\nr0 += r8\n*(u64 *)(r0 + 0) = 1\nr0 = 1\nexit",
            Errno.EACCES,
            "invalid access to map value, value_size=64 off=60 size=8\nR0 min value is outside of the allowed memory range"
        );

    [Theory]
    [InlineData("r7 = 60", "r7 = 0")]
    [InlineData("r7 = 0", "r7 = 60")]
    public void That_holds_of_an_offset_on_the_stack(string one, string other) =>
        World.Refuses(
            $"call 7\n{one}\nif r0 == 0 goto on\n{other}\non:\n*(u64 *)(r10 - 8) = r7\nr7 = 0\ngoto +0\nr8 = *(u64 *)(r10 - 8)\n"
                + "r1 = map[storage] ll\nr2 = 0\ncall 81\nr0 += r8\n*(u64 *)(r0 + 0) = 1\nr0 = 1\nexit",
            Errno.EACCES,
            "invalid access to map value, value_size=64 off=60 size=8\nR0 min value is outside of the allowed memory range"
        );

    [Theory]
    [InlineData("r7 = 60", "r7 = 0")]
    [InlineData("r7 = 0", "r7 = 60")]
    public void That_holds_of_an_offset_through_subprograms(string one, string other) =>
        World.Refuses(
            $"call 7\n{one}\nif r0 == 0 goto on\n{other}\non:\nr1 = r7\ncall same\nr7 = r0\n"
                + "r1 = map[storage] ll\nr2 = 0\ncall 81\nr0 += r7\n*(u64 *)(r0 + 0) = 1\nr0 = 1\nexit\nsame:\nr0 = r1\nexit",
            Errno.EACCES,
            "invalid access to map value, value_size=64 off=60 size=8\nR0 min value is outside of the allowed memory range"
        );

    [Theory]
    [InlineData("r7 = 60", "r7 = 0")]
    [InlineData("r7 = 0", "r7 = 60")]
    public void That_holds_of_an_offset_in_the_stack_of_the_caller(string one, string other) =>
        World.Refuses(
            $"call 7\n{one}\nif r0 == 0 goto on\n{other}\non:\nr1 = r10\nr1 += -8\nr2 = r7\ncall store\nr8 = *(u64 *)(r10 - 8)\n"
                + "r1 = map[storage] ll\nr2 = 0\ncall 81\nr0 += r8\n*(u64 *)(r0 + 0) = 1\nr0 = 1\nexit\nstore:\n*(u64 *)(r1 + 0) = r2\nr0 = 0\nexit",
            Errno.EACCES,
            "invalid access to map value, value_size=64 off=60 size=8\nR0 min value is outside of the allowed memory range"
        );

    [Theory]
    [InlineData("r7 = 60", "r7 = 0")]
    [InlineData("r7 = 0", "r7 = 60")]
    public void That_holds_of_an_offset_fetched_from_the_stack(string one, string other) =>
        World.Refuses(
            $"call 7\n{one}\nif r0 == 0 goto on\n{other}\non:\n*(u64 *)(r10 - 8) = r7\nr8 = 0\nr8 = load_acquire((u64 *)(r10 - 8))\n"
                + "r1 = map[storage] ll\nr2 = 0\ncall 81\nr0 += r8\n*(u64 *)(r0 + 0) = 1\nr0 = 1\nexit",
            Errno.EACCES,
            "invalid access to map value, value_size=64 off=60 size=8\nR0 min value is outside of the allowed memory range"
        );

    [Theory]
    [InlineData("r7 = 1", "r7 = 0")]
    [InlineData("r7 = 0", "r7 = 1")]
    public void A_zero_byte_is_one_on_every_path(string one, string other) =>
        World.Refuses(
            $"call 7\n{one}\nif r0 == 0 goto on\n{other}\non:\n*(u8 *)(r10 - 1) = r7\nr8 = 0\ngoto +0\nr8 = *(u8 *)(r10 - 1)\n"
                + "r1 = map[storage] ll\nr2 = r8\ncall 81\nr0 = 1\nexit",
            Errno.EINVAL,
            "get_local_storage() doesn't support non-zero flags"
        );

    [Theory]
    [InlineData("r7 = 1", "r7 = 0")]
    [InlineData("r7 = 0", "r7 = 1")]
    public void The_flags_are_zero_on_every_path(string one, string other) =>
        World.Refuses(
            $"call 7\n{one}\nif r0 == 0 goto on\n{other}\non:\nr1 = map[storage] ll\nr2 = r7\ncall 81\nr0 = 1\nexit",
            Errno.EINVAL,
            "get_local_storage() doesn't support non-zero flags"
        );

    [Theory]
    [InlineData("r7 = 9", "r7 = 0")]
    [InlineData("r7 = 0", "r7 = 9")]
    public void A_key_that_exists_does_on_every_path(string one, string other) =>
        World.Refuses(
            $"call 7\n{one}\nif r0 == 0 goto on\n{other}\non:\n*(u32 *)(r10 - 8) = r7\nr2 = r10\nr2 += -8\nr1 = map[array] ll\ncall 1\n"
                + "r0 = *(u64 *)(r0 + 0)\nr0 = 1\nexit",
            Errno.EACCES,
            "R0 invalid mem access 'map_value_or_null'"
        );

    [Theory]
    [InlineData("r7 = 9", "r7 = 0")]
    [InlineData("r7 = 0", "r7 = 9")]
    public void What_a_callback_finds_holds_on_every_iteration(string before, string within) =>
        World.Refuses(
            $"{before}\n*(u64 *)(r10 - 8) = r7\nr1 = 3\nr2 = func[body] ll\nr3 = r10\nr3 += -8\nr4 = 0\ncall 181\nr0 = 1\nexit\n"
                + $"body:\nr6 = *(u64 *)(r2 + 0)\n{within}\n*(u64 *)(r2 + 0) = r7\nr1 = map[storage] ll\nr2 = r6\ncall 81\nr0 = 0\nexit",
            Errno.EINVAL,
            "get_local_storage() doesn't support non-zero flags"
        );

    private static string Branches(string between) =>
        string.Concat(Enumerable.Range(0, 20).Select(at => $"call 7\nif r0 > 5 goto l{at}\n{between}\nl{at}:\n"));
}
