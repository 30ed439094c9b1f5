using Conformance.Harness.Generation.Programs;

namespace Conformance.Harness.Fuzzing;

/// <summary>Counts of programs that one machine verified and ran. Workers add to it at the same time.</summary>
public sealed class SoundnessStatistics
{
    private readonly Lock _gate = new();

    /// <summary>Programs tried.</summary>
    public long Programs { get; private set; }

    /// <summary>Those accepted.</summary>
    public long Accepted { get; private set; }

    /// <summary>Those that were not mutated.</summary>
    public long Whole { get; private set; }

    /// <summary>Those of them that were accepted.</summary>
    public long WholeAccepted { get; private set; }

    /// <summary>Runs of accepted programs.</summary>
    public long Runs { get; private set; }

    /// <summary>Runs that the budget ended.</summary>
    public long Exhausted { get; private set; }

    /// <summary>Programs that trapped after they were accepted.</summary>
    public CauseTally Trapped { get; } = new();

    /// <summary>Programs that broke the machine.</summary>
    public CauseTally Broken { get; } = new();

    /// <summary>The longest verification, with its seed.</summary>
    public (TimeSpan Took, int Seed) Slowest { get; private set; }

    /// <summary>Adds a program.</summary>
    public void Add(RandomProgram program, SoundnessTrial trial)
    {
        var isWhole = !program.Features.HasFlag(ProgramFeatures.Mutated);
        lock (_gate)
        {
            Programs++;
            Accepted += trial.Verdict.Accepted ? 1 : 0;
            Whole += isWhole ? 1 : 0;
            WholeAccepted += isWhole && trial.Verdict.Accepted ? 1 : 0;
            Runs += trial.Runs;
            Exhausted += trial.Exhausted;
            if (trial.Took > Slowest.Took)
            {
                Slowest = (trial.Took, program.Seed);
            }
        }

        if (trial.Problem is { } problem)
        {
            var tally = problem.Kind == ProgramProblemKind.Trapped ? Trapped : Broken;
            tally.Add(problem.Cause, program.Seed);
        }
    }
}
