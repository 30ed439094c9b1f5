using Conformance.Harness.Running;

namespace Conformance.Harness.Reporting.Html;

/// <summary>Outcomes and states as letters, for the page.</summary>
internal static class OutcomeLetter
{
    public const char NotRun = '.';

    public static char Of(CaseOutcome outcome) =>
        outcome switch
        {
            CaseOutcome.Passed => 'p',
            CaseOutcome.Failed => 'f',
            CaseOutcome.Errored => 'e',
            CaseOutcome.Skipped => 's',
            CaseOutcome.NotApplicable => 'n',
            CaseOutcome.ExpectedFailure => 'x',
            CaseOutcome.UnexpectedPass => 'u',
            CaseOutcome.Flaky => 'k',
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "an outcome without a letter"),
        };

    public static char Of(StepState state) =>
        state switch
        {
            StepState.Held => 'h',
            StepState.Violated => 'v',
            StepState.Broken => 'b',
            StepState.NotReached => 'n',
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "a state without a letter"),
        };
}
