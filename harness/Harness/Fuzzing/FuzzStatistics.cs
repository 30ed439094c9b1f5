using Conformance.Harness.Generation.Programs;

namespace Conformance.Harness.Fuzzing;

/// <summary>How often two verdicts agreed.</summary>
/// <param name="Programs">Programs counted.</param>
/// <param name="Agreed">Those with the same verdict, or with verdicts that differ for a known reason.</param>
public readonly record struct Agreement(long Programs, long Agreed);

/// <summary>Counts of programs that one machine verified and ran.</summary>
/// <param name="Programs">Programs tried.</param>
/// <param name="Accepted">Those accepted.</param>
/// <param name="Whole">Those that were not mutated.</param>
/// <param name="WholeAccepted">Those of them that were accepted.</param>
/// <param name="Runs">Runs of accepted programs.</param>
/// <param name="Exhausted">Runs that the budget ended.</param>
/// <param name="Problems">Programs that trapped after they were accepted, or that the machine broke over.</param>
/// <param name="Slowest">The longest verification, with its seed.</param>
public sealed record SoundnessCounts(
    long Programs = 0,
    long Accepted = 0,
    long Whole = 0,
    long WholeAccepted = 0,
    long Runs = 0,
    long Exhausted = 0,
    long Problems = 0,
    (TimeSpan Took, int Seed) Slowest = default
);

/// <summary>Counts of a campaign. Workers add to it at the same time.</summary>
public sealed class FuzzStatistics
{
    private const int SeedsKept = 5;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<ProgramFeatures, Agreement> _features = [];
    private readonly Dictionary<string, (long Count, List<int> Seeds)> _causes = [];
    private readonly Dictionary<RunComparison, long> _runs = [];
    private readonly Dictionary<string, long> _explained = [];

    /// <summary>Sequences tried.</summary>
    public long Sequences { get; private set; }

    /// <summary>Their operations performed on the machine under test.</summary>
    public long Operations { get; private set; }

    /// <summary>Sequences that ended early on one of the machines, because it does not offer an operation.</summary>
    public long CutShort { get; private set; }

    /// <summary>Sequences with a difference.</summary>
    public long SequenceFailures { get; private set; }

    /// <summary>Programs tried.</summary>
    public long Programs { get; private set; }

    /// <summary>Programs that the machine under test accepted.</summary>
    public long AcceptedByFirst { get; private set; }

    /// <summary>Programs that the other machine accepted.</summary>
    public long AcceptedBySecond { get; private set; }

    /// <summary>Programs with the same verdict.</summary>
    public long SameVerdict { get; private set; }

    /// <summary>Programs that the machine under test refuses and the other accepts.</summary>
    public long Gaps { get; private set; }

    /// <summary>Programs that the machine under test accepts and the other refuses.</summary>
    public long Unsound { get; private set; }

    /// <summary>Programs that both refuse.</summary>
    public long BothRefused { get; private set; }

    /// <summary>Those refused at the same instruction.</summary>
    public long SameInstruction { get; private set; }

    /// <summary>Those refused with the same errno and message.</summary>
    public long SameMessage { get; private set; }

    /// <summary>Programs with a difference in results, a trap, or a machine that broke.</summary>
    public long ProgramProblems { get; private set; }

    /// <summary>Whether anything was wrong, precision gaps apart.</summary>
    public bool HasFailures => SequenceFailures + ProgramProblems + Unsound + Soundness.Problems > 0;

