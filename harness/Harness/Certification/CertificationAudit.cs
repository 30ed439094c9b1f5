using Conformance.Harness.Machines;
using Conformance.Harness.Rules;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Certification;

/// <summary>Holds a record against the vectors as they are now.</summary>
/// <param name="set">The vectors.</param>
/// <param name="record">The record.</param>
public sealed class CertificationAudit(VectorSet set, CertificationRecord record)
{
    private readonly Dictionary<string, UncertifiedReason> _reasons = record.Uncertified.ToDictionary(
        reason => reason.Id,
        StringComparer.Ordinal
    );

    /// <summary>The kernels of the record, the oldest first.</summary>
    public IReadOnlyList<CertifiedKernel> Kernels { get; } =
    [
        .. record
            .Certificates.Select(certificate => certificate.On)
            .Distinct()
            .OrderBy(on => on.Kernel)
            .ThenBy(on => on.Architecture, StringComparer.Ordinal),
    ];

    /// <summary>The certificates that hold for a case as it is now.</summary>
    public IReadOnlyList<Certificate> CertificatesOf(Case @case)
    {
        var naming = record.Certificates.Where(certificate => certificate.Cases.ContainsKey(@case.Id)).ToArray();
        if (naming.Length == 0)
            return [];
        var hash = CaseHash.Of(@case, set.Rules);
        return [.. naming.Where(certificate => certificate.Cases[@case.Id] == hash)];
    }

    /// <summary>
    /// Why a case that is certified nowhere is so: as somebody wrote, or because its rules hold on none of the kernels of the record. Null
    /// where there is no reason.
    /// </summary>
    public string? ReasonFor(Case @case)
    {
        if ((_reasons.GetValueOrDefault(@case.Id) ?? _reasons.GetValueOrDefault(@case.Vector.Id)) is { } written)
            return written.Reason;
        if (Kernels.Count == 0 || !Kernels.All(kernel => BindsNot(@case, kernel)))
            return null;
        var rules = @case.Vector.Rules.Select(rule => set.Rules[rule]).ToArray();
        var end = Array.TrueForAll(rules, rule => rule.Until is not null)
            ? $" until {rules.Max(rule => rule.Until)}"
            : "";
        return $"its rules hold since Linux {rules.Min(rule => rule.Since)}{end} and not on the certified kernels ({string.Join(", ", Kernels)})";
    }

    /// <summary>The cases that are certified nowhere and have no reason for it.</summary>
    public IReadOnlyList<Case> Unexplained() =>
        [
            .. set
                .Cases.Where(@case => @case.Vector.Kind == VectorKind.Vector)
                .AsParallel()
                .AsOrdered()
                .Where(@case => CertificatesOf(@case).Count == 0 && ReasonFor(@case) is null),
        ];

    /// <summary>Ids in certificates and reasons that are no case (in a reason: nor vector) of the set.</summary>
    public IReadOnlyList<string> UnknownIds()
    {
        var counted = set.Cases.Where(@case => @case.Vector.Kind == VectorKind.Vector).ToArray();
        var cases = counted.Select(@case => @case.Id).ToHashSet(StringComparer.Ordinal);
        var vectors = counted.Select(@case => @case.Vector.Id).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. record
                .Certificates.SelectMany(certificate => certificate.Cases.Keys.Where(id => !cases.Contains(id)))
                .Concat(_reasons.Keys.Where(id => !cases.Contains(id) && !vectors.Contains(id)))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Reasons whose cases are all certified, so that there is nothing left to give a reason for.</summary>
    public IReadOnlyList<UncertifiedReason> StaleReasons() =>
        [
            .. record.Uncertified.Where(reason =>
                set.Cases.Where(@case => CertificationMerge.Covers(reason, @case.Id)).ToArray() is { Length: > 0 } named
                && named.All(@case => CertificatesOf(@case).Count > 0)
            ),
        ];

    private bool BindsNot(Case @case, CertifiedKernel on)
    {
        var identity = new MachineIdentity("linux", $"{on.Kernel}", Cpus: 1) { Kernel = $"{on.Kernel}" };
        return @case.Vector.Rules.All(rule => set.Rules[rule].ReasonNotToApply(identity) is not null);
    }
}
