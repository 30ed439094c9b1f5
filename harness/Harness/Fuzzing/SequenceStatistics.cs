namespace Conformance.Harness.Fuzzing;

/// <summary>Counts of sequences on two machines. Workers add to it at the same time.</summary>
public sealed class SequenceStatistics
{
    private readonly Lock _gate = new();

    /// <summary>Sequences tried.</summary>
    public long Sequences { get; private set; }

    /// <summary>Their operations performed on the machine under test.</summary>
    public long Operations { get; private set; }

    /// <summary>Sequences that ended early on one of the machines, because it does not offer an operation.</summary>
    public long CutShort { get; private set; }

    /// <summary>Sequences with a difference.</summary>
    public CauseTally Differences { get; } = new();

    /// <summary>Adds a sequence.</summary>
    /// <param name="trial">The sequence on both machines.</param>
    /// <param name="cause">What it is grouped by, where it shows a difference.</param>
    /// <returns>Whether it is the first of its cause.</returns>
    public bool Add(SequenceTrial trial, string? cause)
    {
        lock (_gate)
        {
            Sequences++;
            Operations += trial.First.Performed;
            CutShort += trial.First.Unsupported is null && trial.Second.Unsupported is null ? 0 : 1;
        }

        return cause is not null && Differences.Add(cause, trial.Sequence.Seed);
    }
}
