using System.Collections.Concurrent;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;
using Conformance.Tests.Harness.Vectors;

namespace Conformance.Tests.Harness.Running;

public class RunAllTests
{
    private static readonly VectorSet Set = VectorFolder.Sound(
        """
        "for_each": { "attach_type": "all" }, "cgroups": { "a": null }, "steps": [{ "op": "fire", "cgroup": "a" }]
        """
    );

    private readonly ConcurrentBag<ScriptedMachine> _made = [];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(100)]
    public async Task Results_come_in_the_order_of_the_cases(int machines)
    {
        var results = await All(Machine(_ => Answer.Ok), machines);

        results.Select(result => result.Case.Id).Should().Equal(Set.Cases.Select(@case => @case.Id));
        results.Should().OnlyContain(result => result.Outcome == CaseOutcome.Passed);
        _made.Count.Should().BeInRange(1, Math.Min(machines, Set.Cases.Count));
        _made.Should().OnlyContain(machine => machine.IsDisposed);
        _made.Sum(machine => machine.Resets).Should().Be(Set.Cases.Count);
    }

    [Fact]
    public async Task A_result_is_given_out_before_the_cases_after_it_are_run()
    {
        using var second = new ManualResetEventSlim();
        var fired = 0;
        var create = Machine(operation =>
        {
            // The second case waits until the first has been seen.
            if (operation is Fire && Interlocked.Increment(ref fired) == 2)
                second.Wait();
            return Answer.Ok;
        });

        var seen = 0;
        await foreach (var _ in Runner().RunAll(create, Set.Cases, machines: 1))
        {
            seen++;
            second.Set();
        }

        seen.Should().Be(Set.Cases.Count);
    }

    [Fact]
    public async Task A_machine_that_errored_is_replaced_and_the_run_goes_on()
    {
        var fired = 0;
        var create = Machine(operation =>
            operation is Fire && Interlocked.Increment(ref fired) % 10 == 0 ? throw new IOException("died") : Answer.Ok
        );

        var results = await All(create, machines: 1);

        var summary = RunSummary.Of(results);
        summary.Errored.Should().Be(Set.Cases.Count / 10);
        summary.Passed.Should().Be(Set.Cases.Count - summary.Errored);
        _made.Should().HaveCount(1 + summary.Errored).And.OnlyContain(machine => machine.IsDisposed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_machine_that_cannot_be_taken_down_makes_its_last_case_errored(int machines)
    {
        var results = await All(Machine(_ => Answer.Ok, Stays), machines);

        var errored = results.Where(result => result.Outcome == CaseOutcome.Errored).ToList();
        results.Should().HaveCount(Set.Cases.Count);
        errored.Should().HaveCount(_made.Count);
        errored
            .Should()
            .OnlyContain(result => result.Reason == "the machine could not be taken down: IOException: it stays");
        if (machines == 1)
            errored.Should().Equal(results[^1]);
    }

    [Fact]
    public async Task A_machine_that_errored_and_cannot_be_taken_down_says_both()
    {
        var fired = 0;
        var create = Machine(
            operation =>
                operation is Fire && Interlocked.Increment(ref fired) == 1 ? throw new IOException("died") : Answer.Ok,
            Stays
        );

        var results = await All(create, machines: 1);

        results[0].Reason.Should().Be("IOException: died; the machine could not be taken down: IOException: it stays");
    }

    [Fact]
    public async Task A_failure_that_a_machine_leaves_with_is_still_told()
    {
        var create = Machine(operation => operation is Fire ? Answer.Fail(Errno.EPERM) : Answer.Ok, Stays);

        var results = await All(create, machines: 1);

        results[0].Outcome.Should().Be(CaseOutcome.Failed);
        results[^1].Outcome.Should().Be(CaseOutcome.Errored);
        results[^1].Failure.Should().BeNull();
        results[^1].Reason.Should().Contain("got EPERM; the machine could not be taken down: ").And.EndWith("it stays");
    }

    [Fact]
    public async Task A_cancelled_run_tells_of_a_machine_that_cannot_be_taken_down()
    {
        using var cancel = new CancellationTokenSource();
        var results = new List<CaseResult>();

        var run = async () =>
        {
            await foreach (
                var result in Runner().RunAll(Machine(_ => Answer.Ok, Stays), Set.Cases, machines: 1, cancel.Token)
            )
            {
                results.Add(result);
                await cancel.CancelAsync();
            }
        };

        await run.Should().ThrowAsync<OperationCanceledException>();
        results[^1].Reason.Should().EndWith("it stays");
    }

    [Fact]
    public async Task Cancelling_ends_the_run_after_the_cases_under_way()
    {
        using var cancel = new CancellationTokenSource();
        var results = new List<CaseResult>();

        var run = async () =>
        {
            await foreach (var result in Runner().RunAll(Machine(_ => Answer.Ok), Set.Cases, machines: 2, cancel.Token))
            {
                results.Add(result);
                if (results.Count == 3)
                    await cancel.CancelAsync();
            }
        };

        await run.Should().ThrowAsync<OperationCanceledException>();
        results
            .Select(result => result.Case.Id)
            .Should()
            .Equal(Set.Cases.Take(results.Count).Select(@case => @case.Id));
        _made.Should().OnlyContain(machine => machine.IsDisposed);
    }

    [Fact]
    public async Task A_run_that_is_cancelled_before_it_begins_runs_nothing()
    {
        var run = () => All(Machine(_ => Answer.Ok), machines: 2, new CancellationToken(canceled: true));

        await run.Should().ThrowAsync<OperationCanceledException>();
        _made.Sum(machine => machine.Asked.Count).Should().Be(0);
    }

    [Fact]
    public async Task Whoever_stops_listening_stops_the_run()
    {
        await foreach (var _ in Runner().RunAll(Machine(_ => Answer.Ok), Set.Cases, machines: 2))
            break;

        _made.Should().OnlyContain(machine => machine.IsDisposed);
    }

    [Fact]
    public async Task A_machine_that_cannot_be_made_ends_the_run_with_its_exception()
    {
        var run = () => All(() => throw new UnauthorizedAccessException("needs root"), machines: 2);

        await run.Should().ThrowAsync<UnauthorizedAccessException>().WithMessage("needs root");
    }

    [Fact]
    public async Task No_cases_give_no_results()
    {
        var results = new List<CaseResult>();
        await foreach (var result in Runner().RunAll(Machine(_ => Answer.Ok), [], machines: 2))
            results.Add(result);

        results.Should().BeEmpty();
        RunSummary.Of(results).IsSuccess.Should().BeFalse();
    }

    private static Runner Runner() => new(Set.Rules, TestClock.Options());

    private static void Stays() => throw new IOException("it stays");

    private Func<IVirtualMachine> Machine(Func<Operation, Answer> answer, Action? disposing = null) =>
        () =>
        {
            var machine = new ScriptedMachine(answer) { Disposing = disposing ?? (() => { }) };
            _made.Add(machine);
            return machine;
        };

    private static async Task<List<CaseResult>> All(
        Func<IVirtualMachine> create,
        int machines,
        CancellationToken cancellation = default
    )
    {
        var results = new List<CaseResult>();
        await foreach (var result in Runner().RunAll(create, Set.Cases, machines, cancellation))
            results.Add(result);
        return results;
    }
}
