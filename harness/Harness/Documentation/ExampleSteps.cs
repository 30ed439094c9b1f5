using System.Text.RegularExpressions;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Documentation;

/// <summary>What was sent and what came back, for reading.</summary>
internal static partial class ExampleSteps
{
    /// <summary>Steps that are shown of a long example: these at the beginning, and those at the end.</summary>
    private const int FirstShown = 14;
    private const int LastShown = 8;

    /// <summary>Steps as they ran, without those that only make the world.</summary>
    public static IReadOnlyList<ExampleStep> Of(IReadOnlyList<StepRecord> records)
    {
        ExampleStep[] steps = [.. records.Where(record => record.Step.Index >= 0).SelectMany(Of)];
        if (steps.Length <= FirstShown + LastShown + 1)
            return steps;
        var left = steps.Length - FirstShown - LastShown;
        return
        [
            .. steps.Take(FirstShown),
            new ExampleStep($"{left} more steps", ["…"], Why: null),
            .. steps[^LastShown..],
        ];
    }

    private static IEnumerable<ExampleStep> Of(StepRecord record)
    {
        var step = record.Step;
        var answer = record.Observations[0].Answer;
        if (step.Tracks.Count == 0)
            return [One("", step, answer)];
        return step
            .Tracks.Zip(answer.Tracks ?? [])
            .SelectMany(track =>
                track
                    .First.Steps.Zip(track.Second)
                    .Select(pair => One($"{track.First.Name}: ", pair.First, pair.Second))
            );
    }

    private static ExampleStep One(string track, Step step, Answer answer) =>
        new(track + Short(step.Text), ObservedText.Of(step, answer), step.Why);

    /// <summary>Values of many bytes say nothing: their beginning stands for them.</summary>
    private static string Short(string text) => LongHex().Replace(text, match => $"{match.Groups["begin"].Value}…");

    [GeneratedRegex(
        "(?<begin>[0-9a-f]{32})[0-9a-f]+(\\.\\.\\.)?",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex LongHex();
}
