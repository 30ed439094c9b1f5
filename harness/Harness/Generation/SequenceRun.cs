using Conformance.Harness.Machines;
using Conformance.Harness.Model;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Generation;

/// <summary>Where a machine and the model part.</summary>
/// <param name="Index">Number of the operation in the sequence.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Message">What differs.</param>
public sealed record SequenceDifference(int Index, Operation Operation, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"operation {Index}, {OperationText.Of(Operation)}: {Message}";
}

/// <summary>What became of a sequence on a machine.</summary>
/// <param name="Difference">The first answer that is not the model's, if there is one.</param>
/// <param name="Performed">Operations performed: all, or those before the difference or before one that the machine does not offer.</param>
/// <param name="Unsupported">Why it ended before its end, where the machine does not offer an operation.</param>
public sealed record SequenceOutcome(SequenceDifference? Difference, int Performed, string? Unsupported = null);

/// <summary>Runs a sequence on a machine and holds every answer against the model's prediction.</summary>
public static class SequenceRun
{
    /// <summary>The first difference, or null. The machine is reset first.</summary>
    public static SequenceDifference? FirstDifference(IVirtualMachine machine, OperationSequence sequence) =>
        Run(machine, sequence).Difference;

    /// <summary>Performs the sequence up to the first difference. The machine is reset first.</summary>
    public static SequenceOutcome Run(IVirtualMachine machine, OperationSequence sequence)
    {
        machine.Reset();
        var atlas = new PointerAtlas();
        var index = 0;
        var removed = false;
        var isDated = KernelVersion.TryParse(machine.Identity.Kernel ?? "", out var kernel);
        foreach (var (operation, prediction, state) in sequence.Predict())
        {
            if (isDated && kernel < prediction.Since)
            {
                return new SequenceOutcome(Difference: null, index, $"the model speaks of Linux {prediction.Since}");
            }

            var map = (operation as MapLookupElem)?.Map;
            var answer = machine.Perform(operation);
            if (answer.Kind == AnswerKind.Unsupported)
            {
                // What follows would start from another state than the model's.
                return new SequenceOutcome(Difference: null, index, answer.Message ?? "unsupported");
            }

            var message = PredictionCheck.Difference(prediction, answer, state, atlas, map);
            var patience = new Patience();
            while (
                message is not null
                && (prediction.Eventually || (removed && operation is LinkUpdate))
                && !patience.IsAtEnd
            )
            {
                // A kernel takes a removed cgroup's storages and links away a little later.
                Thread.Yield();
                message = PredictionCheck.Difference(prediction, machine.Perform(operation), state, atlas, map);
            }

            if (message is not null)
            {
                return new SequenceOutcome(new SequenceDifference(index, operation, message), index);
            }

            removed |= operation is CgroupRemove;
            index++;
        }

        return new SequenceOutcome(Difference: null, index);
    }

    /// <summary>The smallest sequence found, by shrinking, that still shows a difference.</summary>
    public static OperationSequence Shrink(IVirtualMachine machine, OperationSequence sequence)
    {
        while (
            SequenceShrinker.Shrink(sequence).FirstOrDefault(smaller => FirstDifference(machine, smaller) is not null)
                is { } found
        )
        {
            sequence = found;
        }

        return sequence;
    }
}
