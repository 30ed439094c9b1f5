namespace Conformance.Harness.Running;

/// <summary>Counts of a run, by outcome.</summary>
public readonly record struct RunSummary(int Passed, int Failed, int Errored, int Skipped, int NotApplicable)
{
    /// <summary>All cases.</summary>
    public int Total => Passed + Failed + Errored + Skipped + NotApplicable;

    /// <summary>Cases that reached a verdict.</summary>
    public int Executed => Passed + Failed;

    /// <summary>Whether nothing failed or errored and something passed: a run that checked nothing is no success.</summary>
    public bool IsSuccess => Failed == 0 && Errored == 0 && Passed > 0;

    /// <summary>Counts results.</summary>
    public static RunSummary Of(IEnumerable<CaseResult> results) =>
        results.Aggregate(default(RunSummary), (sum, result) => sum.With(result.Outcome));

    /// <summary>One more case of this outcome.</summary>
    public RunSummary With(CaseOutcome outcome) =>
        outcome switch
        {
            CaseOutcome.Passed => this with { Passed = Passed + 1 },
            CaseOutcome.Failed => this with { Failed = Failed + 1 },
            CaseOutcome.Errored => this with { Errored = Errored + 1 },
            CaseOutcome.Skipped => this with { Skipped = Skipped + 1 },
            CaseOutcome.NotApplicable => this with { NotApplicable = NotApplicable + 1 },
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, message: null),
        };
}
