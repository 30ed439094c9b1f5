using Conformance.Harness.Certification;
using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Documentation;

/// <summary>On which kernels the cases of a rule have held.</summary>
internal sealed class RuleCertificates
{
    private readonly CertificationAudit _audit;
    private readonly Dictionary<string, CertifiedKernel[]> _kernels;

    public RuleCertificates(VectorSet set, CertificationRecord record)
    {
        _audit = new CertificationAudit(set, record);
        _kernels = set
            .Cases.Where(@case => @case.Vector.Kind == VectorKind.Vector)
            .AsParallel()
            .Select(@case =>
                (@case.Id, On: _audit.CertificatesOf(@case).Select(certificate => certificate.On).Distinct().ToArray())
            )
            .Where(pair => pair.On.Length > 0)
            .ToDictionary(pair => pair.Id, pair => pair.On, StringComparer.Ordinal);
    }

    public IReadOnlyList<CertifiedKernel> Kernels => _audit.Kernels;

    public int CertifiedCases => _kernels.Count;

    /// <summary>On a kernel that a rule does not bind a case may hold without saying anything about the rule.</summary>
    public IReadOnlyList<CertifiedCases> Of(Rule rule, IReadOnlyList<Case> cases)
    {
        var counts = cases
            .SelectMany(@case => _kernels.GetValueOrDefault(@case.Id) ?? [])
            .Where(on => Binds(rule, on))
            .CountBy(on => on)
            .ToDictionary();
        return [.. Kernels.Where(counts.ContainsKey).Select(on => new CertifiedCases(on, counts[on]))];
    }

    /// <summary>The first reason that one of the cases has for being certified nowhere.</summary>
    public string? ReasonFor(IReadOnlyList<Case> cases) =>
        cases
            .Where(@case => !_kernels.ContainsKey(@case.Id))
            .Select(_audit.ReasonFor)
            .FirstOrDefault(reason => reason is not null);

    private static bool Binds(Rule rule, CertifiedKernel on) =>
        rule.ReasonNotToApply(new MachineIdentity("linux", $"{on.Kernel}", Cpus: 1) { Kernel = $"{on.Kernel}" })
            is null;
}
