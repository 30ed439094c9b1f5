using Conformance.Harness.Certification;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Documentation;

/// <summary>A rule with all that is known of it.</summary>
/// <param name="Example">Its most telling vector as it ran; null for a rule without vectors.</param>
/// <param name="Vectors">What checks it, with the number of cases; the example's vector first.</param>
/// <param name="Certified">How many of these cases held on which kernel, of the kernels that the rule binds.</param>
/// <param name="Uncertified">Why there is no such kernel, where somebody has said so.</param>
internal sealed record RuleEntry(
    Rule Rule,
    Example? Example,
    IReadOnlyList<CheckingVector> Vectors,
    IReadOnlyList<CertifiedCases> Certified,
    string? Uncertified
)
{
    public int Cases => Vectors.Sum(vector => vector.Cases);

    public static RuleEntry Of(Rule rule, VectorSet set, Examples examples, RuleCertificates certificates)
    {
        var vectors = ExampleChoice.Ranked(rule, set);
        var cases = vectors.SelectMany(vector => set.Cases.Where(@case => @case.Vector == vector)).ToArray();
        return new RuleEntry(
            rule,
            vectors.Count == 0 ? null : examples.Of(vectors[0].Id),
            [.. vectors.Select(vector => new CheckingVector(vector, cases.Count(@case => @case.Vector == vector)))],
            certificates.Of(rule, cases),
            certificates.ReasonFor(cases)
        );
    }
}

/// <summary>A vector that checks a rule.</summary>
internal sealed record CheckingVector(Vector Vector, int Cases);

/// <summary>How many cases held on a kernel.</summary>
internal sealed record CertifiedCases(CertifiedKernel On, int Cases);
