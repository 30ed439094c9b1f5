using Conformance.Harness.Rules;

namespace Conformance.Harness.Documentation;

/// <summary>What both formats say of a rule.</summary>
internal static class RuleText
{
    public static string Level(Rule rule) =>
        rule.Level == RuleLevel.Core
            ? "every machine that offers the helper"
            : "machines that claim to behave as Linux does";

    public static string Versions(Rule rule) =>
        $"Linux {rule.Since}"
        + (rule.Until is { } until ? $", until {until}" : "")
        + (rule.EndedIn.Count == 0 ? "" : $" ({string.Join(", ", rule.EndedIn)})")
        + (rule.FixedIn.Count == 0 ? "" : $"; also from {string.Join(", ", rule.FixedIn)}");

    public static string Known(Rule rule) =>
        rule.Known == RuleEvidence.Measured ? "measured on a live kernel" : "read in the kernel's source";

    public static string Certified(RuleEntry entry)
    {
        if (entry.Vectors.Count == 0)
            return "no";
        if (entry.Certified.Count == 0)
            return entry.Uncertified is { } reason ? $"nowhere: {reason}" : "not yet";
        return string.Join("; ", entry.Certified.Select(on => $"Linux {on.On}, {on.Cases} of {Cases(entry.Cases)}"));
    }

    public static string NoVector(Rule rule) =>
        rule.NoVector is { } none ? $"{none.Reason} ({none.Kind})" : "No vector has been written.";

    public static string Cases(int count) => count == 1 ? "1 case" : $"{count} cases";
}
