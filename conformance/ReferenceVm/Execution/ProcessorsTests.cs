using Conformance.ReferenceVm.Execution;
using Parallel = System.Threading.Tasks.Parallel;

namespace Conformance.Tests.ReferenceVm.Execution;

public sealed class ProcessorsTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Another_thread_waits_for_the_cpu()
    {
        const int rounds = 2_000;
        var inside = 0;
        var overlaps = 0;
        Parallel.For(
            0,
            4,
            _ =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    var run = _guest.Processors.Enter(0);
                    if (Interlocked.Increment(ref inside) != 1)
                    {
                        Interlocked.Increment(ref overlaps);
                    }

                    Interlocked.Decrement(ref inside);
                    _guest.Processors.Leave(run);
                }
            }
        );
        overlaps.Should().Be(0);
    }

    [Fact]
    public void Cpus_and_nesting_levels_have_contexts_and_stacks_of_their_own()
    {
        var program = _guest.Program("r0 = r10\nexit");
        var frames = new List<ulong>();
        var outer = _guest.Processors.Enter(0);
        frames.Add(Interpreter.Run(program, outer, 10).Value);
        var inner = _guest.Processors.Enter(0);
        frames.Add(Interpreter.Run(program, inner, 10).Value);
        var other = _guest.Processors.Enter(1);
        frames.Add(Interpreter.Run(program, other, 10).Value);
        _guest.Processors.Leave(other);
        _guest.Processors.Leave(inner);
        _guest.Processors.Leave(outer);
        frames.Should().OnlyHaveUniqueItems();
        _guest.Result("r0 = r10\nexit").Should().Be(frames[0]);
    }

    [Fact]
    public void A_context_starts_with_nothing_of_the_last_event()
    {
        var run = _guest.Processors.Enter(0);
        run.ReturnValue = -1;
        run.CurrentCgroupId = 5;
        run.ContextAddress = 6;
        _guest.Processors.Leave(run);
        run = _guest.Processors.Enter(0);
        (run.ReturnValue, run.CurrentCgroupId, run.ContextAddress).Should().Be((0, 0UL, 0UL));
        _guest.Processors.Leave(run);
    }

    [Fact]
    public void A_run_left_in_the_middle_gives_its_stack_frames_back()
    {
        var run = _guest.Processors.Enter(0);
        Interpreter.Begin(_guest.Program("call f\nexit\nf: r0 = 0\nexit"), run);
        Interpreter.Continue(run, 2).Status.Should().Be(RunStatus.Paused);
        var frame = run.RegisterValues[10] - 8;
        _guest.Arena.TryBytes(frame, 8, out _).Should().BeTrue();
        _guest.Processors.Leave(run);
        _guest.Arena.TryBytes(frame, 8, out _).Should().BeFalse();
        run.IsRunning.Should().BeFalse();
    }
}
