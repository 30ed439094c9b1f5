namespace Conformance.Harness.Running;

/// <summary>Counts of a run, by outcome.</summary>
public readonly record struct RunSummary(int Passed, int Failed, int Errored, int Skipped, int NotApplicable)
{
    /// <summary>Cases that ended as badly as was expected of them.</summary>
    public int ExpectedFailure { get; init; }

    /// <summary>Cases that passed although they were expected not to.</summary>
    public int UnexpectedPass { get; init; }

    /// <summary>Cases that decide nothing.</summary>
    public int Flaky { get; init; }

    /// <summary>All cases.</summary>
    public int Total => Passed + Failed + Errored + Skipped + NotApplicable + ExpectedFailure + UnexpectedPass + Flaky;

    /// <summary>Cases that reached a verdict.</summary>
    public int Executed => Passed + Failed + ExpectedFailure + UnexpectedPass + Flaky;

    /// <summary>Cases that were not as they should be.</summary>
    public int Red => Failed + Errored + UnexpectedPass;

    /// <summary>
    /// Whether nothing was red and something went as it should: a run that checked nothing is no success, and neither is one in which
    /// only flaky cases ran.
    /// </summary>
    public bool IsSuccess => Red == 0 && Passed + ExpectedFailure > 0;

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
            CaseOutcome.ExpectedFailure => this with { ExpectedFailure = ExpectedFailure + 1 },
            CaseOutcome.UnexpectedPass => this with { UnexpectedPass = UnexpectedPass + 1 },
            CaseOutcome.Flaky => this with { Flaky = Flaky + 1 },
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, message: null),
        };
}
