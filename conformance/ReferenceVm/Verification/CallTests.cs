using Conformance.ReferenceVm;

namespace Conformance.Tests.ReferenceVm.Verification;

public class CallTests
{
    // Enough for every walk here that ends; one that does not need not go on to the real limit.
    private static VerifierWorld World =>
        new VerifierWorld { Limits = new() { VerifiedInstructions = 50_000 } }.WithStorages(64);

    [Fact]
    public void A_subprogram_may_call_the_helper_and_return_the_pointer() =>
        World.Accepts(
            "r1 = map[storage] ll\nr2 = 0\ncall get\nr1 = *(u64 *)(r0 + 0)\nr0 = 1\nexit\nget:\ncall 81\nexit"
        );

    [Fact]
    public void A_call_saves_R6_to_R9_and_loses_the_rest()
    {
        World.Accepts("r6 = 1\ncall sub\nr0 = r6\nexit\nsub:\nr6 = 5\nr0 = 0\nexit");
        World.Refuses("r3 = 1\ncall sub\nr0 = r3\nexit\nsub:\nr0 = 0\nexit", Errno.EACCES, "R3 !read_ok");
        World.Refuses("r6 = 1\ncall sub\nr0 = 1\nexit\nsub:\nr0 = r6\nexit", Errno.EACCES, "R6 !read_ok");
    }

    [Fact]
    public void A_subprogram_may_write_the_stack_of_its_caller() =>
        World.Accepts(
            "*(u64 *)(r10 - 8) = 1\nr1 = r10\nr1 += -8\ncall sub\nr0 = *(u64 *)(r10 - 8)\nexit\nsub:\n*(u64 *)(r1 + 0) = 0\nr0 = 0\nexit"
        );

    [Fact]
    public void A_subprogram_may_not_return_its_stack()
    {
        World.Refuses(
            "call sub\nr0 = 1\nexit\nsub:\nr0 = r10\nexit",
            Errno.EINVAL,
            "cannot return stack pointer to the caller"
        );
        World.Refuses(
            "r1 = r10\nr1 += -8\ncall sub\nr0 = 1\nexit\nsub:\n*(u64 *)(r1 + 0) = r10\nr0 = 0\nexit",
            Errno.EINVAL,
            "cannot spill pointers to stack into stack frame of the caller"
        );
    }

    [Fact]
    public void Eight_frames_are_the_most()
    {
        World.Accepts(Chain(8));
        World.Refuses(Chain(9), Errno.E2BIG, "the call stack of 9 frames is too deep");
        World.Refuses(
            "r0 = 1\ncall sub\nexit\nsub:\ncall sub\nexit",
            Errno.E2BIG,
            "the call stack of 9 frames is too deep"
        );
    }

    [Fact]
    public void A_chain_of_calls_has_512_bytes_of_stack()
    {
        const string sub = "\nsub:\n*(u64 *)(r10 - 256) = 0\nr0 = 1\nexit";
        World.Accepts("*(u64 *)(r10 - 256) = 0\ncall sub\nexit" + sub);
        World.Refuses(
            "*(u64 *)(r10 - 264) = 0\ncall sub\nexit" + sub,
            Errno.EACCES,
            "combined stack size of 2 calls is 528. Too large"
        );
    }

    [Fact]
    public void Little_stack_may_be_used_before_a_tail_call()
    {
        const string sub = "\nsub:\nr2 = map[programs] ll\nr3 = 0\ncall 12\nr0 = 1\nexit";
        World.Accepts("*(u64 *)(r10 - 240) = 0\ncall sub\nr0 = 1\nexit" + sub);
        World.Refuses(
            "*(u64 *)(r10 - 256) = 0\ncall sub\nr0 = 1\nexit" + sub,
            Errno.EACCES,
            "tail_calls are not allowed when call stack of previous frames is 256 bytes. Too large"
        );
    }

    [Fact]
    public void What_a_tail_called_program_returns_is_not_known_to_the_subprograms_caller()
    {
        const string head = "r6 = r1\ncall sub\n";
        const string sub = "\nsub:\nr2 = map[programs] ll\nr3 = 0\ncall 12\n";
        const string pointer = "r1 = map[storage] ll\nr2 = 0\ncall 81\nexit";
        World.Refuses(
            head + "r1 = *(u64 *)(r0 + 0)\nr0 = 1\nexit" + sub + pointer,
            Errno.EACCES,
            "R0 invalid mem access 'scalar'"
        );
        World.Refuses(
            head + "r1 = r10\nr1 += r0\n*(u8 *)(r1 - 8) = 0\nr0 = 1\nexit" + sub + "r0 = 0\nexit",
            Errno.EINVAL,
            "math between fp pointer and register with unbounded min value is not allowed"
        );
        World.Accepts(head + "r0 = 1\nexit" + sub + pointer);
    }

    [Fact]
    public void A_tail_call_in_a_callback_may_return_anything() =>
        World.Refuses(
            "*(u64 *)(r10 - 8) = r1\nr1 = 100\nr2 = func[body] ll\nr3 = r10\nr3 += -8\nr4 = 0\ncall 181\nr0 = 1\nexit\n"
                + "body:\nr1 = *(u64 *)(r2 + 0)\nr2 = map[programs] ll\nr3 = 0\ncall 12\nr0 = 0\nexit",
            Errno.EINVAL,
            "At callback return the register R0 has unknown scalar value should have been in [0, 1]"
        );

