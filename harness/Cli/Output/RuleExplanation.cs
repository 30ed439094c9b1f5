using Conformance.Cli.Selecting;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;
using Conformance.ReferenceVm;

namespace Conformance.Cli.Output;

/// <summary>A rule: what it says, whom it binds, how it is known, and what checks it.</summary>
internal static class RuleExplanation
{
    public static void Write(Rule rule, VectorSet set, CertificationLines certified, Paragraphs text)
    {
        text.Heading($"{rule.Id} (rule)");
        text.Gap();
        text.Labelled("", rule.Sentence);
        text.Gap();
        text.Labelled("why", rule.Why);
        text.Labelled(
            "level",
            rule.Level == RuleLevel.Core
                ? "core: every machine that offers the helper"
                : "linux: machines that claim to behave as Linux does"
        );
        var patches = rule.FixedIn.Count == 0 ? "" : $", and from {string.Join(", ", rule.FixedIn)}";
        text.Labelled("since", $"Linux {rule.Since}{patches}");
        if (rule.Until is { } until)
        {
            text.Labelled("until", $"Linux {until}, from which it holds no more");
        }

        var eras = Behaviour.Profiles.Where(profile => Era.Applies(profile, set.Rules, [rule.Id])).ToArray();
        text.Labelled("eras", eras.Length == 0 ? "none" : string.Join(", ", eras.Select(profile => profile.Name)));

        text.Labelled(
            "known",
            rule.Known == RuleEvidence.Measured ? "measured on a live kernel" : "read in the kernel's source"
        );
        text.Lines("source", rule.Sources);
        var vectors = set.Vectors.Where(vector => vector.Rules.Contains(rule.Id)).ToArray();
        if (vectors.Length == 0)
        {
            text.Labelled("vectors", rule.NoVector is { } none ? $"none ({none.Kind}): {none.Reason}" : "none");
        }

        var label = "vectors";
        foreach (var vector in vectors)
        {
            var cases = set.Cases.Count(@case => @case.Vector.Id == vector.Id);
            text.Labelled(label, $"{vector.Id} ({cases} {(cases == 1 ? "case" : "cases")})");
            text.Labelled("", vector.Title);
            label = "";
        }

        certified.Write(rule, text);
    }
}
