using Conformance.Harness.Vectors;

namespace Conformance.Harness.Running;

/// <summary>Expectations as text, for failures.</summary>
internal static class ExpectationText
{
    public static string Of(IsRefused refused)
    {
        var errno = refused.Errno is { } number ? $" with {number}" : "";
        var message = refused.Message is { } text ? $" saying \"{text}\"" : "";
        return $"refused at load{errno}{message}";
    }

    /// <summary>What is demanded of a number, each name with what it is bound to.</summary>
    public static string Of(NumberExpectation expected, IReadOnlyDictionary<string, ulong> bindings)
    {
        var demands = new List<string>();
        if (expected.EqualTo is { } equal)
            demands.Add($"= {Term(equal, bindings)}");
        if (expected.Not.Count > 0)
            demands.Add($"other than {string.Join(", ", expected.Not.Select(term => Term(term, bindings)))}");
        if (expected.Min is { } min)
            demands.Add($">= {NumberText.Of(min)}");
        if (expected.Max is { } max)
            demands.Add($"<= {NumberText.Of(max)}");
        if (expected.Aligned is { } aligned)
            demands.Add($"a multiple of {NumberText.Of(aligned)}");
        return string.Join(" and ", demands);
    }

    private static string Term(NumberTerm term, IReadOnlyDictionary<string, ulong> bindings)
    {
        if (term.Name is null)
            return NumberText.Of(term.Value);
        return bindings.TryGetValue(term.Name, out var bound)
            ? $"@{term.Name} ({NumberText.Of(bound)})"
            : $"@{term.Name} (never bound)";
    }
}
