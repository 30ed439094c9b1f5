using Conformance.Harness.Running;

namespace Conformance.Harness.Reporting;

/// <summary>A failure as plain lines: what one reads first when a run is red.</summary>
public static class FailureText
{
    private const int Margin = 10;

    /// <summary>The lines of a failed case.</summary>
    public static IEnumerable<string> Lines(CaseRecord result)
    {
        if (result.Failure is not { } failure)
        {
            return
            [
                .. Block("message", result.Message ?? "it passed"),
                .. Expected(result),
                .. Machine(result),
                .. Origin(result),
                .. Again(result),
            ];
        }

        return
        [
            .. Block("rule", $"{failure.Rule}\n{failure.Sentence}"),
            .. Origin(result),
            .. Block(failure.Step is { } step ? $"step {step}" : "set-up", failure.Operation),
            .. Block("expected", failure.Expected),
            .. Block("actual", failure.Actual),
            .. failure.Log is { } log ? Block("log", log) : [],
            .. Machine(result),
            .. failure.Programs.SelectMany(program =>
                Block("program", $"{program.Name}\n{string.Join('\n', program.Listing.Select(line => "  " + line))}")
            ),
            .. Expected(result),
            .. Again(result),
        ];
    }

    private static IEnumerable<string> Expected(CaseRecord result) =>
        result.Expectation is { } listed
            ? Block("listed", $"as {Word(listed.Listed)} by {listed.Pattern}\n{ListedReason.Of(listed)}")
            : [];

    private static string Word(CaseOutcome outcome) =>
        outcome switch
        {
            CaseOutcome.Failed => "failing",
            CaseOutcome.Errored => "erroring",
            _ => "flaky",
        };

    private static IEnumerable<string> Again(CaseRecord result) =>
        (result.Again ?? result.Reproduce) is { } command ? Block("again", command) : [];

    private static IEnumerable<string> Machine(CaseRecord result) =>
        [
            .. result.Aftermath is { } aftermath ? Block("then", aftermath) : [],
            .. result.StandardError.Count > 0 ? Block("stderr", string.Join('\n', result.StandardError)) : [],
        ];

    private static IEnumerable<string> Origin(CaseRecord result) =>
        [
            .. result.Title is { } title ? Block("vector", $"{title}\n{result.File}") : [],
            .. result.Catches is { } catches ? Block("catches", catches) : [],
        ];

    private static IEnumerable<string> Block(string label, string text) =>
        text.TrimEnd('\n')
            .ReplaceLineEndings("\n")
            .Split('\n')
            .Select((line, index) => ((index == 0 ? label : "").PadRight(Margin) + line).TrimEnd());
}
