using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Reporting;

/// <summary>What a step expects, before anything ran, one line a condition: <c>u64 at 0 = @first</c>.</summary>
public static class StepText
{
    /// <summary>The lines of an expectation.</summary>
    public static IEnumerable<string> Of(Expectation expectation) =>
        expectation.Conditions.Count == 0 ? ["success"] : expectation.Conditions.SelectMany(Of);

    private static IEnumerable<string> Of(Condition condition) =>
        condition switch
        {
            ErrnoIs errno => [$"failure with {errno.Errno}"],
            OutcomeIs outcome => [$"the event to be {AnswerText.Of(outcome.Outcome)}"],
            IsRefused refused => [ExpectationText.Of(refused)],
            IsForbidden => ["refused at load, or stopped at the call"],
            IsTrapped => ["the run to be stopped"],
            IsExhausted => ["the run to use up its budget"],
            ValueHas value => value.Fields.Select(Of),
            SizeIs size => [$"a value of {size.Bytes} bytes"],
            KeyIs key => [$"the key {OperationText.Of(key.Key)}{(key.ComparePadding ? ", padding included" : "")}"],
            ReturnValueIs returned => [$"return value {Of(returned.Number)}"],
            ProgramsAre programs => [$"the programs {List(programs.Programs)}"],
            AttachFlagsAre flags => [$"attach flags 0x{flags.Flags:x}"],
            _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "a condition without words"),
        };

    private static string Of(ExpectedField field) =>
        field.Number is { } number
            ? $"{field.Text} {Of(number)}"
            : $"{field.Text} = {Convert.ToHexStringLower(field.Bytes.AsSpan())}";

    private static string Of(NumberExpectation number)
    {
        var parts = new List<string>();
        if (number.EqualTo is { } equal)
            parts.Add($"= {equal}");
        if (number.Not.Count > 0)
            parts.Add($"other than {string.Join(", ", number.Not)}");
        if (number.Min is { } min)
            parts.Add($">= {NumberText.Of(min)}");
        if (number.Max is { } max)
            parts.Add($"<= {NumberText.Of(max)}");
        if (number.Aligned is { } aligned)
            parts.Add($"a multiple of {NumberText.Of(aligned)}");
        if (number.Bind is { } name)
            parts.Add($"remembered as @{name}");
        return string.Join(", ", parts);
    }

    private static string List(IReadOnlyList<string> names) => names.Count == 0 ? "(none)" : string.Join(", ", names);
}
