using Conformance.Harness.Generation;
using Conformance.Harness.Machines;
using Conformance.Harness.Model;

namespace Conformance.Tests.Generation;

public class SequenceGeneratorTests
{
    private const int Length = 60;
    private static readonly IReadOnlyList<OperationSequence> Sample =
    [
        .. Enumerable.Range(1, 100).Select(seed => SequenceGenerator.Generate(seed, Length)),
    ];

    [Fact]
    public void The_same_seed_gives_the_same_sequence()
    {
        SequenceGenerator.Generate(7, Length).ToString().Should().Be(Sample[6].ToString());
        SequenceGenerator.Generate(8, Length).ToString().Should().NotBe(Sample[6].ToString());
    }

    [Fact]
    public void Most_operations_succeed_and_some_do_not()
    {
        var predictions = Sample.SelectMany(sequence => sequence.Predict()).Select(p => p.Prediction.Kind).ToList();

        var succeeded = predictions.Count(kind => kind == AnswerKind.Ok) / (double)predictions.Count;

        succeeded.Should().BeInRange(0.6, 0.95);
    }

    [Fact]
    public void Every_operation_the_model_knows_is_drawn_and_succeeds_and_fails_somewhere()
    {
        // Rare outcomes may need more sequences than a sample has; the bound is far beyond what any needs.
        const int Most = 5000;
        string[] never = [nameof(MapDeleteElem), nameof(MapLookupAndDeleteElem)];
        string[] both =
        [
            nameof(CgroupCreate),
            nameof(CgroupRemove),
            nameof(MapCreate),
            nameof(MapLookupElem),
            nameof(MapUpdateElem),
            nameof(MapGetNextKey),
            nameof(ProgAttach),
            nameof(ProgDetach),
            nameof(ProgQuery),
            nameof(ProgTestRun),
            nameof(LinkCreate),
            nameof(LinkUpdate),
        ];

        var wanted = never
            .Concat(both)
            .Select(name => (name, AnswerKind.Failed))
            .Concat(both.Select(name => (name, AnswerKind.Ok)))
            .Append((nameof(ProgLoad), AnswerKind.Refused))
            .ToHashSet();
        var drawn = new HashSet<(string Name, AnswerKind Kind)>();
        for (var seed = 1; seed <= Most && !wanted.IsSubsetOf(drawn); seed++)
        {
            drawn.UnionWith(
                SequenceGenerator
                    .Generate(seed, Length)
                    .Predict()
                    .Select(step => (step.Operation.GetType().Name, step.Prediction.Kind))
            );
        }

        wanted.Except(drawn).Should().BeEmpty();
        drawn.Should().NotContain(step => step.Kind == AnswerKind.Unsupported, "the model predicts what is generated");
    }

    [Fact]
    public void Events_run_programs_more_often_than_not()
    {
        var changed = Sample
            .SelectMany(sequence => sequence.Predict().Zip(sequence.Predict().Skip(1)))
            .Where(pair => pair.Second.Operation is Fire)
            .ToList();

        var effective = changed.Count(pair => !ReferenceEquals(pair.First.State, pair.Second.State));

        (effective / (double)changed.Count).Should().BeGreaterThan(0.4);
    }

    [Fact]
    public void Shrinking_leaves_out_whatever_loses_its_object()
    {
        var whole = Sample[0];
        var withoutMaps = whole with
        {
            Operations = [.. whole.Operations.Where(operation => operation is not MapCreate)],
        };

        var mended = SequenceShrinker.Mend(withoutMaps);

        mended
            .Operations.Should()
            .OnlyContain(operation =>
                operation is CgroupCreate
                || operation is CgroupRemove
                || operation is ProgQuery
                || operation is Fire
                || operation is ProgDetach
            );
        mended.Sketches.Should().BeEmpty();
    }

    [Fact]
    public void Shrinking_with_a_model_of_the_fault_ends_at_a_handful_of_operations()
    {
        // A made-up fault: some detach succeeds, and some value shows its address.
        static bool Shows(OperationSequence sequence) =>
            sequence.Predict().Any(step => step.Operation is ProgDetach && step.Prediction == Prediction.Ok)
            && sequence.Predict().Any(step => step.Prediction.Areas?.Any(area => area.HoldsOwnAddress) == true);
        var sequence = Sample.First(Shows);

        while (SequenceShrinker.Shrink(sequence).FirstOrDefault(Shows) is { } smaller)
            sequence = smaller;

        sequence.Operations.Count.Should().BeLessThan(13, "{0}", sequence);
    }
}
