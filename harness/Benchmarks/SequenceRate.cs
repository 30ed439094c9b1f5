using System.Diagnostics;
using Conformance.Harness.Generation;
using Conformance.Harness.Machines;

namespace Conformance.Benchmarks;

/// <summary>How many random sequences a second are generated, predicted, and run on the reference VM.</summary>
internal static class SequenceRate
{
    private const int Sequences = 400;
    private const int Length = 60;

    public static void Print(TextWriter output)
    {
        using var machine = new ReferenceVirtualMachine();
        // The first round is for the compiler.
        Measure(machine);
        var (generated, predicted, run, operations) = Measure(machine);
        output.WriteLine($"{Sequences} sequences of {operations / Sequences} operations on average, one thread");
        output.WriteLine($"generated                  {Sequences / generated, 8:F0} sequences/s");
        output.WriteLine($"predicted by the model     {Sequences / predicted, 8:F0} sequences/s");
        output.WriteLine($"predicted, run, compared   {Sequences / run, 8:F0} sequences/s");
    }

    private static (double Generated, double Predicted, double Run, int Operations) Measure(IVirtualMachine machine)
    {
        var clock = Stopwatch.StartNew();
        var sequences = Enumerable
            .Range(1, Sequences)
            .Select(seed => SequenceGenerator.Generate(seed, Length))
            .ToList();
        var generated = clock.Elapsed.TotalSeconds;
        clock.Restart();
        var operations = sequences.Sum(sequence => sequence.Predict().Count());
        var predicted = clock.Elapsed.TotalSeconds;
        clock.Restart();
        var differences = sequences.Count(sequence => SequenceRun.FirstDifference(machine, sequence) is not null);
        var run = clock.Elapsed.TotalSeconds;
        return differences == 0
            ? (generated, predicted, run, operations)
            : throw new InvalidOperationException($"{differences} sequences differ from the model.");
    }
}