    /// <summary>Adds a program.</summary>
    /// <returns>Whether it is the first of its cause: worth a closer look.</returns>
    public bool Add(ProgramTrial trial)
    {
        lock (_gate)
        {
            Programs++;
            AcceptedByFirst += trial.First.Accepted ? 1 : 0;
            AcceptedBySecond += trial.Second.Accepted ? 1 : 0;
            SameVerdict += trial.Verdicts == VerdictComparison.Same ? 1 : 0;
            Gaps += trial.Verdicts == VerdictComparison.Gap ? 1 : 0;
            Unsound += trial.Verdicts == VerdictComparison.Unsound ? 1 : 0;
            ProgramProblems += trial.Problem is null ? 0 : 1;
            _runs[trial.Run] = _runs.GetValueOrDefault(trial.Run) + 1;
            if (!trial.First.Accepted && !trial.Second.Accepted)
            {
                BothRefused++;
                SameInstruction += trial.First.Instruction == trial.Second.Instruction ? 1 : 0;
                SameMessage +=
                    trial.First.Errno == trial.Second.Errno && trial.First.Message == trial.Second.Message ? 1 : 0;
            }

            if (trial.Verdicts == VerdictComparison.Explained)
            {
                var reason = KnownDifferences.Explain(trial.First, trial.Second)!;
                _explained[reason] = _explained.GetValueOrDefault(reason) + 1;
            }

            Count(trial);
            return trial.Cause is { } cause && Note(cause, trial.Program.Seed);
        }
    }

    /// <summary>Adds a program that one machine alone was tried with.</summary>
    public void Add(RandomProgram program, SoundnessTrial trial)
    {
        lock (_gate)
        {
            var isWhole = !program.Features.HasFlag(ProgramFeatures.Mutated);
            Soundness = Soundness with
            {
                Programs = Soundness.Programs + 1,
                Accepted = Soundness.Accepted + (trial.Verdict.Accepted ? 1 : 0),
                Whole = Soundness.Whole + (isWhole ? 1 : 0),
                WholeAccepted = Soundness.WholeAccepted + (isWhole && trial.Verdict.Accepted ? 1 : 0),
                Runs = Soundness.Runs + trial.Runs,
                Exhausted = Soundness.Exhausted + trial.Exhausted,
                Problems = Soundness.Problems + (trial.Problem is null ? 0 : 1),
            };
            if (trial.Took > Soundness.Slowest.Took)
            {
                Soundness = Soundness with { Slowest = (trial.Took, program.Seed) };
            }
        }
    }

    /// <summary>What one machine alone was tried with.</summary>
    public SoundnessCounts Soundness { get; private set; } = new();

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
            SequenceFailures += cause is null ? 0 : 1;
            return cause is not null && Note(cause, trial.Sequence.Seed);
        }
    }

    /// <summary>Agreement for each feature: of the programs that make use of it, alone or beside others.</summary>
    public IReadOnlyDictionary<ProgramFeatures, Agreement> Features
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<ProgramFeatures, Agreement>(_features);
            }
        }
    }

    /// <summary>What differed, most frequent first, with the first seeds that show it.</summary>
    public IReadOnlyList<(string Cause, long Count, IReadOnlyList<int> Seeds)> Causes
    {
        get
        {
            lock (_gate)
            {
                return
                [
                    .. _causes
                        .OrderByDescending(cause => cause.Value.Count)
                        .ThenBy(cause => cause.Key, StringComparer.Ordinal)
                        .Select(cause =>
                            (cause.Key, cause.Value.Count, (IReadOnlyList<int>)[.. cause.Value.Seeds.Order()])
                        ),
                ];
            }
        }
    }

    /// <summary>Verdicts that differ for a known reason, by reason.</summary>
    public IReadOnlyDictionary<string, long> Explained
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<string, long>(_explained, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>How many programs came to this end.</summary>
    public long Runs(RunComparison end)
    {
        lock (_gate)
        {
            return _runs.GetValueOrDefault(end);
        }
    }

    private void Count(ProgramTrial trial)
    {
        foreach (var feature in Enum.GetValues<ProgramFeatures>())
        {
            if (feature != ProgramFeatures.None && trial.Program.Features.HasFlag(feature))
            {
                var (programs, agreed) = _features.GetValueOrDefault(feature);
                var agrees = trial.Verdicts is VerdictComparison.Same or VerdictComparison.Explained;
                _features[feature] = new Agreement(programs + 1, agreed + (agrees ? 1 : 0));
            }
        }
    }

    private bool Note(string cause, int seed)
    {
        var isNew = !_causes.TryGetValue(cause, out var known);
        var seeds = known.Seeds ?? [];
        if (seeds.Count < SeedsKept)
        {
            seeds.Add(seed);
        }

        _causes[cause] = (known.Count + 1, seeds);
        return isNew;
    }
}
