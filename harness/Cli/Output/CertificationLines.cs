using Conformance.Harness.Certification;
using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;

namespace Conformance.Cli.Output;

/// <summary>On which kernels something is certified, in a line for each. Nothing for vectors that nobody keeps a record of.</summary>
/// <param name="audit">The record; null where there is none.</param>
internal sealed class CertificationLines(VectorSet set, CertificationAudit? audit)
{
    private const string Label = "certified";

    /// <summary>A single case: the kernels, or why there is none.</summary>
    public void Write(Case @case, Paragraphs text)
    {
        if (audit is null)
        {
            return;
        }

        var certificates = audit.CertificatesOf(@case);
        if (certificates.Count == 0)
        {
            WriteReason([@case], text);
        }

        text.Lines(Label, certificates.Select(certificate => $"Linux {certificate.On}, by suite {certificate.Suite}"));
        text.Lines("hash", [CaseHash.Of(@case, set.Rules)]);
    }

    /// <summary>All cases of a vector.</summary>
    public void Write(Vector vector, Paragraphs text) =>
        Write([.. set.Cases.Where(@case => @case.Vector.Id == vector.Id)], _ => true, text);

    /// <summary>All cases that check a rule, on the kernels that it binds: elsewhere a case may hold without saying anything about it.</summary>
    public void Write(Rule rule, Paragraphs text) =>
        Write(
            [.. set.Cases.Where(@case => @case.Vector.Rules.Contains(rule.Id))],
            on =>
                rule.ReasonNotToApply(new MachineIdentity("linux", $"{on.Kernel}", 1) { Kernel = $"{on.Kernel}" })
                    is null,
            text
        );

    private void Write(IReadOnlyList<Case> cases, Func<CertifiedKernel, bool> counts, Paragraphs text)
    {
        if (audit is null || cases.Count == 0)
        {
            return;
        }

        var kernels = cases
            .SelectMany(@case => audit.CertificatesOf(@case).Select(certificate => certificate.On).Distinct())
            .Where(counts)
            .CountBy(on => on)
            .ToDictionary();
        var lines = audit
            .Kernels.Where(kernels.ContainsKey)
            .Select(on => $"Linux {on}: {kernels[on]} of {cases.Count} cases")
            .ToList();
        if (lines.Count == 0)
        {
            WriteReason(cases, text);
        }

        text.Lines(Label, lines);
    }

    private void WriteReason(IReadOnlyList<Case> cases, Paragraphs text)
    {
        var reason = cases.Select(audit!.ReasonFor).FirstOrDefault(reason => reason is not null);
        text.Labelled(Label, $"nowhere: {reason ?? "no reason is written"}");
    }
}
