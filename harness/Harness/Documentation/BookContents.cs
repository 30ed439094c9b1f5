using Conformance.Harness.Certification;
using Conformance.Harness.Machines;
using Conformance.Harness.Running;
using Conformance.Harness.Vectors;

namespace Conformance.Harness.Documentation;

/// <summary>Everything a book says that is not prose, before it has a format.</summary>
internal sealed record BookContents
{
    /// <summary>Where the results come from.</summary>
    public required MachineIdentity Machine { get; init; }

    public required VectorSet Set { get; init; }

    public required Example WorkedExample { get; init; }

    /// <summary>In the order in which the catalogue first names them.</summary>
    public required IReadOnlyList<Area> Areas { get; init; }

    public required IReadOnlyList<AttachTypeEntry> AttachTypes { get; init; }

    /// <summary>The kernels that have certified cases, the oldest first.</summary>
    public required IReadOnlyList<CertifiedKernel> Kernels { get; init; }

    /// <summary>Cases that some kernel has certified as they are now.</summary>
    public required int CertifiedCases { get; init; }

    public required IReadOnlyList<UncertifiedReason> Uncertified { get; init; }

    public IEnumerable<RuleEntry> Rules => Areas.SelectMany(area => area.Rules);

    /// <summary>Vectors without reproductions.</summary>
    public IEnumerable<Vector> Vectors => Set.Vectors.Where(vector => vector.Kind == VectorKind.Vector);

    /// <summary>Null with at least one problem.</summary>
    public static BookContents? Gather(VectorSet set, CertificationRecord record, List<string> problems)
    {
        using var machine = new ReferenceVirtualMachine();
        var certificates = new RuleCertificates(set, record);
        var examples = new Examples(set, machine, problems);
        var workedExample = examples.Of(Book.WorkedExample);
        var areas = set
            .Rules.Rules.GroupBy(rule => rule.Area, StringComparer.Ordinal)
            .Select(rules =>
                Area.Of(rules.Key, [.. rules.Select(rule => RuleEntry.Of(rule, set, examples, certificates))])
            )
            .ToArray();
        var attachTypes = AttachTypeEntry.All(machine, problems);
        return workedExample is null
            ? null
            : new BookContents
            {
                Machine = machine.Identity,
                Set = set,
                WorkedExample = workedExample,
                Areas = areas,
                AttachTypes = attachTypes,
                Kernels = certificates.Kernels,
                CertifiedCases = certificates.CertifiedCases,
                Uncertified = record.Uncertified,
            };
    }
}
