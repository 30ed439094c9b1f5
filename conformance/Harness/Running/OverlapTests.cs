using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Tests.Harness.Running;

/// <summary>
/// A vector about things that happen at the same time proves by what it checks that they did: on a machine that does one track after the other
/// it does not pass.
/// </summary>
public class OverlapTests
{
    private static readonly VectorSet Set = VectorSet.Load(VectorLocation.Find()!).Set!;

    public static TheoryData<string> Concurrent =>
        [.. Set.Cases.Where(IsConcurrent).Select(@case => @case.Vector.Id).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Concurrent))]
    public void A_concurrent_vector_fails_where_tracks_do_not_overlap(string vector)
    {
        using var machine = new OneTrackAfterTheOther();
        var first = Set.Cases.First(@case => @case.Vector.Id == vector);

        var result = new Runner(Set.Rules).Run(machine, first);

        result.Outcome.Should().Be(CaseOutcome.Failed, "{0}", result.Message ?? "nothing in it shows an overlap");
    }

    [Fact]
    public void There_are_concurrent_vectors() => Concurrent.Should().HaveCountGreaterThan(5);

    private static bool IsConcurrent(Case @case) => @case.Steps.Any(step => step.Tracks.Count > 0);

    /// <summary>
    /// The reference VM without concurrency. The last track goes first, so that programs that wait for user space are let go before they
    /// begin.
    /// </summary>
    private sealed class OneTrackAfterTheOther : IVirtualMachine
    {
        private readonly ReferenceVirtualMachine _machine = new();

        public MachineIdentity Identity => _machine.Identity;

        public Answer Perform(Operation operation) =>
            operation is Conformance.Harness.Machines.Parallel parallel
                ? Answer.Ok with
                {
                    Tracks = [.. parallel.Tracks.Reverse().Select(Follow).ToArray().Reverse()],
                }
                : _machine.Perform(operation);

        public void Reset() => _machine.Reset();

        public void Dispose() => _machine.Dispose();

        private IReadOnlyList<Answer> Follow(Track track) =>
            [
                .. track.Operations.Select(operation =>
                    operation is Rendezvous or Await ? Answer.Ok : _machine.Perform(operation)
                ),
            ];
    }
}
