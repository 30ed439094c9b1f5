using Conformance.Harness.Fuzzing;
using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;
using Conformance.Mutants;

namespace Conformance.Tests.Fuzzing;

public class ProgramWorkerTests
{
    private const int Seeds = 200;

    [Fact]
    public void A_finding_that_is_written_down_leaves_nothing_behind_for_the_next_program()
    {
        var (different, same) = (SeedOf(RunComparison.Different), SeedOf(RunComparison.Same));
        var statistics = new ProgramStatistics();
        var files = new List<string>();
        using var worker = new ProgramWorker(
            Wrong(),
            new ReferenceVirtualMachine(),
            statistics,
            finding => files.Add(finding.File("found.one"))
        );

        worker.Try(different);
        worker.Try(same);

        files.Should().ContainSingle().Which.Should().Contain("\"fire\"");
        statistics.Runs(RunComparison.Different).Should().Be(1);
        statistics.Runs(RunComparison.Same).Should().Be(1);
    }

    private static int SeedOf(RunComparison run)
    {
        using var first = Wrong();
        using var second = new ReferenceVirtualMachine();
        using var pair = new ProgramPair(first, second);
        return Enumerable.Range(1, Seeds).First(seed => pair.Try(RandomProgram.Generate(seed)).Run == run);
    }

    private static IVirtualMachine Wrong() => Mutant.All.Single(mutant => mutant.Id == "allocates-per-run").Create();
}
