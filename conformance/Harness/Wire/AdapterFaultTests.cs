using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Wire;

namespace Conformance.Tests.Harness.Wire;

/// <summary>What an adapter may do wrong: each costs one case, is named, and leaves nothing behind.</summary>
public sealed class AdapterFaultTests : IDisposable
{
    private readonly AdapterBench _bench = new();

    [Theory]
    [InlineData("crash", "the adapter was killed by signal 9, at request", "about to crash")]
    [InlineData("exit", "the adapter exited with code 3, at request", "going away")]
    [InlineData("hang", "the adapter gave no answer within 3 s, at request", "thinking")]
    [InlineData("hang-with-child", "the adapter gave no answer within 3 s", null)]
    [InlineData("exit-leaving-a-child", "the adapter exited with code 0", null)]
    [InlineData("close-output", "the adapter closed its standard output", "output closed")]
    [InlineData("close-input", "the adapter closed its standard input and gave no answer within 3 s", "input closed")]
    [InlineData("garbage", "the adapter wrote no answer (no JSON: ", null)]
    [InlineData("binary", "no JSON", null)]
    [InlineData("half-a-line", "gave no answer within 3 s, only the beginning of one: \"{\"seq\":\"", null)]
    [InlineData("half-a-line-and-exit", "exited with code 0 in the middle of an answer: \"{\"seq\":\"", null)]
    [InlineData("long-line", "wrote a line of more than 33554432 bytes, which begins with \"aaa", null)]
    [InlineData("babble", "the adapter wrote no answer", null)]
    [InlineData("wrong-seq", "found 987654321", null)]
    [InlineData("out-of-order", "is answered before", null)]
    [InlineData("endless-stderr-and-hang", "gave no answer within 3 s", "eeee")]
    public async Task A_fault_costs_its_case_and_is_named(string fault, string reason, string? lastWords)
    {
        var adapter = new Adapter(_bench.Faulty(fault), AdapterBench.ShortLimits);

        var results = await AdapterBench.Run(adapter.Open, AdapterBench.Cases);

        results
            .Select(result => result.Outcome)
            .Should()
            .Equal(CaseOutcome.Passed, CaseOutcome.Errored, CaseOutcome.Passed, CaseOutcome.Passed);
        results[1].Reason.Should().Contain(reason).And.Contain("(fire cgroup_sysctl in a)");
        if (lastWords is not null)
            results[1].StandardError.Should().Contain(line => line.Contains(lastWords));
        results[0].StandardError.Should().BeEmpty("a case that passed has nothing to explain");
    }

    [Fact]
    public async Task An_endless_standard_error_alone_costs_nothing()
    {
        var adapter = new Adapter(_bench.Faulty("endless-stderr"), AdapterBench.ShortLimits);

        var results = await AdapterBench.Run(adapter.Open, AdapterBench.Cases);

        results.Should().OnlyContain(result => result.Outcome == CaseOutcome.Passed);
    }

    [Fact]
    public async Task A_machine_that_claims_more_CPUs_than_it_has_fails_where_CPUs_are_counted()
    {
        var adapter = new Adapter(_bench.Faulty("too-many-cpus"), AdapterBench.ShortLimits);

        var results = await AdapterBench.Run(
            adapter.Open,
            ["user.update-each-cpu@cgroup_sysctl.percpu.key8", AdapterBench.Cases[0]]
        );

        results[0].Outcome.Should().BeOneOf(CaseOutcome.Failed, CaseOutcome.Errored);
        results[1].Outcome.Should().Be(CaseOutcome.Passed);
    }

    [Theory]
    [InlineData("stays")]
    [InlineData("stays-after-sigterm")]
    public async Task An_adapter_that_does_not_end_is_ended(string fault)
    {
        var adapter = new Adapter(_bench.Faulty(fault), AdapterBench.ShortLimits);

        var results = await AdapterBench.Run(adapter.Open, [AdapterBench.Cases[0]]);

        results.Should().ContainSingle().Which.Outcome.Should().Be(CaseOutcome.Passed);
    }

    [Fact]
    public async Task A_case_has_a_limit_of_its_own()
    {
        var limits = AdapterBench.ShortLimits with
        {
            Request = TimeSpan.FromSeconds(60),
            Case = TimeSpan.FromSeconds(2),
        };
        var adapter = new Adapter(_bench.Faulty("hang"), limits);

        var results = await AdapterBench.Run(adapter.Open, [AdapterBench.Tripping]);

        results[0].Reason.Should().Contain("gave no answer within 2 s for a whole case");
    }

    [Fact]
    public async Task Several_processes_run_at_the_same_time_and_fail_apart()
    {
        var adapter = new Adapter(_bench.Faulty("crash"), AdapterBench.ShortLimits);

        var results = await AdapterBench.Run(adapter.Open, AdapterBench.Cases, machines: 3);

        results
            .Select(result => result.Outcome)
            .Should()
            .Equal(CaseOutcome.Passed, CaseOutcome.Errored, CaseOutcome.Passed, CaseOutcome.Passed);
    }

    public void Dispose() => _bench.Dispose();
}
