using System.Text.RegularExpressions;
using Conformance.Harness.Machines;
using Conformance.ReferenceVm;

namespace Conformance.Harness.Fuzzing;

/// <summary>What a machine said to a program: accepted, or why not.</summary>
/// <param name="Accepted">Whether it may run.</param>
/// <param name="Errno">The error of a refusal.</param>
/// <param name="Message">The line of the log that gives the reason.</param>
/// <param name="Instruction">The slot of the instruction it was looking at, where the log shows one; else -1.</param>
public sealed partial record LoadVerdict(bool Accepted, Errno Errno, string Message, int Instruction)
{
    /// <summary>No verdict: the machine did not come to one.</summary>
    public static LoadVerdict None { get; } = new(Accepted: false, Errno.None, "", -1);

    /// <summary>Reads a machine's answer to a load.</summary>
    public static LoadVerdict Of(Answer answer)
    {
        if (answer.Kind == AnswerKind.Ok)
        {
            return new LoadVerdict(Accepted: true, Errno.None, "", -1);
        }

        if (answer.Kind != AnswerKind.Refused)
        {
            return None;
        }

        var lines = (answer.Message ?? "").Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0);
        var (message, instruction) = ("", -1);
        foreach (var line in lines.Where(line => !Statistics().IsMatch(line)))
        {
            if (Step().Match(line) is { Success: true } step)
            {
                instruction = int.Parse(
                    step.Groups["slot"].ValueSpan,
                    System.Globalization.CultureInfo.InvariantCulture
                );
            }

            message = line;
        }

        return new LoadVerdict(Accepted: false, answer.Errno, message, instruction);
    }

    /// <summary>The message without its numbers: what refusals are counted by.</summary>
    public string Cause => Accepted ? "accepted" : $"{Errno} {CauseText.Of(Message)}";

    /// <inheritdoc/>
    public override string ToString() =>
        Accepted ? "accepted"
        : this == None ? "no verdict"
        : $"refused at {Instruction}, {Errno}: {Message}";

    // What the kernel prints behind the reason.
    [GeneratedRegex(
        "^(?:processed \\d|verification time |stack depth |max_states|mark_precise: |func#)",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Statistics();

    [GeneratedRegex("^(?<slot>\\d+): \\(", RegexOptions.NonBacktracking)]
    private static partial Regex Step();
}
