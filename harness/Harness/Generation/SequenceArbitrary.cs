using FsCheck;
using FsCheck.Fluent;

namespace Conformance.Harness.Generation;

/// <summary>Random operation sequences for FsCheck.</summary>
public static class SequenceArbitrary
{
    private const int ShortestSequence = 10;

    /// <summary>Sequences that grow with FsCheck's size, and shrink.</summary>
    /// <param name="cpus">CPUs of the machine they are for.</param>
    public static Arbitrary<OperationSequence> Of(int cpus = 2)
    {
        var seeds = Gen.Choose(0, int.MaxValue - 1);
        var sequences = Gen.Sized(size =>
            seeds.Select(seed => SequenceGenerator.Generate(seed, ShortestSequence + size, cpus))
        );
        return Arb.From(sequences, SequenceShrinker.Shrink);
    }
}
