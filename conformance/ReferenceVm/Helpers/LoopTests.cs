using Conformance.ReferenceVm;
using Conformance.ReferenceVm.Execution;
using Conformance.Tests.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Helpers;

public sealed class LoopTests : IDisposable
{
    // Adds the index to the sum at the callback's context; stops where the index reaches the limit in r9's place on the stack.
    private const string Sum = """
        *(u64 *)(r10 - 8) = 0
        *(u64 *)(r10 - 16) = {1}
        r1 = {0}
        r2 = func[body] ll
        r3 = r10
        r3 += -16
        r4 = 0
        call 181
        r1 = *(u64 *)(r10 - 8)
        r1 <<= 32
        r0 |= r1
        exit
        body:
        r3 = *(u64 *)(r2 + 8)
        r3 += r1
        *(u64 *)(r2 + 8) = r3
        r4 = *(u64 *)(r2 + 0)
        r0 = 0
        if r1 != r4 goto end
        r0 = 1
        end:
        exit
        """;

    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(0, 100, 0, 0)]
    [InlineData(1, 100, 1, 0)]
    [InlineData(10, 100, 10, 45)]
    [InlineData(10, 9, 10, 45)]
    [InlineData(10, 3, 4, 6)]
    [InlineData(10, 0, 1, 0)]
    public void It_counts_the_iterations_begun_and_stops_at_the_first_that_says_so(
        int iterations,
        int last,
        ulong begun,
        ulong sum
    ) => _guest.Result(Source(iterations, last)).Should().Be(sum << 32 | begun);

    [Fact]
    public void Stepping_it_gives_the_same()
    {
        var run = _guest.Processors.Enter(0);
        Interpreter.Begin(_guest.Program(Source(5, 100)), run);
        var depths = new HashSet<int>();
        RunResult result;
        while ((result = Interpreter.Continue(run, 1)).Status == RunStatus.Paused)
        {
            depths.Add(run.CallDepth);
        }

        result.Value.Should().Be(10UL << 32 | 5);
        depths.Should().BeEquivalentTo([0, 1]);
        _guest.Processors.Leave(run);
    }

    [Theory]
    [InlineData("r1 = 1\nr4 = 1", Errno.EINVAL)]
    [InlineData("r1 = 8388609\nr4 = 0", Errno.E2BIG)]
    public void Wrong_flags_and_too_many_iterations_are_errors(string arguments, Errno expected) =>
        _guest
            .Result($"r2 = func[body] ll\nr3 = 0\n{arguments}\ncall 181\nexit\nbody: r0 = 0\nexit")
            .Should()
            .Be(unchecked((ulong)-(long)expected));

    [Fact]
    public void The_number_of_iterations_is_the_lower_half() =>
        _guest
            .Result("r1 = 0x500000002 ll\nr2 = func[body] ll\nr3 = 0\nr4 = 0\ncall 181\nexit\nbody: r0 = 0\nexit")
            .Should()
            .Be(2);

    [Fact]
    public void Callers_registers_survive_and_loops_nest() =>
        _guest
            .Result(
                """
                r6 = 600
                r1 = 3
                r2 = func[outer] ll
                r3 = 0
                r4 = 0
                call 181
                r0 += r6
                exit
                outer:
                r6 = 0
                r1 = 4
                r2 = func[inner] ll
                r3 = 0
                r4 = 0
                call 181
                if r0 != 4 goto wrong
                r0 = 0
                exit
                inner:
                r6 = 1
                r0 = 0
                exit
                wrong:
                r0 = 1
                exit
                """
            )
            .Should()
            .Be(603);

    [Fact]
    public void A_callback_that_is_no_function_traps() =>
        _guest
            .Trap("r1 = 1\nr2 = 99\nr3 = 0\nr4 = 0\ncall 181\nexit")
            .Should()
            .Be("R2 of loop is not a function of the program");

    [Fact]
    public void A_callback_counts_as_a_frame()
    {
        const string source = """
            f:
            r6 = r1
            if r1 != 0 goto deeper
            r1 = 1
            r2 = func[body] ll
            r3 = 0
            r4 = 0
            call 181
            exit
            deeper:
            r1 += -1
            call f
            exit
            body:
            r0 = 0
            exit
            """;
        _guest.Run(source, run => run.ContextAddress = 6).Status.Should().Be(RunStatus.Returned);
        _guest.Run(source, run => run.ContextAddress = 7).Message.Should().Be("the call stack of 9 frames is too deep");
    }

    private static string Source(int iterations, int last) => string.Format(Sum, iterations, last);
}
