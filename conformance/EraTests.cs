using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;

namespace Conformance.Tests;

/// <summary>The vectors on models of older kernels: what does not apply there says so, and nothing fails.</summary>
public class EraTests
{
    private static readonly Lazy<VectorSet> Set = new(() => VectorSet.Load(VectorLocation.Find()!).Set!);

    // All cases of all eras take ten seconds; `run --era` runs them. 4.19, which differs most, runs what applies there.
    [Theory]
    [InlineData("4.19", 1)]
    [InlineData("5.8.18", 5)]
    [InlineData("5.9", 5)]
    [InlineData("6.18", 5)]
    public void Nothing_fails_on_an_older_kernel(string era, int step)
    {
        using var machine = new ReferenceVirtualMachine(Of(era));
        var runner = new Runner(Set.Value.Rules);
        var cases = Set.Value.Cases.Where((_, index) => index % step == 0);

        var results = cases.Select(@case => runner.Run(machine, @case)).ToArray();

        results
            .Where(result => result.Outcome is not (CaseOutcome.Passed or CaseOutcome.NotApplicable))
            .Select(result => $"{result.Case.Id}: {result.Message}")
            .Should()
            .BeEmpty();
        results.Count(result => result.Outcome == CaseOutcome.Passed).Should().BeGreaterThan(results.Length / 8);
        results
            .Where(result => result.Outcome == CaseOutcome.NotApplicable)
            .Should()
            .OnlyContain(result =>
                result.Reason!.Contains(" holds since ", StringComparison.Ordinal)
                || result.Reason!.Contains(" held until ", StringComparison.Ordinal)
                || result.Reason!.Contains(" has no ", StringComparison.Ordinal)
            );
    }

    [Fact]
    public void A_model_of_5_9_breaks_what_older_kernels_did()
    {
        var wrong = Behaviour.V4_19_325 with { StorageOutlivesAttachment = true, StorageMapServesManyPrograms = true };
        using var machine = new ReferenceVirtualMachine(wrong);
        var runner = new Runner(Set.Value.Rules);

        Set.Value.Cases.Where(@case => @case.Vector.Rules[0] == "older-kernels.storage-of-attachment")
            .Select(@case => runner.Run(machine, @case))
            .Where(result => result.Outcome == CaseOutcome.Failed)
            .Select(result => result.Case.Vector.Id)
            .Distinct()
            .Should()
            .Contain([
                "older-kernels.detach-ends-storage",
                "older-kernels.attached-again",
                "older-kernels.unload-ends-storage",
                "older-kernels.iteration",
            ]);
    }

    internal static Behaviour Of(string era) =>
        Behaviour.Profiles.FirstOrDefault(profile => profile.Name == era) ?? Behaviour.For(era);
}
