using Conformance.Harness.Generation;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Fuzzing;

/// <summary>What is wrong with a sequence.</summary>
/// <param name="Who">Which machines differ from the model.</param>
/// <param name="What">Where, and how.</param>
public sealed record SequenceProblem(string Who, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Who}: {What}";
}

/// <summary>One random sequence on two machines, both held against the model.</summary>
/// <param name="Sequence">The sequence.</param>
/// <param name="First">What became of it on the machine under test.</param>
/// <param name="Second">What became of it on the other.</param>
public sealed record SequenceTrial(OperationSequence Sequence, SequenceOutcome First, SequenceOutcome Second)
{
    /// <summary>What differs, and where; null where both machines did all that the model predicts.</summary>
    /// <param name="first">Name of the machine under test.</param>
    /// <param name="second">Name of the other.</param>
    public SequenceProblem? Problem(string first, string second) =>
        (First.Difference, Second.Difference) switch
        {
            (null, null) => null,
            ({ } left, null) => new($"{first} differs from the model and {second} does not", $"{left}"),
            (null, { } right) => new($"{second} differs from the model and {first} does not", $"{right}"),
            ({ } left, { } right) when left.Index == right.Index && left.Message == right.Message => new(
                "both machines agree against the model",
                $"{left}"
            ),
            ({ } left, { } right) => new($"{first} and {second} differ from the model", $"{left}; {right}"),
        };
}

/// <summary>Tries random operation sequences on a machine under test and on the machine it is held against.</summary>
/// <param name="first">The machine under test. It stays the caller's.</param>
/// <param name="second">The machine it is held against. It stays the caller's.</param>
public sealed class SequencePair(IVirtualMachine first, IVirtualMachine second)
{
    /// <summary>Runs a sequence on both.</summary>
    public SequenceTrial Try(OperationSequence sequence) =>
        new(sequence, SequenceRun.Run(first, sequence), SequenceRun.Run(second, sequence));

    /// <summary>The smallest sequence found that still shows a difference on a machine that shows one.</summary>
    public OperationSequence Shrink(SequenceTrial trial) =>
        SequenceRun.Shrink(trial.First.Difference is not null ? first : second, trial.Sequence);
}
