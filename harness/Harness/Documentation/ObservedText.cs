using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Documentation;

/// <summary>
/// An answer for reading. Numbers that a rule fixes are shown as they were observed; addresses and whatever else may differ from run to run are shown by what
/// was found of them: their name, or the one they equal.
/// </summary>
internal static class ObservedText
{
    public static IReadOnlyList<string> Of(Step step, Answer answer)
    {
        var fields = step
            .Expectations.SelectMany(expectation => expectation.Conditions)
            .OfType<ValueHas>()
            .SelectMany(value => value.Fields)
            .ToArray();
        if (answer.Value is { } value)
        {
            return fields.Length == 0
                ? [$"{value.Length} bytes"]
                : [.. fields.Select(field => Of(field, value)).Distinct(StringComparer.Ordinal)];
        }

        var returned = step
            .Expectations.SelectMany(expectation => expectation.Conditions)
            .OfType<ReturnValueIs>()
            .FirstOrDefault();
        if (answer.ReturnValue is { } r0 && returned is not null)
            return [$"R0 {Of(returned.Number, r0)}"];
        return [step.Operation is ProgLoad && answer.Kind == AnswerKind.Ok ? "loaded" : AnswerText.Of(answer)];
    }

    private static string Of(ExpectedField field, byte[] value)
    {
        var bytes = value.AsSpan(field.Position, field.Width);
        if (field.Number is not { } number)
            return $"{field.Text} = {HexText.Of(bytes)}";
        ulong observed = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
            observed = observed << 8 | bytes[i];
        return $"{field.Text} {Of(number, observed)}";
    }

    private static string Of(NumberExpectation expected, ulong observed)
    {
        var found = new List<string>();
        if (expected.EqualTo is { } equal)
            found.Add(equal.Name is null ? $"= {NumberText.Of(observed)}" : $"= {equal}");
        if (expected.Bind is { } name)
            found.Add($"= @{name}");
        if (expected.Not.Count > 0)
            found.Add($"≠ {string.Join(", ", expected.Not)}");
        if (expected.Min is { } min)
            found.Add($"≥ {NumberText.Of(min)}");
        if (expected.Max is { } max)
            found.Add($"≤ {NumberText.Of(max)}");
        if (expected.Aligned is { } aligned)
            found.Add($"a multiple of {NumberText.Of(aligned)}");
        return string.Join(", ", found);
    }
}
