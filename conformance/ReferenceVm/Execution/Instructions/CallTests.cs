namespace Conformance.Tests.ReferenceVm.Execution.Instructions;

/// <summary>RFC 9669 sections 2 and 4.3.2: local calls, their registers and their frames.</summary>
public sealed class CallTests
{
    [Fact]
    public void Arguments_go_in_r1_to_r5_and_the_result_comes_in_r0() =>
        Interpreted
            .Value(
                """
                    r1 = 1
                    r2 = 20
                    r3 = 300
                    r4 = 4000
                    r5 = 50000
                    call sum
                    exit
                sum:
                    r0 = r1
                    r0 += r2
                    r0 += r3
                    r0 += r4
                    r0 += r5
                    exit
                """
            )
            .Should()
            .Be(54321);

    [Fact]
    public void R6_to_r9_survive_a_call() =>
        Interpreted
            .Value(
                """
                    r6 = 6
                    r7 = 70
                    r8 = 800
                    r9 = 9000
                    call clobber
                    r0 = r6
                    r0 += r7
                    r0 += r8
                    r0 += r9
                    exit
                clobber:
                    r6 = 1
                    r7 = 1
                    r8 = 1
                    r9 = 1
                    r0 = 0
                    exit
                """
            )
            .Should()
            .Be(9876);

    [Fact]
    public void A_function_has_a_stack_frame_of_its_own_and_may_write_to_its_callers() =>
        Interpreted
            .Value(
                """
                    *(u64 *)(r10 - 8) = 1
                    *(u64 *)(r10 - 16) = 2
                    r1 = r10
                    r1 += -16
                    call f
                    r1 = *(u64 *)(r10 - 8)
                    r0 += r1
                    r1 = *(u64 *)(r10 - 16)
                    r0 += r1
                    exit
                f:
                    *(u64 *)(r10 - 8) = 100
                    *(u64 *)(r1 + 0) = 40
                    r0 = 1000
                    exit
                """
            )
            .Should()
            .Be(1041);

    [Fact]
    public void Eight_frames_are_enough_and_nine_are_too_many()
    {
        Interpreted.Value(Nested(7)).Should().Be(7);
        Interpreted.Trap(Nested(8)).Should().Contain("too deep");
    }

    [Fact]
    public void Endless_recursion_traps() => Interpreted.Trap("f: call f\nexit").Should().Contain("too deep");

    [Fact]
    public void A_helper_that_does_not_exist_traps() =>
        Interpreted.Trap("call 123456\nexit").Should().Contain("123456");

    [Fact]
    public void A_call_by_btf_id_traps() => Interpreted.Trap("call kfunc#1\nexit").Should().NotBeEmpty();

    [Fact]
    public void A_callback_of_a_loop_runs_as_often_as_asked() =>
        Interpreted
            .Value(
                """
                    *(u64 *)(r10 - 8) = 0
                    r1 = 10
                    r2 = func[body] ll
                    r3 = r10
                    r3 += -8
                    r4 = 0
                    call bpf_loop
                    r1 = *(u64 *)(r10 - 8)
                    r0 <<= 32
                    r0 |= r1
                    exit
                body:
                    r0 = *(u64 *)(r2 + 0)
                    r0 += r1
                    *(u64 *)(r2 + 0) = r0
                    r0 = 0
                    exit
                """
            )
            .Should()
            .Be((10UL << 32) | 45);

    // Functions f1 to fN, each calling the next; the innermost returns 1 and each other adds 1.
    private static string Nested(int calls)
    {
        var functions = Enumerable
            .Range(1, calls)
            .Select(depth =>
                depth == calls ? $"f{depth}: r0 = 1\nexit\n" : $"f{depth}: call f{depth + 1}\nr0 += 1\nexit\n"
            );
        return "call f1\nexit\n" + string.Concat(functions);
    }
}
