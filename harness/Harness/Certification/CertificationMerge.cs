namespace Conformance.Harness.Certification;

/// <summary>What a record becomes by a run, and by the vectors having changed.</summary>
internal static class CertificationMerge
{
    public static CertificationRecord Prune(CertificationRecord record, IReadOnlyDictionary<string, string> hashes)
    {
        Certificate[] certificates =
        [
            .. record
                .Certificates.Select(certificate => Keep(certificate, held => IsCurrent(held, hashes)))
                .Where(certificate => certificate.Cases.Count > 0),
        ];
        var certified = certificates
            .SelectMany(certificate => certificate.Cases.Keys)
            .ToHashSet(StringComparer.Ordinal);
        return new CertificationRecord(
            certificates,
            [.. record.Uncertified.Where(reason => IsOpen(reason, certified, hashes.Keys))]
        );
    }

    public static CertificationRecord Add(
        CertificationRecord record,
        Certificate run,
        IReadOnlySet<string> failed,
        IReadOnlyDictionary<string, string> hashes
    )
    {
        var before = record
            .Certificates.Select(certificate =>
                certificate.On == run.On
                    ? Keep(certificate, held => IsCurrent(held, hashes) && !failed.Contains(held.Key))
                    : certificate
            )
            .ToList();
        var known = before
            .Where(certificate => certificate.On == run.On)
            .SelectMany(certificate => certificate.Cases.Keys)
            .ToHashSet(StringComparer.Ordinal);
        // What is certified already stays with the suite that did it first: certifying again changes no line.
        var added = run.Cases.Where(held => IsCurrent(held, hashes) && !known.Contains(held.Key));
        var same = before.FindIndex(certificate => (certificate.On, certificate.Suite) == (run.On, run.Suite));
        if (same < 0)
            before.Add(run with { Cases = added.ToDictionary(StringComparer.Ordinal) });
        else
            before[same] = run with { Cases = before[same].Cases.Concat(added).ToDictionary(StringComparer.Ordinal) };
        return Prune(record with { Certificates = before }, hashes);
    }

    /// <summary>Whether a reason still stands for a case that nothing certifies.</summary>
    public static bool IsOpen(UncertifiedReason reason, HashSet<string> certified, IEnumerable<string> cases) =>
        cases.Any(id => Covers(reason, id) && !certified.Contains(id));

    /// <summary>Whether the reason is for this case: it names it, or its vector.</summary>
    public static bool Covers(UncertifiedReason reason, string @case) =>
        @case.StartsWith(reason.Id, StringComparison.Ordinal)
        && (@case.Length == reason.Id.Length || @case[reason.Id.Length] == '@');

    private static Certificate Keep(Certificate certificate, Func<KeyValuePair<string, string>, bool> keep) =>
        certificate with
        {
            Cases = certificate.Cases.Where(keep).ToDictionary(StringComparer.Ordinal),
        };

    private static bool IsCurrent(KeyValuePair<string, string> held, IReadOnlyDictionary<string, string> hashes) =>
        hashes.TryGetValue(held.Key, out var hash) && hash == held.Value;
}
