using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Reporting;

/// <summary>A step of a case that failed or errored, as reports tell it.</summary>
public sealed record RecordedStep
{
    /// <summary>Place in the vector's steps, from 0; null for what is made before the first step.</summary>
    public int? Step { get; init; }

    /// <summary>The track of a parallel step that it belongs to, else null.</summary>
    public string? Track { get; init; }

    /// <summary>The operation as one line.</summary>
    public required string Operation { get; init; }

    /// <summary>What it must show, a condition a line.</summary>
    public required IReadOnlyList<string> Expected { get; init; }

    /// <summary>What the machine answered, as one line; null where the run did not get that far.</summary>
    public string? Actual { get; init; }

    /// <summary>What became of it.</summary>
    public required StepState State { get; init; }

    /// <summary>Why the step is there, where the vector says so.</summary>
    public string? Why { get; init; }

    /// <summary>All steps of a case, in order, beginning with what is made before the first one.</summary>
    internal static IReadOnlyList<RecordedStep> Of(CaseResult result)
    {
        // A step is looked for by itself: two of a case may be equal.
        var records = new Dictionary<Step, StepRecord>(ReferenceEqualityComparer.Instance);
        foreach (var record in result.Steps)
        {
            records[record.Step] = record;
        }

        var steps = result.Case.Setup.Concat(result.Case.Steps);
        return [.. steps.SelectMany(step => Of(step, records.GetValueOrDefault(step)))];
    }

    /// <summary>The steps of a case that nothing has run.</summary>
    internal static IReadOnlyList<RecordedStep> Of(Case @case) =>
        [.. @case.Setup.Concat(@case.Steps).SelectMany(step => Of(step, record: null))];

    private static IEnumerable<RecordedStep> Of(Step step, StepRecord? record)
    {
        var answer = record?.Observations[^1].Answer;
        if (step.Tracks.Count == 0)
            return [One(step, track: null, answer, record?.Violation)];
        return step.Tracks.SelectMany(
            (track, place) =>
                track.Steps.Select(
                    (inner, index) =>
                        One(
                            inner,
                            track.Name,
                            answer?.Tracks?.ElementAtOrDefault(place)?.ElementAtOrDefault(index) ?? answer,
                            record?.Violation
                        ) with
                        {
                            Step = step.Index,
                        }
                )
        );
    }

    private static RecordedStep One(Step step, string? track, Machines.Answer? answer, Violation? violation) =>
        new()
        {
            Step = step.Index < 0 ? null : step.Index,
            Track = track,
            Operation = step.Text,
            Expected = [.. step.Expectations.SelectMany(StepText.Of)],
            Actual = answer is null ? null : AnswerText.Of(answer),
            State =
                answer is null ? StepState.NotReached
                : violation?.Step.Pointer == step.Pointer ? StepState.Violated
                : answer.Kind == Machines.AnswerKind.Broken ? StepState.Broken
                : StepState.Held,
            Why = step.Why,
        };
}

/// <summary>What became of a step.</summary>
public enum StepState
{
    /// <summary>It showed what it must.</summary>
    Held,

    /// <summary>It showed something else.</summary>
    Violated,

    /// <summary>The machine did not do its job.</summary>
    Broken,

    /// <summary>The run ended before it.</summary>
    NotReached,
}
