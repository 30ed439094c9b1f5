using Conformance.Harness.Generation.Programs;
using Conformance.ReferenceVm.Programs;

namespace Conformance.Harness.Fuzzing;

/// <summary>Counts of programs on two machines. Workers add to it at the same time.</summary>
public sealed class ProgramStatistics
{
    private static readonly ProgramFeatures[] Known =
    [
        .. Enum.GetValues<ProgramFeatures>().Where(feature => feature != ProgramFeatures.None),
    ];

    private readonly Lock _gate = new();
    private readonly SortedDictionary<ProgramFeatures, Agreement> _features = [];
    private readonly SortedDictionary<AttachType, Agreement> _context = [];
    private readonly SortedDictionary<string, long> _explained = new(StringComparer.Ordinal);
    private readonly Dictionary<RunComparison, long> _runs = [];
    private readonly Dictionary<ProgramProblemKind, long> _problems = [];

    /// <summary>Programs tried.</summary>
    public long Programs { get; private set; }

    /// <summary>Programs that the machine under test accepted.</summary>
    public long AcceptedByFirst { get; private set; }

    /// <summary>Programs that the other machine accepted.</summary>
    public long AcceptedBySecond { get; private set; }

    /// <summary>Programs with the same verdict.</summary>
    public long SameVerdict { get; private set; }

    /// <summary>Programs that both refuse.</summary>
    public long BothRefused { get; private set; }

    /// <summary>Those refused at the same instruction.</summary>
    public long SameInstruction { get; private set; }

    /// <summary>Those refused with the same errno and message.</summary>
    public long SameMessage { get; private set; }

    /// <summary>Programs that only the machine under test refuses, for no known reason, by its reason.</summary>
    public CauseTally Gaps { get; } = new();

    /// <summary>Programs that only the other machine refuses, for no known reason, by its reason.</summary>
    public CauseTally Unsound { get; } = new();

    /// <summary>Programs with a difference in results, a trap, or a machine that broke.</summary>
    public CauseTally Problems { get; } = new();

    /// <summary>Programs about which the other machine contradicts itself, by what was done to show it.</summary>
    public CauseTally Contradictions { get; } = new();

    /// <summary>Whether anything was wrong, precision gaps apart.</summary>
    public bool HasFailures => Problems.Total + Unsound.Total > 0;

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

    /// <summary>Agreement about the programs that access their context, for each attach type that one of them was for.</summary>
    public IReadOnlyDictionary<AttachType, Agreement> ContextAccess
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<AttachType, Agreement>(_context);
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

    /// <summary>Adds a program.</summary>
    /// <returns>Whether it is the first of its cause: worth a closer look.</returns>
    public bool Add(ProgramTrial trial)
    {
        lock (_gate)
        {
            Programs++;
            _runs[trial.Run] = _runs.GetValueOrDefault(trial.Run) + 1;
            CountVerdicts(trial);
            CountFeatures(trial);
            if (trial.Problem is { } problem)
            {
                _problems[problem.Kind] = _problems.GetValueOrDefault(problem.Kind) + 1;
            }
        }

        return TallyOf(trial) is { } tally && tally.Add(trial.Cause!, trial.Program.Seed);
    }

    /// <summary>How many programs came to this end.</summary>
    public long Runs(RunComparison end)
    {
        lock (_gate)
        {
            return _runs.GetValueOrDefault(end);
        }
    }

    /// <summary>How many programs went wrong in this way.</summary>
    public long ProblemsOf(ProgramProblemKind kind)
    {
        lock (_gate)
        {
            return _problems.GetValueOrDefault(kind);
        }
    }

    private CauseTally? TallyOf(ProgramTrial trial) =>
        (trial.Problem, trial.Verdicts) switch
        {
            ({ }, _) => Problems,
            _ when trial.Run == RunComparison.Contradicted => Contradictions,
            (_, VerdictComparison.Gap) => Gaps,
            (_, VerdictComparison.Unsound) => Unsound,
            _ => null,
        };

    private void CountVerdicts(ProgramTrial trial)
    {
        var (first, second) = (trial.First, trial.Second);
        AcceptedByFirst += first.Accepted ? 1 : 0;
        AcceptedBySecond += second.Accepted ? 1 : 0;
        SameVerdict += trial.Verdicts == VerdictComparison.Same ? 1 : 0;
        if (trial.Verdicts == VerdictComparison.Same && !first.Accepted)
        {
            BothRefused++;
            SameInstruction += first.Instruction == second.Instruction ? 1 : 0;
            SameMessage += first.Errno == second.Errno && first.Message == second.Message ? 1 : 0;
        }

        if (trial.Verdicts == VerdictComparison.Explained)
        {
            var reason = KnownDifferences.Explain(first, second)!;
            _explained[reason] = _explained.GetValueOrDefault(reason) + 1;
        }
    }

    private void CountFeatures(ProgramTrial trial)
    {
        var agrees = trial.Verdicts is VerdictComparison.Same or VerdictComparison.Explained;
        foreach (var feature in Known.Where(feature => trial.Program.Features.HasFlag(feature)))
        {
            _features[feature] = _features.GetValueOrDefault(feature).With(agrees);
        }

        if (trial.Program.Features.HasFlag(ProgramFeatures.Context))
        {
            var attachType = trial.Program.AttachType;
            _context[attachType] = _context.GetValueOrDefault(attachType).With(agrees);
        }
    }
}
