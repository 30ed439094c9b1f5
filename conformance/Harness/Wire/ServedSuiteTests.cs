using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Conformance.Harness.Wire;
using Conformance.Mutants;

namespace Conformance.Tests.Harness.Wire;

/// <summary>The same machine in this process and behind the protocol: every case comes to the same verdict.</summary>
public sealed class ServedSuiteTests : IDisposable
{
    private readonly AdapterBench _bench = new();

    [Fact]
    public async Task Every_case_comes_to_the_same_verdict_over_serve()
    {
        var ids = AdapterBench.Set.Value.Cases.Select(@case => @case.Id).ToList();
        string[] command = [AdapterBench.Dotnet, AdapterBench.Library("helper-conformance"), "serve"];

        var served = await AdapterBench.Run(new Adapter(command).Open, ids);
        var here = await AdapterBench.Run(() => new ReferenceVirtualMachine(), ids);

        Differences(served, here).Should().BeEmpty();
        served.Count(result => result.Outcome == CaseOutcome.Passed).Should().BeGreaterThan(ids.Count / 2);
    }

    [Theory]
    [InlineData("accepts-flags")]
    [InlineData("shares-across-cpus")]
    public async Task A_wrong_machine_breaks_the_same_rules_over_the_protocol(string id)
    {
        var today = AdapterBench.Set.Value.Cases.DistinctBy(@case => (@case.Vector.Id, @case.Label("storage_kind")));
        var ids = today.Select(@case => @case.Id).ToList();
        var adapter = new Adapter(_bench.Faulty("mutant", id, _bench.Mark()));

        var served = await AdapterBench.Run(adapter.Open, ids);
        var here = await AdapterBench.Run(Mutant.All.Single(mutant => mutant.Id == id).Create, ids);

        Differences(served, here).Should().BeEmpty();
        served.Should().Contain(result => result.Outcome == CaseOutcome.Failed);
    }

    private static IEnumerable<string> Differences(IReadOnlyList<CaseResult> served, IReadOnlyList<CaseResult> here)
    {
        served.Should().HaveCount(here.Count);
        return served
            .Zip(here, (one, other) => (Served: Verdict(one), Here: Verdict(other)))
            .Where(pair => pair.Served != pair.Here)
            .Select(pair => $"{pair.Served}, and in this process {pair.Here}")
            .Take(10);
    }

    // Addresses in messages are each process's own.
    private static string Verdict(CaseResult result) =>
        $"{result.Case.Id}: {result.Outcome} {result.Failure?.Rule.Id} {result.Failure?.Pointer} {result.Failure?.Expected} {result.Reason}";

    public void Dispose() => _bench.Dispose();
}
