using Conformance.Harness.Machines;

namespace Conformance.Harness.Running;

/// <summary>Answers as one line of text, for reports.</summary>
public static class AnswerText
{
    /// <summary>The text of an answer; of a long message only the line that decides.</summary>
    public static string Of(Answer answer) =>
        answer.Kind switch
        {
            AnswerKind.Ok => OfSuccess(answer),
            AnswerKind.Failed => $"{answer.Errno}{Because(answer)}",
            AnswerKind.Refused => $"refused at load with {answer.Errno}{Because(answer)}",
            AnswerKind.Trapped => $"the run was stopped{Because(answer)}",
            AnswerKind.Exhausted => $"the run used up its budget{Because(answer)}",
            AnswerKind.Unsupported => $"not supported{Because(answer)}",
            _ => $"the machine is broken{Because(answer)}",
        };

    /// <summary>The text of an event's end.</summary>
    public static string Of(EventOutcome outcome) =>
        outcome switch
        {
            EventOutcome.Completed => "completed",
            EventOutcome.Denied => "denied",
            _ => "dropped",
        };

    private static string OfSuccess(Answer answer)
    {
        if (answer.Outcome is { } outcome)
            return outcome == EventOutcome.Denied ? $"denied with {answer.Errno}" : Of(outcome);
        if (answer.Value is { } value)
            return $"value {HexText(value)}";
        if (answer.Key is { } key)
            return $"key {Vectors.OperationText.Of(key)}";
        if (answer.Programs is { } programs)
            return $"programs [{string.Join(", ", programs)}]";
        return answer.ReturnValue is { } r0 ? $"R0 = {r0}" : "success";
    }

    private static string HexText(byte[] value) => Vectors.HexText.Of(value);

    private static string Because(Answer answer) =>
        DecidingLine(answer.Message) is { Length: > 0 } line ? $": {line}" : "";

    // The verifier says why in the last line before its statistics.
    private static string DecidingLine(string? message) =>
        message
            ?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault(line => !line.StartsWith("processed ", StringComparison.Ordinal))
        ?? "";
}
