using Conformance.Harness.Generation;
using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.ReferenceVm;
using FsCheck;
using FsCheck.Fluent;

namespace Conformance.Tests.Properties;

public sealed class ModelAgreementProperties : IDisposable
{
    private readonly ReferenceVirtualMachine machine = new(isChecked: true);

    public void Dispose() => machine.Dispose();

    [Fact]
    public void The_reference_VM_agrees_with_the_model_on_random_operation_sequences() =>
        Check.One(PropertyRuns.Of(200), Prop.ForAll(SequenceArbitrary.Of(), sequence => Agreement(machine, sequence)));

    [Fact]
    public void The_reference_VM_agrees_with_the_model_for_any_number_of_CPUs()
    {
        foreach (var cpus in new[] { 1, 3, 8 })
        {
            using var other = new ReferenceVirtualMachine(limits: new Limits { PossibleCpus = cpus });
            Check.One(
                PropertyRuns.Of(20),
                Prop.ForAll(SequenceArbitrary.Of(cpus), sequence => Agreement(other, sequence))
            );
        }
    }

    [Fact]
    public void The_pointer_of_a_storage_is_stable_under_random_operation_sequences()
    {
        // Every program also writes its pointer down; the atlas holds each address against all that were seen before.
        var writers = SequenceArbitrary.Of().Generator.Select(WithPointers);
        Check.One(
            PropertyRuns.Of(60),
            Prop.ForAll(
                Arb.From(writers, SequenceShrinker.Shrink),
                sequence =>
                    Agreement(machine, sequence).Classify(sequence.Predict().Any(ShowsPointer), "shows a pointer")
            )
        );
    }

    [Fact]
    public void A_failed_operation_changes_nothing_that_user_space_can_see() =>
        Check.One(
            PropertyRuns.Of(60),
            Prop.ForAll(
                SequenceArbitrary.Of(),
                sequence =>
                {
                    var failed = sequence
                        .Predict()
                        .Where(step => step.Prediction.Kind is AnswerKind.Failed or AnswerKind.Refused)
                        .Select(step => step.Operation)
                        .ToHashSet(ReferenceEqualityComparer.Instance);
                    var without = sequence with
                    {
                        Operations = [.. sequence.Operations.Where(o => !failed.Contains(o))],
                    };
                    return Agreement(machine, without).And(Agreement(machine, sequence));
                }
            )
        );

    [Fact]
    public void A_machine_that_was_reset_is_as_new() =>
        Check.One(
            PropertyRuns.Of(30),
            Prop.ForAll(
                SequenceArbitrary.Of(),
                SequenceArbitrary.Of(),
                (before, after) =>
                {
                    SequenceRun.FirstDifference(machine, before);
                    return Agreement(machine, after);
                }
            )
        );

    private static bool ShowsPointer((Operation, Prediction Prediction, ModelState) step) =>
        step.Prediction.Areas?.Any(area => area.HoldsOwnAddress) == true;

    private static Property Agreement(IVirtualMachine machine, OperationSequence sequence) =>
        SequenceRun.FirstDifference(machine, sequence) is { } difference
            ? false.Label(difference.ToString())
            : true.ToProperty();

    private static OperationSequence WithPointers(OperationSequence sequence)
    {
        var sizes = sequence.Operations.OfType<MapCreate>().ToDictionary(map => map.Map, map => map.ValueSize);
        var sketches = sequence
            .Sketches.Select(sketch =>
                sketch with
                {
                    Effects =
                    [
                        .. sketch.Effects,
                        .. sketch.Maps.Where(map => sizes[map] >= 16).Select(map => new WritePointer(map)),
                    ],
                }
            )
            .ToDictionary(sketch => sketch.Name);
        var operations = sequence.Operations.Select(operation =>
            operation is ProgLoad load ? SketchSource.Load(sketches[load.Program]) : operation
        );
        return SequenceShrinker.Mend(sequence with { Sketches = [.. sketches.Values], Operations = [.. operations] });
    }
}
