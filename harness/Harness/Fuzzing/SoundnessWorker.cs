using System.Diagnostics;
using Conformance.Harness.Generation.Programs;
using Conformance.Harness.Machines;

namespace Conformance.Harness.Fuzzing;

/// <summary>
/// Gives random programs to a machine's verifier and runs what it accepts, on several events and now and then on two CPUs at once: none of it may trap.
/// </summary>
/// <param name="machine">The machine, which tells when a program touches what it must not: the reference VM in checked mode.</param>
/// <param name="statistics">What was seen, for all workers.</param>
/// <param name="found">Told of each finding, shrunk.</param>
public sealed class SoundnessWorker(IVirtualMachine machine, SoundnessStatistics statistics, Action<Finding> found)
    : IFuzzWorker
{
    // As many of them random as extreme ones.
    private const int Events = 2 * ProgramSteps.ExtremeVariations;

    // Threads cost more than all else.
    private const int ConcurrentOneIn = 8;

    private readonly ProgramBench _bench = new(machine);

    /// <inheritdoc/>
    public void Try(int seed)
    {
        var program = RandomProgram.Generate(seed);
        var trial = Try(program);
        statistics.Add(program, trial);
        if (trial.Problem is not null)
        {
            found(Look(program, trial.Problem));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => machine.Dispose();

    private Finding Look(RandomProgram program, ProgramProblem problem)
    {
        var last = problem;
        var smallest = ProgramShrinker.Shrink(
            program,
            candidate =>
            {
                // A smaller program that goes wrong in another way is another finding.
                var shown = Try(candidate).Problem;
                var shows = shown?.Cause == problem.Cause;
                last = shows ? shown! : last;
                return shows;
            }
        );
        var trial = new ProgramTrial(smallest, LoadVerdict.None, LoadVerdict.None, RunComparison.NotRun, last);
        return new Finding(
            "unsound",
            program.Seed,
            last.Text,
            FindingWeight.Failure,
            string.Join('\n', ProgramReproduction.Lines(smallest)),
            id => ProgramReproduction.Of(trial, id, [])
        );
    }

    private SoundnessTrial Try(RandomProgram program)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var answer = _bench.Load(program);
            var verdict = LoadVerdict.Of(answer);
            var took = Stopwatch.GetElapsedTime(started);
            return verdict.Accepted
                ? Run(program, new SoundnessTrial(verdict, took))
                : new SoundnessTrial(verdict, took) { Problem = ProgramProblem.OfLoad(answer, machine.Identity.Name) };
        }
#pragma warning disable CA1031 // Whatever it is, it is what was looked for.
        catch (Exception crash)
#pragma warning restore CA1031
        {
            _bench.Forget();
            return new SoundnessTrial(LoadVerdict.None, Stopwatch.GetElapsedTime(started))
            {
                Problem = ProgramProblem.OfCrash(crash),
            };
        }
    }

    private SoundnessTrial Run(RandomProgram program, SoundnessTrial trial)
    {
        var results = Enumerable.Range(0, Events).Select(variation => _bench.Run(program, variation));
        if (program.Seed % ConcurrentOneIn == 0)
        {
            results = results.Append(_bench.RunConcurrently(program));
        }

        foreach (var result in results)
        {
            trial = trial with
            {
                Runs = trial.Runs + 1,
                Exhausted = trial.Exhausted + (result.IsExhausted ? 1 : 0),
                Problem = result.Trap is { } trap ? ProgramProblem.OfTrap(trap) : null,
            };
            if (trial.Problem is not null)
            {
                break;
            }
        }

        _bench.Unload();
        return trial;
    }
}

/// <summary>What became of one random program on one machine.</summary>
/// <param name="Verdict">The verifier's.</param>
/// <param name="Took">How long it took to say so.</param>
public sealed record SoundnessTrial(LoadVerdict Verdict, TimeSpan Took)
{
    /// <summary>Runs made.</summary>
    public int Runs { get; init; }

    /// <summary>Runs that the budget ended.</summary>
    public int Exhausted { get; init; }

    /// <summary>A trap or a crash, or null.</summary>
    public ProgramProblem? Problem { get; init; }
}
