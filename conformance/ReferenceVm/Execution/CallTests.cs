using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.ReferenceVm.Maps;

namespace Conformance.Tests.ReferenceVm.Execution;

public sealed class CallTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void A_call_keeps_r6_to_r9_and_gives_the_callee_a_frame_of_its_own()
    {
        _guest
            .Result(
                """
                r6 = 6
                r7 = 7
                r8 = 8
                r9 = 9
                *(u64 *)(r10 - 8) = 100
                r1 = 1
                r2 = r10
                call f
                r0 += r6
                r0 += r7
                r0 += r8
                r0 += r9
                r1 = *(u64 *)(r10 - 8)
                r0 += r1
                exit
                f:
                r6 = 1000
                r7 = 1000
                r8 = 1000
                r9 = 1000
                r2 -= r10
                if r2 == 0 goto same
                *(u64 *)(r10 - 8) = 5000
                r0 = r1
                exit
                same:
                r0 = 99999
                exit
                """
            )
            .Should()
            .Be(1 + 6 + 7 + 8 + 9 + 100);
    }

    [Fact]
    public void A_callee_may_use_its_callers_stack_through_a_pointer()
    {
        _guest
            .Result("r1 = r10\nr1 += -8\ncall f\nr0 = *(u64 *)(r10 - 8)\nexit\nf: *(u64 *)(r1 + 0) = 42\nexit")
            .Should()
            .Be(42);
    }

    [Fact]
    public void A_returned_callees_frame_is_dead()
    {
        _guest
            .Trap("call f\nr0 = *(u64 *)(r0 - 8)\nexit\nf: r0 = r10\nexit")
            .Should()
            .Contain("outside of any live object");
    }

    [Fact]
    public void Eight_frames_fit_and_the_ninth_traps()
    {
        // f calls itself r1 times.
        const string source = "call f\nexit\nf:\nr0 = r1\nif r1 == 0 goto end\nr1 += -1\ncall f\nend:\nexit";
        _guest.Run(source, run => run.ContextAddress = 6).Status.Should().Be(RunStatus.Returned);
        _guest
            .Run(source, run => run.ContextAddress = 7)
            .Should()
            .Be(new RunResult(RunStatus.Trapped, 0, "the call stack of 9 frames is too deep", 5));
    }

    [Fact]
    public void Every_frame_starts_zeroed()
    {
        _guest
            .Result("call f\ncall f\nexit\nf: r0 = *(u64 *)(r10 - 512)\n*(u64 *)(r10 - 512) = 1\nexit")
            .Should()
            .Be(0);
    }

    [Fact]
    public void Steps_go_through_calls()
    {
        var run = _guest.Processors.Enter(0);
        Interpreter.Begin(_guest.Program("call f\nexit\nf: r0 = 3\nexit"), run);
        var path = new List<(int, int)>();
        while (Interpreter.Continue(run, 1) is { Status: RunStatus.Paused } step)
        {
            path.Add((step.InstructionIndex, run.CallDepth));
        }

        path.Should().Equal((2, 1), (3, 1), (1, 0));
        _guest.Processors.Leave(run);
    }

    [Fact]
    public void A_tail_call_replaces_the_program_and_keeps_context_and_frame()
    {
        var table = Table(2);
        table
            .Set(1, _guest.Program("r0 = r10\nr1 += 1\nr0 -= r1\nexit"), programId: 1, flags: 0)
            .Should()
            .Be(Errno.None);
        _guest
            .Result("r2 = map[table] ll\nr3 = 1\ncall 12\nr0 = 0\nexit", run => run.ContextAddress = 0x100)
            .Should()
            .Be(_guest.Result("r0 = r10\nexit") - 0x101);
    }

    [Theory]
    [InlineData(0, "an empty element")]
    [InlineData(2, "an index out of range")]
    [InlineData(-1, "a huge index")]
    public void A_tail_call_that_cannot_be_made_goes_on_behind_it(int index, string why)
    {
        Table(2);
        _guest.Result($"r2 = map[table] ll\nr3 = {index}\ncall 12\nr0 = 77\nexit").Should().Be(77, why);
    }

    [Fact]
    public void The_index_of_a_tail_call_is_its_lower_half()
    {
        var table = Table(1);
        table.Set(0, _guest.Program("r0 = 5\nexit"), 1, 0);
        _guest.Result("r2 = map[table] ll\nr3 = 0x700000000 ll\ncall 12\nr0 = 77\nexit").Should().Be(5);
    }

    [Fact]
    public void Thirty_three_tail_calls_are_made_and_no_more()
    {
        var table = Table(1);
        var program = _guest.Program(
            """
            r6 = *(u64 *)(r1 + 0)
            r6 += 1
            *(u64 *)(r1 + 0) = r6
            r2 = map[table] ll
            r3 = 0
            call 12
            r0 = r6
            exit
            """
        ) with
        {
            TailCalls = true,
        };
        table.Set(0, program, 1, 0).Should().Be(Errno.None);
        var counter = _guest.Arena.Allocate(8);
        _guest.Run(program, run => run.ContextAddress = counter).Value.Should().Be(1 + 33);
    }

    [Fact]
    public void A_tail_call_from_a_function_returns_to_the_functions_caller()
    {
        var table = Table(1);
        table.Set(0, _guest.Program("r0 = 40\nexit"), 1, 0);
        _guest.Result("call f\nr0 += 2\nexit\nf: r2 = map[table] ll\nr3 = 0\ncall 12\nr0 = 0\nexit").Should().Be(42);
    }

    [Fact]
    public void A_tail_called_program_may_nest_as_many_functions_as_any_other()
    {
        // Seven functions deep, then a tail call into a program that goes seven deep itself.
        static string Nested(string innermost) =>
            "r6 = r1\ncall f1\nexit\n"
            + string.Concat(Enumerable.Range(1, 6).Select(depth => $"f{depth}: call f{depth + 1}\nr0 += 1\nexit\n"))
            + $"f7: {innermost}\nexit";

        var table = Table(1);
        table.Set(0, _guest.Program(Nested("r0 = 100")), 1, 0);
        _guest.Result(Nested("r2 = map[table] ll\nr3 = 0\ncall 12\nr0 = 0")).Should().Be(100 + 6 + 6);
        _guest.Run(_guest.Program(Nested("call f8\nexit\nf8: r0 = 0"))).Status.Should().Be(RunStatus.Trapped);
    }

    private ProgArrayMap Table(int entries) =>
        _guest.Map<ProgArrayMap>("table", new MapDefinition(MapType.ProgArray, 4, 4, entries));
}
