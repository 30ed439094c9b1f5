using Conformance.Harness.Machines;
using Conformance.Harness.Model;

namespace Conformance.Harness.Generation;

/// <summary>A list of operations that the model can predict.</summary>
/// <param name="Seed">The number it was generated from; the same number and length give the same sequence.</param>
/// <param name="Cpus">CPUs it was made for.</param>
/// <param name="Sketches">What its programs do.</param>
/// <param name="Operations">The operations.</param>
public sealed record OperationSequence(
    int Seed,
    int Cpus,
    IReadOnlyList<ProgramSketch> Sketches,
    IReadOnlyList<Operation> Operations
)
{
    /// <summary>A machine on which nothing of it has happened yet.</summary>
    public ModelState Start => ModelState.Empty(Cpus, Sketches);

    /// <summary>The operations with what the model predicts, and the states behind them.</summary>
    public IEnumerable<(Operation Operation, Prediction Prediction, ModelState State)> Predict()
    {
        var state = Start;
        foreach (var operation in Operations)
        {
            (state, var prediction) = LocalStorageModel.Step(state, operation);
            yield return (operation, prediction, state);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => SequenceText.Of(this);
}