    [Fact]
    public void A_callback_may_call_the_helper() =>
        World.Accepts(Loop("r1 = map[storage] ll\nr2 = 0\ncall 81\nlock *(u64 *)(r0 + 0) += r0\nr0 = 0\nexit"));

    [Fact]
    public void A_callback_may_count_on_the_stack_of_its_caller() =>
        World.Accepts(Loop("r3 = *(u64 *)(r2 + 0)\nr3 += 1\n*(u64 *)(r2 + 0) = r3\nr0 = 0\nexit"));

    [Fact]
    public void What_a_callback_changed_is_unknown_after_the_loop() =>
        World.Refuses(
            Loop("r3 = *(u64 *)(r2 + 0)\nr3 += 1\n*(u64 *)(r2 + 0) = r3\nr0 = 0\nexit", "r0 = *(u64 *)(r10 - 8)"),
            Errno.EINVAL,
            "At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]"
        );

    [Fact]
    public void A_callback_returns_0_or_1() =>
        World.Refuses(
            Loop("r0 = 2\nexit"),
            Errno.EINVAL,
            "At callback return the register R0 has smin=2 smax=2 should have been in [0, 1]"
        );

    [Fact]
    public void The_body_of_a_callback_is_verified() =>
        World.Refuses(Loop("r0 = *(u64 *)(r9 + 0)\nexit"), Errno.EACCES, "R9 !read_ok");

    [Theory]
    [InlineData("call 7\nif r0 != 0 goto again\nr0 = 1\nexit")]
    [InlineData("goto again")]
    public void A_loop_around_a_call_that_calls_back_is_taken_to_end_as_in_Linux(string after) =>
        // The helper ends its own loop, and the walk does not tell the one from the other. A run that goes on for ever is memory safe,
        // and ends with its budget.
        World.Accepts($"again:\nr1 = 10\nr2 = func[body] ll\nr3 = 0\nr4 = 0\ncall 181\n{after}\nbody:\nr0 = 0\nexit");

    [Fact]
    public void A_loop_around_a_call_that_calls_back_is_verified_with_all_that_the_callback_leaves() =>
        World.Refuses(
            "again:\n*(u64 *)(r10 - 8) = 0\nr1 = 10\nr2 = func[body] ll\nr3 = r10\nr3 += -8\nr4 = 0\ncall 181\n"
                + "r1 = *(u64 *)(r10 - 8)\nif r1 == 0 goto again\nr0 = *(u64 *)(r1 + 0)\nexit\nbody:\n*(u64 *)(r2 + 0) = 1\nr0 = 0\nexit",
            Errno.EACCES,
            "R1 invalid mem access 'scalar'"
        );

    [Fact]
    public void A_loop_without_such_a_call_must_go_somewhere() =>
        World.Refuses("again:\nr1 = 10\ngoto again", Errno.EINVAL, "infinite loop detected at insn 0");

    [Fact]
    public void A_subprogram_without_a_stack_takes_none() =>
        World.Accepts("*(u64 *)(r10 - 512) = 0\ncall sub\nr0 = 1\nexit\nsub:\nr0 = 0\nexit");

    [Fact]
    public void Stacks_of_a_chain_must_fit_together() =>
        World.Refuses(
            "*(u64 *)(r10 - 512) = 0\ncall sub\nr0 = 1\nexit\nsub:\n*(u8 *)(r10 - 1) = 0\nr0 = 0\nexit",
            Errno.EACCES,
            "combined stack size of 2 calls is 528. Too large"
        );

    [Theory]
    [InlineData(77, "bpf_rc_repeat")]
    [InlineData(0, "bpf_unspec")]
    public void Helpers_that_are_not_offered_are_refused_by_name(int number, string name) =>
        World.Refuses($"call {number}\nexit", Errno.EINVAL, $"program of this type cannot use helper {name}#{number}");

    [Fact]
    public void Loops_in_loops_are_accepted() =>
        World.Accepts(
            "r1 = 100\nr2 = func[outer] ll\nr3 = 0\nr4 = 0\ncall 181\nr0 = 1\nexit\n"
                + "outer:\nr1 = 50\nr2 = func[inner] ll\nr3 = 0\nr4 = 0\ncall 181\nr0 = 0\nexit\ninner:\ncall 7\nr0 &= 1\nexit"
        );

    [Fact]
    public void The_number_of_iterations_may_be_anything() =>
        World.Accepts("r1 = r10\nr2 = func[body] ll\nr3 = 0\nr4 = 0\ncall 181\nr0 = 1\nexit\nbody:\nr0 = 0\nexit");

    [Fact]
    public void A_callback_is_verified_though_a_pointer_is_the_number_of_iterations() =>
        World.Refuses(
            "r1 = r10\nr2 = func[body] ll\nr3 = 0\nr4 = 0\ncall 181\nr0 = 1\nexit\nbody:\nr0 = 9\nexit",
            Errno.EINVAL,
            "At callback return the register R0 has smin=9 smax=9 should have been in [0, 1]"
        );

    private static string Chain(int frames)
    {
        var subprograms = Enumerable
            .Range(1, frames - 1)
            .Select(index => index == frames - 1 ? $"s{index}:\nr0 = 1\nexit" : $"s{index}:\ncall s{index + 1}\nexit");
        return $"call s1\nexit\n{string.Join('\n', subprograms)}";
    }

    private static string Loop(string body, string after = "r0 = 1") =>
        "*(u64 *)(r10 - 8) = 0\nr1 = 100\nr2 = func[body] ll\nr3 = r10\nr3 += -8\nr4 = 0\ncall 181\n"
        + $"{after}\nexit\nbody:\n{body}";
}
