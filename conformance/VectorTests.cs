using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;

namespace Conformance.Tests;

/// <summary>Every case of every vector, on the reference VM; each test is named as its case.</summary>
public class VectorTests
{
    private static readonly Lazy<VectorSet> Set = new(Load);

    private static readonly Lazy<Dictionary<string, Case>> Cases = new(() =>
        Set.Value.Cases.ToDictionary(@case => @case.Id)
    );

    // Rules that have ended hold on one of these at least: the last patches before what ended them.
    private static readonly string[] Kernels = [Behaviour.Latest.Kernel, "5.19.17", "5.14.21", "5.8.18", "4.19.325"];

    // Machines are many megabytes of reserved memory; tests of one class run on one thread at a time.
    [ThreadStatic]
    private static Dictionary<string, ReferenceVirtualMachine>? s_machines;

    internal static IEnumerable<string> CaseIds => Set.Value.Cases.Select(@case => @case.Id);

    [CaseTheory]
    public void Holds(string id)
    {
        var runner = new Runner(Set.Value.Rules);

        var result = Kernels
            .Select(kernel => runner.Run(MachineOf(kernel), Cases.Value[id]))
            .First(result => result.Outcome != CaseOutcome.NotApplicable || result.Case.Vector.Rules.All(HoldsToday));

        result
            .Outcome.Should()
            .Be(CaseOutcome.Passed, "{0}\n{1}", result.Message ?? "it passed", result.Failure?.Log ?? "");
    }

    private static bool HoldsToday(string rule) => Set.Value.Rules[rule].Until is null;

    private static ReferenceVirtualMachine MachineOf(string kernel)
    {
        s_machines ??= [];
        if (!s_machines.TryGetValue(kernel, out var machine))
        {
            s_machines[kernel] = machine = new ReferenceVirtualMachine(Behaviour.For(kernel));
        }

        return machine;
    }

    private static VectorSet Load()
    {
        var load = VectorSet.Load(VectorLocation.Find() ?? throw new DirectoryNotFoundException("no vectors folder"));
        return load.Set ?? throw new InvalidDataException(string.Join('\n', load.Errors));
    }
}
