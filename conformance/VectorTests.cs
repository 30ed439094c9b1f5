using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Tests;

/// <summary>Every case of every vector, on the reference VM; each test is named as its case.</summary>
public class VectorTests
{
    private static readonly Lazy<VectorSet> Set = new(Load);

    private static readonly Lazy<Dictionary<string, Case>> Cases = new(() =>
        Set.Value.Cases.ToDictionary(@case => @case.Id)
    );

    // Machines are many megabytes of reserved memory; tests of one class run on one thread at a time.
    [ThreadStatic]
    private static ReferenceVirtualMachine? s_machine;

    internal static IEnumerable<string> CaseIds => Set.Value.Cases.Select(@case => @case.Id);

    [CaseTheory]
    public void Holds(string id)
    {
        s_machine ??= new ReferenceVirtualMachine();

        var result = new Runner(Set.Value.Rules).Run(s_machine, Cases.Value[id]);

        result
            .Outcome.Should()
            .Be(CaseOutcome.Passed, "{0}\n{1}", result.Message ?? "it passed", result.Failure?.Log ?? "");
    }

    private static VectorSet Load()
    {
        var load = VectorSet.Load(VectorLocation.Find() ?? throw new DirectoryNotFoundException("no vectors folder"));
        return load.Set ?? throw new InvalidDataException(string.Join('\n', load.Errors));
    }
}
