using Conformance.ReferenceVm.Execution;

namespace Conformance.Tests.ReferenceVm.Execution;

public sealed class InterpreterTests : IDisposable
{
    private const string Countdown = """
        r6 = 10
        r0 = 0
        loop:
        r0 += 3
        r6 += -1
        if r6 != 0 goto loop
        exit
        """;

    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void At_entry_r1_is_the_context_r10_the_end_of_the_stack_and_the_rest_is_zero()
    {
        var run = _guest.Processors.Enter(0);
        run.ContextAddress = 0x1234;
        Interpreter.Begin(_guest.Program("exit"), run);
        run.RegisterValues[1].Should().Be(0x1234);
        _guest.Arena.TryBytes(run.RegisterValues[10] - 512, 512, out var stack).Should().BeTrue();
        stack.ToArray().Should().OnlyContain(value => value == 0);
        _guest.Arena.TryBytes(run.RegisterValues[10], 1, out _).Should().BeFalse();
        run.RegisterValues.ToArray()
            .Where((_, register) => register is not (1 or 10))
            .Should()
            .OnlyContain(v => v == 0);
        _guest.Processors.Leave(run);
    }

    [Fact]
    public void A_caller_may_set_further_registers()
    {
        var run = _guest.Processors.Enter(0);
        Interpreter.Begin(_guest.Program("r0 = r2\nexit"), run);
        run.SetRegister(2, 99);
        Interpreter.Continue(run, 10).Value.Should().Be(99);
        _guest.Processors.Leave(run);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void A_run_in_steps_ends_as_one_at_full_speed(int step)
    {
        var run = _guest.Processors.Enter(0);
        Interpreter.Begin(_guest.Program(Countdown), run);
        var paused = 0;
        RunResult result;
        while ((result = Interpreter.Continue(run, step)).Status == RunStatus.Paused)
        {
            paused++;
            run.Executed.Should().Be(paused * step);
        }

        result.Should().Be(new RunResult(RunStatus.Returned, 30));
        run.Executed.Should().Be(33);
        paused.Should().Be((33 - 1) / step);
        _guest.Processors.Leave(run);
    }

    [Fact]
    public void Between_steps_position_and_registers_can_be_seen()
    {
        var run = _guest.Processors.Enter(0);
        Interpreter.Begin(_guest.Program("r1 = 0x1122334455667788 ll\nr0 = 5\nexit"), run);
        run.InstructionIndex.Should().Be(0);
        Interpreter.Continue(run, 1).InstructionIndex.Should().Be(2);
        run.RegisterValues[1].Should().Be(0x1122334455667788);
        Interpreter.Continue(run, 0).InstructionIndex.Should().Be(2);
        Interpreter.Continue(run, 5).Value.Should().Be(5);
        run.Invoking(ended => Interpreter.Continue(ended, 1)).Should().Throw<InvalidOperationException>();
        _guest.Processors.Leave(run);
    }

    [Fact]
    public void Two_runs_can_be_interleaved_instruction_by_instruction()
    {
        // Both add 1 with a load and a store; every load comes before every store.
        var shared = _guest.Arena.Allocate(8);
        var program = _guest.Program("r0 = *(u64 *)(r1 + 0)\nr0 += 1\n*(u64 *)(r1 + 0) = r0\nexit");
        var runs = new[] { _guest.Processors.Enter(0), _guest.Processors.Enter(1) };
        foreach (var run in runs)
        {
            run.ContextAddress = shared;
            Interpreter.Begin(program, run);
        }

        for (var step = 0; step < 3; step++)
        {
            foreach (var run in runs)
            {
                Interpreter.Continue(run, 1).Status.Should().Be(RunStatus.Paused);
            }
        }

        foreach (var run in runs)
        {
            Interpreter.Continue(run, 1).Value.Should().Be(1);
            _guest.Processors.Leave(run);
        }

        _guest.Arena.Bytes(shared, 1)[0].Should().Be(1);
    }

    [Fact]
    public void A_budget_of_exactly_the_instructions_needed_suffices()
    {
        _guest.Run(Countdown, budget: 33).Status.Should().Be(RunStatus.Returned);
        _guest.Run(Countdown, budget: 32).Should().Be(new RunResult(RunStatus.Exhausted, 0, null, 5));
    }

    [Fact]
    public void An_endless_loop_is_exhausted_and_not_trapped()
    {
        var result = _guest.Run("loop: goto loop");
        result.Status.Should().Be(RunStatus.Exhausted);
        result.InstructionIndex.Should().Be(0);
    }

    [Fact]
    public void Guest_loads_and_stores_work_at_any_alignment()
    {
        _guest
            .Result(
                """
                r1 = 0x8877665544332211 ll
                *(u64 *)(r10 - 16) = r1
                *(u32 *)(r10 - 13) = 0x01020304
                r0 = *(u64 *)(r10 - 15)
                exit
                """
            )
            .Should()
            .Be(0x00_88_01_02_03_04_33_22);
    }

    [Fact]
    public void A_program_is_decoded_again_where_a_copy_has_other_instructions()
    {
        var program = _guest.Program("r0 = 1\nexit");
        _guest.Run(program).Value.Should().Be(1);
        var changed = program with { Instructions = _guest.Program("r0 = 2\nexit").Instructions };
        _guest.Run(changed).Value.Should().Be(2);
    }
}
